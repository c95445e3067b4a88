"""Tab 2: the runs of the study, the chosen one in detail, and the form for a new one."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from mtbx_gui.actions.control import cancel_run, resume_run
from mtbx_gui.runs.watch import RunView
from mtbx_gui.ui.context import StudyContext, Target
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.run_board import board_of, kind_word
from mtbx_gui.ui.runs.detail import RunDetail
from mtbx_gui.ui.runs.list import run_table
from mtbx_gui.ui.runs.new_run import NewRun
from mtbx_gui.ui.tab import Tab
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.empty_state import EmptyState
from mtbx_gui.ui.widgets.key_button import KeyButton


class RunsTab(Tab):
    """List at the left; at the right the chosen run, or the form for a new one."""

    title: ClassVar[str] = "Runs"
    icon: ClassVar[str] = "runs"
    TARGETS: ClassVar[frozenset[str]] = frozenset({"run"})
    KEYS: ClassVar[list[tuple[str, str]]] = [
        ("Ctrl+N", "New run"),
        ("↑ ↓", "Choose a run"),
        ("letters", "Filter the list"),
        ("Ctrl+.", "Cancel the chosen run; what is finished is kept"),
        ("Ctrl+R", "Resume it: only what is missing is done"),
        ("Alt+1 … Alt+4", "Curves, log, settings, files of the run"),
        ("Ctrl+Enter", "Start the new run"),
        ("Esc", "Leave the form"),
    ]

    def __init__(self, context: StudyContext) -> None:
        super().__init__(context)
        self._wanted = ""
        self.board = board_of(context)
        step = unit(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * step, 2 * step, 2 * step, step)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setObjectName("runs_splitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(2 * step)
        row.addWidget(self.splitter)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(step)
        self.empty = EmptyState(
            tr("No run yet. Translate, fine-tune, generate or judge: each is a run that goes on by itself."),
            tr("Start the first run"),
            lambda: self.new_run(),
            "runs",
            self,
        )
        self.table = run_table(left, self.empty)
        self.new = KeyButton(tr("New run"), "Ctrl+N", left, icon_name="new", primary=True)
        self.new.setObjectName("runs_new")
        self.new.clicked.connect(lambda _checked=False: self.new_run())
        self.table.bar.addWidget(self.new)
        column.addWidget(self.table)
        self.splitter.addWidget(left)
        self.side = QStackedWidget(self)
        self.detail = RunDetail(context, self)
        self.form = NewRun(context, self)
        self.blank = EmptyState(tr("Choose a run to see how it goes."), icon_name="plot", parent=self)
        for page in (self.blank, self.detail, self.form):
            self.side.addWidget(page)
        self.splitter.addWidget(self.side)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        self.side.currentChanged.connect(lambda _index: self._set_primary())
        self._connect()
        self._show(self.board.views)

    def activate(self) -> None:
        """Look at once: something may have gone on meanwhile."""
        self.board.look()
        if self.side.currentWidget() is self.form:
            self.form.open_for()
        else:
            self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.detail.run_id() and self.side.currentWidget() is self.detail:
            self.board.attended(self.detail.run_id())

    def show_target(self, target: Target) -> None:
        """Choose a run; also one that the next look will find."""
        if target.kind == "run":
            self.choose(target.key)
        elif target.kind == "action" and target.key.startswith("new_run"):
            self.new_run(target.key.partition(":")[2])

    def actions_by_name(self) -> list[tuple[str, Target]]:
        """One entry per run."""
        return [
            (f"{kind_word(view.kind)}: {view.title}", Target("run", view.run_id)) for view in self.board.views
        ]

    def new_run(self, kind: str = "") -> None:
        """Open the form for a new run."""
        self.side.setCurrentWidget(self.form)
        self.form.open_for(kind)
        self.form.primary.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self, run_id: str) -> None:
        """Choose a run and show it; one not seen yet is chosen as soon as it is."""
        if self.table.choose(run_id):
            self._wanted = ""
            self._chosen(self.table.current())
        else:
            self._wanted = run_id

    def cancel(self, run_id: str) -> None:
        """Cancel a run in the background."""
        self.detail.cancel.setEnabled(False)
        self._control(lambda: cancel_run(self.context.study, run_id))

    def resume(self, run_id: str) -> None:
        """Resume a run in the background."""
        self._control(lambda: resume_run(self.context.study, run_id))

    def _control(self, step: Callable[[], object]) -> None:
        self.context.tasks.run(step, lambda _done: self.board.look(), self._failed)
        self.board.look()

    def _failed(self, problem: Exception) -> None:
        self.context.notices.error(problem)
        self.board.look()

    def _connect(self) -> None:
        self.board.polled.connect(self._show)
        self.board.badge_changed.connect(self.badge_changed)
        self.table.row_chosen.connect(self._chosen)
        self.table.row_opened.connect(self._chosen)
        self.detail.cancel_wanted.connect(self.cancel)
        self.detail.resume_wanted.connect(self.resume)
        self.form.started.connect(self._started)
        self.form.closed.connect(self._leave_form)
        for number in range(self.detail.pages.count()):
            shortcut = QShortcut(QKeySequence(f"Alt+{number + 1}"), self)
            shortcut.activated.connect(partial(self.detail.show_page, number))

    def _show(self, views: list[RunView]) -> None:
        self.table.set_rows(views)
        self._set_primary()
        if self._wanted:
            self.choose(self._wanted)
        shown = self.detail.run_id()
        view = self.board.view(shown) if shown else None
        if view is not None:
            self.detail.show_run(view)
        elif views and self.table.current() is None and self.side.currentWidget() is self.blank:
            self.choose(views[0].run_id)

    def _set_primary(self) -> None:
        """One primary button at a time: the form has its own, and so has the empty table."""
        asked = self.side.currentWidget() is self.form
        if self.empty.button is not None:
            self.empty.button.setVisible(not asked)
        primary = not asked and bool(self.board.views)
        if bool(self.new.property("primary")) != primary:
            self.new.setProperty("primary", primary)
            self.new.style().unpolish(self.new)
            self.new.style().polish(self.new)

    def _chosen(self, view: Any) -> None:
        if not isinstance(view, RunView):
            return
        self.detail.show_run(view)
        self.side.setCurrentWidget(self.detail)
        self.board.attended(view.run_id)

    def _started(self, run_id: str) -> None:
        self._wanted = run_id
        self.side.setCurrentWidget(self.detail if self.detail.run_id() else self.blank)
        self.context.announce({"runs"}, self)
        self.board.look()
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave_form(self) -> None:
        self.side.setCurrentWidget(self.detail if self.detail.run_id() else self.blank)
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)
