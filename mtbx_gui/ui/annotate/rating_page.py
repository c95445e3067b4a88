"""The rating view: question, two answers, five choices. It shows a session's card and forwards keys."""

import math
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractSlider, QHBoxLayout, QVBoxLayout, QWidget

from mtbx_gui.annotation.card import Place
from mtbx_gui.annotation.guideline import rating_guideline
from mtbx_gui.annotation.session import RatingSession
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.study.records import Displayed
from mtbx_gui.ui.annotate.ahead import Ahead
from mtbx_gui.ui.annotate.answer_pane import AnswerPane
from mtbx_gui.ui.annotate.card_view import CardView
from mtbx_gui.ui.annotate.page_keys import bind, confine
from mtbx_gui.ui.annotate.past_votes import PastVotes
from mtbx_gui.ui.annotate.question_panel import QuestionPanel
from mtbx_gui.ui.annotate.support_panel import SupportPanel
from mtbx_gui.ui.annotate.vote_bar import VoteBar
from mtbx_gui.ui.annotate.words import choice_words
from mtbx_gui.ui.context import StudyContext
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.key_button import KeyButton

T = TypeVar("T")

GUARD_SECONDS = 0.3
"""After a new card was painted, choices are taken only this much later: a double press can't vote twice."""

LINES_PER_STEP = 3
SCROLL_KEYS = {
    "Up": QAbstractSlider.SliderAction.SliderSingleStepSub,
    "Down": QAbstractSlider.SliderAction.SliderSingleStepAdd,
    "PgUp": QAbstractSlider.SliderAction.SliderPageStepSub,
    "PgDown": QAbstractSlider.SliderAction.SliderPageStepAdd,
}
_SIGNS_OF_LIFE = frozenset(
    (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.KeyPress)
)


