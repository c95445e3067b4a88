"""The top of the rating view: where one stands, the question, the first turn's question folded above it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from mtbx_gui.annotation.card import Card, Progress
from mtbx_gui.ui.annotate.fold import FirstTurnFold
from mtbx_gui.ui.annotate.words import choice_words
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import scaled_font, unit
from mtbx_gui.ui.widgets.answer_view import AnswerView
from mtbx_gui.ui.widgets.key_button import KeyButton
from mtbx_gui.ui.widgets.panel import Line, Panel, icon_button

HIGHEST_SHARE = 0.24
FIRST_SHARE = 0.14
"""A question, and the first turn's one above it, take at most this share of the window's height."""
MEASURED = 3000
"""Longer questions (in characters) get the whole share without being laid out first."""


class QuestionPanel(Panel):
    """Heading with progress, a way back while an earlier vote is changed, and the question."""

    back_wanted = Signal()
    pause_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        step = unit(self)
        self.setObjectName("annotate_question_panel")
        self.column.setContentsMargins(0, step // 2, 0, 0)
        self.column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(step, 0, step, 0)
        head.setSpacing(step)
        title = QLabel(tr("Question"), self)
        title.setFont(scaled_font(self, 1.1, bold=True))
        self.fold = FirstTurnFold("annotate_turn1_question", self)
        self.fold.toggled.connect(self._unfold)
        self.revising = QLabel(self)
        self.revising.setObjectName("annotate_revising")
        self.revising.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.back = KeyButton(tr("Back to where I was"), "Esc", self)
        self.back.setObjectName("annotate_back")
        self.back.setProperty("flat", True)
        kept = self.back.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.back.setSizePolicy(kept)
        self.back.clicked.connect(lambda _checked=False: self.back_wanted.emit())
        self.where = QLabel(self)
        self.where.setObjectName("annotate_where")
        self.where.setProperty("muted", True)
        self.pause = icon_button("pause", tr("Pause and go back to the start; everything is saved"), self)
        self.pause.setObjectName("annotate_pause")
        self.pause.clicked.connect(lambda _checked=False: self.pause_wanted.emit())
        head.addWidget(title)
        head.addWidget(self.fold, 2)
        head.addWidget(self.revising, 1)
        head.addWidget(self.back)
        head.addWidget(self.where)
        head.addWidget(self.pause)
        self.column.addLayout(head)
        self.first_turn = AnswerView(self)
        self.first_turn.setObjectName("annotate_first_question")
        self.first_turn.setAccessibleName(tr("Question of the first turn"))
        self.question = AnswerView(self)
        self.question.setObjectName("annotate_question")
        self.question.setAccessibleName(tr("Question"))
        self._line = Line(self)
        for widget in (self.first_turn, self._line, self.question):
            self.column.addWidget(widget)
        self._first_text = ""
        self._show_first(None)

    def show_card(self, card: Card, progress: Progress, revising: bool) -> None:
        """Show a card's question, place and progress."""
        parts = [
            tr("Turn {turn} of {turns}", turn=card.place.turn, turns=card.turns),
            tr("{number} of {pairs}", number=card.place.number, pairs=card.pairs),
        ]
        if progress.pace is not None:
            parts.append(tr("~{seconds} s each", seconds=max(1, round(progress.pace))))
        self.where.setText(" · ".join(parts))
        rated = tr("{voted} of {turns} turns rated", voted=progress.voted, turns=progress.turns)
        self.where.setToolTip(rated + ", " + tr("{skipped} skipped", skipped=progress.skipped))
        self.back.setVisible(revising)
        self.revising.setVisible(revising)
        given = choice_words(card.given) if card.given else ""
        self.revising.setText(tr("Your vote: {choice}", choice=given) if revising else "")
        self.question.show_text(card.questions[-1])
        self._show_first(card.questions[0] if len(card.questions) > 1 else None)
        self.fit()

    def _show_first(self, text: str | None) -> None:
        self._first_text = text or ""
        self.fold.setVisible(text is not None)
        if text is None:
            self.first_turn.hide()
            self._line.hide()
        else:
            self.fold.preview.show_text(text)
            self._unfold(self.fold.is_open())

    def _unfold(self, open_: bool) -> None:
        if open_:
            self.first_turn.show_text(self._first_text)
        self.first_turn.setVisible(open_)
        self._line.setVisible(open_)
        self.fit()

    def fit(self) -> None:
        """Give each question its height, up to a share of the view's."""
        for view, share in ((self.question, HIGHEST_SHARE), (self.first_turn, FIRST_SHARE)):
            most = wanted = max(round(self.window().height() * share), 4 * unit(self))
            if len(view.text()) <= MEASURED:
                view.finish()
                wanted = round(view.document().size().height()) + 2
            view.setFixedHeight(min(wanted, most))
