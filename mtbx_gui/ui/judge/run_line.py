"""The live line of the judge run at work: count, speed, time left, money against the cap, no verdicts."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mtbx_gui.rundir.jsonl import Tail
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.runs.watch import RunView
from mtbx_gui.ui.context import StudyContext
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.progress_line import ProgressLine, progress_words


class RunLine(QWidget):
    """`show_views` with every look at the runs; hidden while no judge run is at work."""

    cancel_wanted = Signal(str)

    def __init__(self, context: StudyContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._view: RunView | None = None
        self._tail: Tail | None = None
        self._last: dict[str, Any] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(unit(self))
        self.title = QLabel(self)
        self.title.setObjectName("judge_run_title")
        self.line = ProgressLine(self)
        self.line.words.setObjectName("judge_run_words")
        self.line.button.setObjectName("judge_run_cancel")
        self.line.cancelled.connect(self._cancel)
        row.addWidget(self.title)
        row.addWidget(self.line, 1)
        self.hide()

    def show_views(self, views: list[RunView]) -> None:
        """Show the newest judge run that is at work."""
        found = next((view for view in views if view.kind == "judge" and view.info.state.active), None)
        self.setVisible(found is not None)
        if found is None:
            self._view, self._tail = None, None
            return
        if self._view is None or self._view.run_id != found.run_id:
            self._last = {}
            self._tail = None
            self.line.button.setEnabled(True)
        self._view = found
        self.title.setText(found.title)
        self._say()
        self._context.tasks.run(lambda: (found.run_id, self._read(found)), self._take)

    def _read(self, view: RunView) -> dict[str, Any]:
        """The newest row of the run's numbers; in the background."""
        path = RunDir(view.path).metrics()
        if self._tail is None or self._tail.path != path:
            self._tail = Tail(path)
        rows = self._tail.read()
        return rows[-1] if rows else {}

    def _take(self, found: tuple[str, dict[str, Any]]) -> None:
        run_id, row = found
        if self._view is not None and self._view.run_id == run_id and row:
            self._last = row
            self._say()

    def _say(self) -> None:
        if self._view is None:
            return
        info, last = self._view.info, self._last
        self.line.show_progress(info.done, info.total)
        parts = [progress_words(info.done, info.total, info.rate, info.eta_s)]
        spent, cap = last.get("spent"), last.get("cap")
        if spent:
            parts.append(f"${spent:.2f}" + (tr(" of ${cap}", cap=f"{cap:g}") if cap else ""))
        if last.get("limited"):
            parts.append(tr("{count} times told to wait", count=last["limited"]))
        if last.get("no_verdict"):
            parts.append(tr("{count} without a verdict", count=last["no_verdict"]))
        if not info.state.active or info.sentence not in ("Running.", ""):
            parts.append(info.sentence)
        self.line.say(" · ".join(parts))

    def _cancel(self) -> None:
        if self._view is not None:
            self.line.button.setEnabled(False)
            self.cancel_wanted.emit(self._view.run_id)
