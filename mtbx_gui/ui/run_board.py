"""What is known of the study's runs now: looked up in the background, finished pieces collected as they come.

One board per open study; the Runs tab and the strip at the lower edge show the same one. Starts nothing.
"""

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from mtbx_gui.rundir.jsonl import count_lines
from mtbx_gui.rundir.layout import PIECES, RunDir
from mtbx_gui.rundir.state import RunState
from mtbx_gui.runs.watch import RunView, Watch
from mtbx_gui.study.collect import Collector
from mtbx_gui.study.runs import collected_pieces
from mtbx_gui.study.study import Study
from mtbx_gui.ui.context import StudyContext, Target
from mtbx_gui.ui.i18n import tr

ACTIVE_MS = 1000
IDLE_MS = 4000
KINDS = {
    "translate": ("items", "texts"),
    "train": ("answers",),
    "generate": ("answers",),
    "judge": ("judgments",),
}
"""What becomes stale when pieces of a kind of run are collected."""
TROUBLE = (RunState.FAILED, RunState.LOST, RunState.STALLED)


@dataclass(frozen=True)
class Look:
    """One look at all runs: their state, what was collected, and what could not be."""

    views: list[RunView]
    changed: frozenset[str]
    problems: list[Exception] = field(default_factory=list)


class Looker:
    """Looks and collects; used in the background, one look at a time."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._collector = Collector(study)
        self._watch = Watch(study)
        self._seen: dict[str, tuple[object, ...]] = {}
        self._broken: set[str] = set()

    def look(self) -> Look:
        """All runs now, with their finished pieces taken into the study."""
        views = self._watch.poll()
        if not self._seen:
            self._seen = self._taken_in_before(views)
        changed: set[str] = set()
        problems: list[Exception] = []
        for view in views:
            run = RunDir(view.path)
            trace = _trace(run)
            if self._seen.get(view.run_id) == trace or view.kind not in KINDS:
                continue
            try:
                new = self._collector.collect(view.path)
            except Exception as problem:
                if view.run_id not in self._broken:
                    problems.append(problem)
                self._broken.add(view.run_id)
                continue
            self._seen[view.run_id] = trace
            if new:
                changed.update(KINDS[view.kind])
        return Look(views, frozenset(changed), problems)

    def _taken_in_before(self, views: list[RunView]) -> dict[str, tuple[object, ...]]:
        """Runs that were finished and wholly collected earlier need not be read again."""
        collected = collected_pieces(self._study)
        seen = {}
        for view in views:
            run = RunDir(view.path)
            pieces = count_lines(run.out(PIECES[view.kind])) if view.kind in PIECES else 1
            if view.info.state is RunState.FINISHED and collected.get(view.run_id, 0) >= pieces:
                seen[view.run_id] = _trace(run)
        return seen


class RunBoard(QObject):
    """`polled(views)` after every look, `ended(view)` when a run that was at work is no longer."""

    polled = Signal(object)
    ended = Signal(object)
    badge_changed = Signal(int)

    def __init__(self, context: StudyContext) -> None:
        super().__init__(context)
        self._context = context
        self._looker = Looker(context.study)
        self._looking = False
        self._again = False
        self.views: list[RunView] = []
        self.trouble: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        self.look()

    def look(self) -> None:
        """Look now, in the background; a look under way is followed by another."""
        self._timer.stop()
        if self._looking:
            self._again = True
            return
        self._looking = True
        self._context.tasks.run(self._looker.look, self._looked, self._failed)

    def view(self, run_id: str) -> RunView | None:
        """A run as last seen."""
        return next((view for view in self.views if view.run_id == run_id), None)

    def active(self) -> list[RunView]:
        """The runs at work, newest first."""
        return [view for view in self.views if view.info.state.active]

    def attended(self, run_id: str) -> None:
        """The person has looked at this run: it asks for nothing any more."""
        if run_id in self.trouble:
            self.trouble.discard(run_id)
            self.badge_changed.emit(len(self.trouble))

    def _looked(self, look: Look) -> None:
        before = {view.run_id: view.info.state for view in self.views}
        self.views = look.views
        self._looking = False
        for problem in look.problems:
            self._context.notices.error(problem)
        if look.changed:
            self._context.announce(look.changed, self)
        self.polled.emit(self.views)
        for view in self.views:
            was, now = before.get(view.run_id), view.info.state
            if was is None or was is now:
                continue
            if now in TROUBLE:
                self.trouble.add(view.run_id)
                self.badge_changed.emit(len(self.trouble))
            if was.active and not now.active:
                self._tell(view)
                self.ended.emit(view)
        if self._again:
            self._again = False
            self.look()
        else:
            self._timer.start(ACTIVE_MS if self.active() else IDLE_MS)

    def _failed(self, problem: Exception) -> None:
        self._looking = False
        self._context.notices.error(problem)
        self._timer.start(IDLE_MS)

    def _tell(self, view: RunView) -> None:
        if view.info.state in TROUBLE:
            target = Target("run", view.run_id)
            self._context.notices.bar(
                f"{view.title}: {view.info.sentence}",
                tr("Show the run"),
                lambda: self._context.go(target),
                "error",
            )
        else:
            self._context.notices.toast(f"{view.title}: {state_word(view.info.state)}")


def board_of(context: StudyContext) -> RunBoard:
    """The study's one board, made when first asked for."""
    known = context.findChild(RunBoard)
    return known if isinstance(known, RunBoard) else RunBoard(context)


def state_word(state: RunState) -> str:
    """The word people read for a state."""
    return {
        RunState.QUEUED: tr("starting"),
        RunState.RUNNING: tr("running"),
        RunState.STALLED: tr("stalled"),
        RunState.FINISHED: tr("finished"),
        RunState.FAILED: tr("failed"),
        RunState.CANCELLED: tr("cancelled"),
        RunState.LOST: tr("lost"),
        RunState.UNKNOWN: tr("unknown"),
    }[state]


def kind_word(kind: str) -> str:
    """The word people read for a kind of run."""
    words = {
        "translate": tr("Translate"),
        "train": tr("Train"),
        "generate": tr("Generate"),
        "judge": tr("Judge"),
    }
    return words.get(kind, kind)


def unit_word(kind: str) -> str:
    """What the pieces of a kind are called."""
    words = {
        "translate": tr("texts"),
        "train": tr("steps"),
        "generate": tr("answers"),
        "judge": tr("judgments"),
    }
    return words.get(kind, "")


def money_words(spent: float, cap: float | None) -> str:
    """What a run has spent, as in "$0.41 of $5"."""
    if cap is None:
        return f"${spent:.2f}"
    return tr("${spent} of ${cap}", spent=f"{spent:.2f}", cap=f"{cap:g}")


def _trace(run: RunDir) -> tuple[object, ...]:
    """What changes when a run has something new to collect."""
    return (*((path.name, _size(path)) for path in run.outs()), run.result.exists())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
