"""Tab 4: blind, side-by-side rating. It opens sessions, shows the page they call for, tells of votes."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from PySide6.QtCore import QEvent
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from mtbx_gui.annotation.pairing import Offer, model_pairs, offers
from mtbx_gui.annotation.session import RatingError, RatingSession
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.study.study import Study
from mtbx_gui.study.votes import votes
from mtbx_gui.ui.annotate.card_view import Look, html_pieces
from mtbx_gui.ui.annotate.done_page import DonePage
from mtbx_gui.ui.annotate.overview_page import OverviewPage
from mtbx_gui.ui.annotate.rating_page import RatingPage
from mtbx_gui.ui.annotate.start_page import Begin, StartPage
from mtbx_gui.ui.context import Change, StudyContext, Target
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.tab import Tab
from mtbx_gui.ui.widgets.empty_state import EmptyState


@dataclass(frozen=True)
class _Found:
    """What there is to rate and what was rated, by (annotator, language)."""

    offers: list[Offer]
    done: dict[tuple[str, str], int]


class AnnotateTab(Tab):
    """Start page, rating, the annotator's own votes, and the end; one session at a time."""

    title: ClassVar[str] = "Annotate"
    icon: ClassVar[str] = "annotate"
    KEYS: ClassVar[list[tuple[str, str]]] = [
        ("A, 1, ←", "A is better"),
        ("B, 2, →", "B is better"),
        ("T, 3", "Tie"),
        ("X, 4", "Both bad"),
        ("S, 5", "Skip; it waits until the end"),
        ("Ctrl+Z", "Take the last vote back, as often as you like"),
        ("Ctrl+Shift+Z, Ctrl+Y", "Give it again"),
        ("Ctrl+Enter", "Comment on this vote"),
        ("↑ ↓ PgUp PgDn", "Scroll both answers"),
        ("E", "Show or hide the first turn"),
        ("R", "Show or hide the reference"),
        ("I", "Show or hide the instruction"),
        ("M", "Raw text"),
        ("V", "My votes, to change one"),
        ("Esc", "Leave the comment, the overview or a vote that was called back"),
    ]

    def __init__(self, context: StudyContext, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(context)
        self.setObjectName("annotate_tab")
        self._clock = clock
        self._session: RatingSession | None = None
        self._begun: Begin | None = None
        self._stale = False
        self.start = StartPage(self)
        self.rating = RatingPage(context, clock, self)
        self.done = DonePage(self)
        self.overview = OverviewPage(self)
        self.empty = EmptyState(
            tr("Nothing to rate yet: two models must have answered the same questions in one language."),
            tr("Generate or import answers"),
            lambda: context.go(Target("tab", "runs")),
            "annotate",
            self,
        )
        self._blank = QLabel(self)
        self._stack = QStackedLayout(self)
        for page in (self._blank, self.start, self.rating, self.done, self.overview, self.empty):
            self._stack.addWidget(page)
        self.start.begin.connect(self.begin)
        self.rating.votes_stored.connect(lambda: context.announce({"votes"}, self))
        self.rating.all_rated.connect(self._show_done)
        self.rating.overview_wanted.connect(self._show_overview)
        self.rating.pause_wanted.connect(self.pause)
        self.done.overview_wanted.connect(self._show_overview)
        self.done.skipped_wanted.connect(self._revisit_skipped)
        self.done.undo_wanted.connect(self._undo_from_done)
        self.done.leave_wanted.connect(self.pause)
        self.overview.chosen.connect(self._revise)
        self.overview.left.connect(self._back_to_rating)
        context.changed.connect(self._on_change)

    # the window

    def activate(self) -> None:
        """The tab comes to the front."""
        if self._session is None:
            self._look_for_pairs()
        elif self._stale and self._begun is not None:
            self._save()
            self.begin(self._begun)
        elif self._stack.currentWidget() is self.rating:
            self.rating.take_focus()
        self._presence()

    def leave(self) -> None:
        """Write down what is no vote yet; time stands still. Raises StudyError when it can't be written."""
        if self._session is not None:
            self._session.away()
            self._session.flush()

    def changeEvent(self, event: QEvent) -> None:
        """Time stands still while another window is in front."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._presence()

    def showEvent(self, event: QShowEvent) -> None:
        """The tab can be seen."""
        super().showEvent(event)
        self._presence()

    def hideEvent(self, event: QHideEvent) -> None:
        """The tab can't be seen."""
        super().hideEvent(event)
        self._presence()

    @property
    def accepts_votes(self) -> bool:
        """Whether a choice would count now (a card is painted, the guard is over)."""
        return self._stack.currentWidget() is self.rating and self.rating.accepts_votes

    @property
    def session(self) -> RatingSession | None:
        """The session being rated, if any."""
        return self._session

    # steps

    def begin(self, choice: Begin) -> None:
        """Put the pairs in this annotator's order, in the background, and rate where they left off."""
        study, clock = self.context.study, self._clock
        look = self.rating.left.answer.look()
        self.start.set_busy(True)

        def open_session() -> RatingSession:
            return open_warm(study, choice, clock, look)

        self._begun = choice
        self.context.tasks.run(open_session, self._opened, self._not_opened)

    def pause(self) -> None:
        """Back to the start page; everything is saved."""
        self._save()
        self._session = None
        self._look_for_pairs()

    def _opened(self, session: RatingSession) -> None:
        self._session = session
        self._stale = False
        self._remember()
        self.start.hide_models()
        self.start.set_busy(False)
        self._back_to_rating()
        self._presence()

    def _not_opened(self, problem: Exception) -> None:
        if isinstance(problem, RatingError):
            self.start.complain(f"{problem} {problem.next_step}")
            self._show(self.start)
            return
        self.start.set_busy(False)
        self.context.notices.error(problem)

    def _look_for_pairs(self) -> None:
        study = self.context.study

        def look() -> _Found:
            done = Counter((vote.annotator, vote.language) for vote in votes(study))
            return _Found(offers(study), dict(done))

        self.context.tasks.run(look, self._found)

    def _found(self, found: _Found) -> None:
        if self._session is not None:
            return
        self._show(self.start if found.offers else self.empty)
        if found.offers:
            self.start.offer(found.offers, found.done, self._remembered())

    def _show_done(self) -> None:
        if self._session is not None:
            self.done.show_progress(self._session.progress)
            self._show(self.done)

    def _show_overview(self) -> None:
        if self._session is not None:
            self._save()
            card = self._session.card
            self._show(self.overview)
            self.overview.show_votes(self._session.given(), card.place if card is not None else None)

    def _back_to_rating(self) -> None:
        if self._session is not None:
            self._show(self.rating)
            self.rating.rate(self._session)

    def _revise(self, place: Any) -> None:
        self._show(self.rating)
        self.rating.revise(place)

    def _revisit_skipped(self) -> None:
        if self._session is not None:
            self._session.revisit_skipped()
            self._back_to_rating()

    def _undo_from_done(self) -> None:
        self._show(self.rating)
        self.rating.undo()

    def _show(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(page)

    def _save(self) -> None:
        if self._session is None:
            return
        try:
            self._session.flush()
        except MtbxError as problem:
            self.context.notices.error(problem)

    def _presence(self) -> None:
        if self._session is None:
            return
        in_front = self.isVisible() and self.isActiveWindow()
        if in_front and self._stack.currentWidget() is self.rating:
            self._session.here()
        else:
            self._session.away()

    def _on_change(self, change: Change, initiator: object) -> None:
        if initiator is self:
            return
        if self._session is None:
            if self.isVisible() and change.touches("items", "texts", "answers", "votes"):
                self._look_for_pairs()
        elif change.touches("items", "texts", "answers", "votes"):
            self._stale = True
            if self._begun is not None and self._stack.currentWidget() is self.done:
                self.begin(self._begun)

    # what is remembered for this person and study

    def _remember(self) -> None:
        settings, begun = self.context.settings, self._begun
        if begun is None:
            return
        kept = settings.data.view.setdefault("annotate", {})
        wanted = {
            "annotator": begun.annotator,
            "language": begun.language,
            "models": list(begun.models) if begun.models else None,
        }
        if kept.get(self.context.study.study_id) != wanted:
            kept[self.context.study.study_id] = wanted
            try:
                settings.save()
            except MtbxError as problem:
                self.context.notices.error(problem)

    def _remembered(self) -> Begin | None:
        kept = self.context.settings.data.view.get("annotate", {}).get(self.context.study.study_id)
        if not isinstance(kept, dict):
            return None
        models = kept.get("models")
        return Begin(
            str(kept.get("annotator", "")), str(kept.get("language", "")), tuple(models) if models else None
        )


def open_warm(study: Study, choice: Begin, clock: Callable[[], float], look: Look) -> RatingSession:
    """Open a session; render its first answers once, so that the Markdown and colour machinery is loaded."""
    pairs = model_pairs(choice.models) if choice.models else None
    session = RatingSession(study, choice.annotator, choice.language, pairs, clock)
    if session.card is not None:
        for text in (session.card.answer_a[-1], session.card.answer_b[-1]):
            html_pieces(text, look)
    return session
