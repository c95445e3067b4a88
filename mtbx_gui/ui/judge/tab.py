"""The Judge tab: the plan at the left; at the right the run at work, the table of judgments, one in full."""

from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMessageBox, QSplitter, QVBoxLayout, QWidget

from mtbx_gui.actions.control import cancel_run
from mtbx_gui.actions.start import demo_judge, start_judge
from mtbx_gui.judging.plan import JudgePlan
from mtbx_gui.judging.reading import JudgedTurn, Reading, judged_turns, readings
from mtbx_gui.ui.context import Change, StudyContext, Target
from mtbx_gui.ui.i18n import tr, tr_count
from mtbx_gui.ui.judge.bill import cost_words
from mtbx_gui.ui.judge.detail import JudgmentDetail
from mtbx_gui.ui.judge.judgment_table import JudgmentTable
from mtbx_gui.ui.judge.plan_panel import PlanPanel
from mtbx_gui.ui.judge.run_line import RunLine
from mtbx_gui.ui.run_board import board_of
from mtbx_gui.ui.tab import Tab
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.empty_state import EmptyState


class JudgeTab(Tab):
    """Plans and starts judge runs; reads what came of them."""

    title: ClassVar[str] = "Judge"
    icon: ClassVar[str] = "judge"
    TARGETS: ClassVar[frozenset[str]] = frozenset({"judgment"})
    KEYS: ClassVar[list[tuple[str, str]]] = [
        ("Ctrl+Enter", "Start judging what is ticked"),
        ("Space", "Tick a cell of the matrix"),
        ("Ctrl+Space, Shift+Space", "Tick its language, its model"),
        ("↑ ↓", "Choose a judgment"),
        ("letters", "Filter the table"),
        ("Ctrl+U", "What the judge read, or what it wrote"),
    ]

    def __init__(self, context: StudyContext) -> None:
        super().__init__(context)
        self._stale = True
        self._reading = False
        self._wanted: JudgedTurn | None = None
        self.board = board_of(context)
        step = unit(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * step, 2 * step, 2 * step, step)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setObjectName("judge_splitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(2 * step)
        row.addWidget(self.splitter)
        self.plan = PlanPanel(context, self)
        self.plan.setMinimumWidth(36 * step)
        self.splitter.addWidget(self.plan)
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(step)
        self.run_line = RunLine(context, right)
        column.addWidget(self.run_line)
        self.nothing = EmptyState(
            "",
            tr("Open Runs"),
            lambda: self.context.go(Target("tab", "runs")),
            icon_name="judge",
            parent=right,
        )
        self.reading = QSplitter(Qt.Orientation.Vertical, right)
        self.reading.setObjectName("judge_reading")
        self.reading.setChildrenCollapsible(False)
        self.reading.setHandleWidth(step)
        self.table = JudgmentTable(self.nothing, self.reading)
        self.detail = JudgmentDetail(self.reading)
        self.detail.hide()
        self.reading.addWidget(self.table)
        self.reading.addWidget(self.detail)
        self.reading.setStretchFactor(0, 2)
        self.reading.setStretchFactor(1, 3)
        self.reading.setSizes([40 * step, 60 * step])
        column.addWidget(self.reading, 1)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([44 * step, 120 * step])
        self._connect()

    def activate(self) -> None:
        """Read again what changed since the tab was last in front."""
        self.board.look()
        if self._stale:
            self._load()
        rows = self.table.table.model.total()
        (self.table.table.view if rows else self.plan.judge).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_target(self, target: Target) -> None:
        """Choose the judged turn whose key is given in the target's details."""
        key = target.details.get("turn")
        if key is not None:
            self.table.choose(key)

    def busy(self) -> bool:
        """Whether something is being read."""
        return self._reading or self.plan.busy()

    def _connect(self) -> None:
        self.context.changed.connect(self._changed)
        self.board.polled.connect(self.run_line.show_views)
        self.run_line.show_views(self.board.views)
        self.run_line.cancel_wanted.connect(self._cancel)
        self.plan.start_wanted.connect(self._confirm)
        self.plan.offered.connect(self._say_nothing)
        self.table.chosen.connect(self._chosen)
        self.detail.item_wanted.connect(self._open_item)

    def _changed(self, change: Change, initiator: object) -> None:
        if change.touches("items", "texts", "answers", "judgments", "settings"):
            self._stale = True
            if self.isVisible():
                self._load()

    def _load(self) -> None:
        if self._reading:
            return
        self._reading, self._stale = True, False
        study = self.context.study
        self.plan.reload()
        self.context.tasks.run(lambda: judged_turns(study), self._loaded, self._load_failed)

    def _loaded(self, rows: list[JudgedTurn]) -> None:
        self._reading = False
        first = self.table.table.model.total() == 0
        self.table.show_rows(rows)
        if first and rows:
            self.table.table.choose_place(0)
            self.table.table.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._chosen(self.table.table.current())
        if self._stale and self.isVisible():
            self._load()

    def _say_nothing(self) -> None:
        """What the empty table tells depends on whether there is anything to judge."""
        judge = self.plan.has_answers()
        self.nothing.set_sentence(
            tr("Nothing has been judged yet. Tick models and languages at the left, then start.")
            if judge
            else tr("There is nothing to judge yet: no model has answered. Generate or import answers first.")
        )
        if self.nothing.button is not None:
            self.nothing.button.setVisible(not judge)
        self.plan.setVisible(judge)

    def _load_failed(self, problem: Exception) -> None:
        self._reading, self._stale = False, True
        self.context.notices.error(problem)

    def _chosen(self, turn: JudgedTurn | None) -> None:
        self._wanted = turn
        if turn is None:
            self.detail.hide()
            return
        study = self.context.study
        self.context.tasks.run(lambda: readings(study, turn), partial(self._show, turn))

    def _show(self, turn: JudgedTurn, found: list[Reading]) -> None:
        if turn is self._wanted and found:
            self.detail.show_turn(turn, found)
            self.detail.show()

    def _confirm(self, plan: JudgePlan) -> None:
        """Ask once when money may be spent; the demo judge and free servers start at once."""
        if plan.estimate.cost_high == 0:
            self._start(plan)
            return
        asked = tr_count("{count} call", "{count} calls", plan.estimate.calls)
        box = QMessageBox(self)
        box.setObjectName("judge_confirm")
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setText(tr("Ask {judge}? {calls}", judge=plan.profile.shown, calls=asked))
        cap = plan.choice.cap
        limit = tr(" It stops before it spends more than ${cap}.", cap=f"{cap:g}") if cap else ""
        box.setInformativeText(f"{cost_words(plan.estimate)}.{limit}")
        start = box.addButton(tr("Start"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(start)
        box.accepted.connect(partial(self._start, plan))
        box.finished.connect(box.deleteLater)
        box.open()

    def _start(self, plan: JudgePlan) -> None:
        study, author, choice = self.context.study, self.context.author, plan.choice
        self.plan.start.setEnabled(False)

        def start() -> str:
            if plan.profile.is_demo:
                demo_judge(study, author)
            return start_judge(study, choice, author=author)

        self.context.tasks.run(start, self._started, self._start_failed)

    def _started(self, run_id: str) -> None:
        self.context.announce({"runs", "settings"}, self)
        self.board.look()
        self.plan.reload()

    def _start_failed(self, problem: Exception) -> None:
        self.context.notices.error(problem)
        self.plan.reload()

    def _cancel(self, run_id: str) -> None:
        study = self.context.study
        self.context.tasks.run(lambda: cancel_run(study, run_id), lambda _info: self.board.look())

    def _open_item(self) -> None:
        if self._wanted is not None:
            self.context.go(Target("item", self._wanted.question_id, {"language": self._wanted.language}))