class RatingPage(QWidget):
    """Shows the session handed to `rate`; says when votes were stored and where the person wants to go."""

    votes_stored = Signal()
    all_rated = Signal()
    overview_wanted = Signal()
    pause_wanted = Signal()

    def __init__(
        self, context: StudyContext, clock: Callable[[], float], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("annotate_rating")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._context = context
        self._clock = clock
        self._session: RatingSession | None = None
        self._unpainted: set[CardView] = set()
        self._ready_at = math.inf
        self._news = False
        self._build()
        self._ahead = Ahead(context.tasks, self.left.answer, self.right.answer)
        self._connect()

    def _build(self) -> None:
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(step, step, step, step)
        column.setSpacing(step)
        self.question = QuestionPanel(self)
        column.addWidget(self.question)
        answers = QHBoxLayout()
        answers.setSpacing(step)
        self.left = AnswerPane("A", "first", self)
        self.right = AnswerPane("B", "second", self)
        answers.addWidget(self.left, 1)
        answers.addWidget(self.right, 1)
        column.addLayout(answers, 1)
        self.support = SupportPanel(self)
        column.addWidget(self.support)
        tools = QHBoxLayout()
        tools.setSpacing(step)
        self.reference = self._switch(f"▸ {tr('Reference')}", "R", "annotate_reference")
        self.instruction = self._switch(f"▸ {tr('Instruction')}", "I", "annotate_instruction")
        self.raw = self._switch(tr("Raw text"), "M", "annotate_raw", "raw")
        self.comment = self._switch(tr("Comment"), "Ctrl+Enter", "annotate_comment", "comment")
        self.comment.setCheckable(False)
        for button in (self.reference, self.instruction, self.raw, self.comment):
            tools.addWidget(button)
        tools.addStretch(1)
        self.past = PastVotes(self)
        tools.addWidget(self.past)
        self.overview = self._switch(tr("My votes"), "V", "annotate_overview", "history")
        self.overview.setCheckable(False)
        tools.addWidget(self.overview)
        column.addLayout(tools)
        self.bar = VoteBar(self)
        column.addWidget(self.bar)

    def _switch(self, text: str, key: str, name: str, icon_name: str = "") -> KeyButton:
        button = KeyButton(text, key, self, icon_name=icon_name)
        button.setObjectName(name)
        button.setProperty("flat", True)
        button.setCheckable(True)
        return button

    def _connect(self) -> None:
        self.bar.chosen.connect(self.vote)
        self.bar.undo_wanted.connect(self.undo)
        self.reference.toggled.connect(self._show_reference)
        self.instruction.toggled.connect(self._show_instruction)
        self.raw.toggled.connect(self._set_raw)
        self.comment.clicked.connect(self._toggle_comment)
        self.overview.clicked.connect(lambda _checked=False: self.overview_wanted.emit())
        self.past.chosen.connect(self.revise)
        self.question.back_wanted.connect(self.go_back)
        self.question.pause_wanted.connect(self.pause_wanted)
        self.support.comment_changed.connect(self._comment_changed)
        self.support.comment_left.connect(self.take_focus)
        for pane in (self.left, self.right):
            pane.answer.painted.connect(partial(self._painted, pane.answer))
            pane.answer.viewport().setMouseTracking(True)
        for fold in (self.left.fold, self.right.fold, self.question.fold):
            fold.toggled.connect(self._unfold)
        for view in (self.left.answer, self.right.answer, self.question.question):
            view.viewport().installEventFilter(self)
        for button in (
            *self.bar.buttons.values(),
            *(self.bar.undo, self.reference, self.instruction, self.raw, self.comment, self.overview),
            self.question.back,
        ):
            confine(self, button)
        for keys, action in SCROLL_KEYS.items():
            bind(self, keys, partial(self._scroll, action), repeats=True)
        bind(self, "Ctrl+Return", self._toggle_comment)
        bind(self, "Ctrl+Shift+Z", self.redo)
        bind(self, "Ctrl+Y", self.redo)
        bind(self, "E", lambda: self._unfold(not self.left.fold.is_open()))

    # what the tab asks for

    def rate(self, session: RatingSession) -> None:
        """Show this session from now on."""
        self._session = session
        self.support.set_instruction(rating_guideline(session.language))
        self.show_card()
        self.take_focus()

    @property
    def accepts_votes(self) -> bool:
        """Whether a choice would count now: the card was painted, and 300 ms have passed since."""
        return (
            self._session is not None and self._session.card is not None and self._clock() >= self._ready_at
        )

    def show_card(self) -> None:
        """Show the session's card, or say that all is rated."""
        session = self._session
        if session is None:
            return
        card = session.card
        self._ready_at = math.inf
        if card is None:
            self._tell_news()
            self.all_rated.emit()
            return
        self._unpainted = {self.left.answer, self.right.answer}
        self.question.show_card(card, session.progress, session.revising)
        self.left.show_turns(card.answer_a)
        self.right.show_turns(card.answer_b)
        self.support.show_card(card)
        self.reference.setEnabled(self.support.has_reference())
        self.past.show_votes(session.given(5))
        self.bar.show_state(card.given, session.can_undo)
        for pane in (self.left, self.right):
            pane.answer.viewport().update()

    def take_focus(self) -> None:
        """Put the focus into the page, where the keys are choices."""
        self.left.answer.setFocus(Qt.FocusReason.OtherFocusReason)

    # what the person does

    def vote(self, displayed: Displayed) -> None:
        """Store a choice and show the next card; too soon after a new card it does nothing."""
        session = self._session
        if session is None:
            return
        if not self.accepts_votes:
            self._sync_choices()
            return
        try:
            session.vote(displayed)
        except MtbxError as problem:
            self._context.notices.error(problem)
            self._sync_choices()
            return
        self._after(tr("Stored: {choice}", choice=choice_words(displayed)))
        self.take_focus()

    def undo(self) -> None:
        """Take the newest vote back."""
        if self._session is not None and self._try(self._session.undo) is not None:
            self._after(tr("Taken back"))

    def redo(self) -> None:
        """Give the vote that was taken back last once more."""
        if self._session is not None and self._try(self._session.redo) is not None:
            self._after(tr("Stored again"))

    def revise(self, place: Place) -> None:
        """Call an earlier vote back."""
        if self._session is not None:
            self._try(partial(self._session.revise, place))
            self.show_card()
            self.take_focus()

    def go_back(self) -> None:
        """Leave a called-back vote as it is."""
        if self._session is not None and self._session.revising:
            self._try(self._session.go_back)
            self.show_card()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The question and the folds follow the window's size."""
        super().resizeEvent(event)
        self.question.fit()
        self.support.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Signs of life in the reading views."""
        if event.type() in _SIGNS_OF_LIFE and self._session is not None:
            self._session.touch()
        return False

    # inside

    def _try(self, act: Callable[[], T]) -> T | None:
        try:
            return act()
        except MtbxError as problem:
            self._context.notices.error(problem)
            return None

    def _after(self, said: str) -> None:
        self._news = True
        self.show_card()
        self.bar.say(said)

    def _painted(self, view: CardView) -> None:
        """The card is on the screen: the guard runs from now on, and the next card can be prepared."""
        if not self._unpainted:
            return
        self._unpainted.discard(view)
        if not self._unpainted:
            self._ready_at = self._clock() + GUARD_SECONDS
            QTimer.singleShot(0, self, self._idle)

    def _idle(self) -> None:
        self._tell_news()
        upcoming = self._session.upcoming() if self._session is not None else None
        if upcoming is not None and not self.raw.isChecked():
            self._ahead.prepare(upcoming)

    def _tell_news(self) -> None:
        if self._news:
            self._news = False
            self.votes_stored.emit()

    def _sync_choices(self) -> None:
        card = self._session.card if self._session is not None else None
        if self._session is not None and card is not None:
            self.bar.show_state(card.given, self._session.can_undo)

    def _scroll(self, action: QAbstractSlider.SliderAction) -> None:
        for pane in (self.left, self.right):
            scroll = pane.answer.verticalScrollBar()
            scroll.setSingleStep(pane.answer.fontMetrics().lineSpacing() * LINES_PER_STEP)
            scroll.triggerAction(action)
        if self._session is not None:
            self._session.touch()

    def _unfold(self, open_: bool) -> None:
        for fold in (self.left.fold, self.right.fold, self.question.fold):
            fold.set_open(open_)

    def _show_reference(self, shown: bool) -> None:
        self.reference.set_label(f"{'▾' if shown else '▸'} {tr('Reference')}")
        self.support.reference.setVisible(shown)

    def _show_instruction(self, shown: bool) -> None:
        self.instruction.set_label(f"{'▾' if shown else '▸'} {tr('Instruction')}")
        self.support.instruction.setVisible(shown)

    def _set_raw(self, raw: bool) -> None:
        self._ahead.forget()
        for pane in (self.left, self.right):
            pane.set_raw(raw)

    def _toggle_comment(self) -> None:
        if self.support.comment.hasFocus():
            self.support.close_comment()
        else:
            self.support.open_comment()

    def _comment_changed(self, text: str) -> None:
        if self._session is not None and self._session.card is not None:
            self._session.set_comment(text)
            self._session.touch()
