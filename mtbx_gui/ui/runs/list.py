"""The table of runs: state as dot and word, how far, how fast, how long still."""

import time

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from mtbx_gui.rundir.state import RunState
from mtbx_gui.runs.watch import RunView
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.run_board import kind_word, state_word
from mtbx_gui.ui.theme import color, mix, unit
from mtbx_gui.ui.widgets.progress_line import duration
from mtbx_gui.ui.widgets.row_table import Column, RowTable, StateDelegate

PROGRESS = 3


def columns() -> list[Column[RunView]]:
    """The columns of the table."""
    return [
        Column(
            tr("State"),
            lambda view: state_word(view.info.state),
            state=lambda view: view.info.state.value,
            tip=lambda view: view.info.sentence,
        ),
        Column(tr("Kind"), lambda view: kind_word(view.kind)),
        Column(tr("Run"), lambda view: view.title, tip=lambda view: view.run_id, stretch=True),
        Column(tr("Done"), _count, sort=lambda view: share(view), number=True),
        Column(tr("Left"), _left, sort=lambda view: view.info.eta_s, number=True),
        Column(tr("Started"), _started, sort=lambda view: view.created, number=True),
    ]


def run_table(parent: QWidget, empty: QWidget) -> RowTable[RunView]:
    """The table, empty, with `empty` to show while there is no run."""
    table = RowTable(columns(), lambda view: view.run_id, parent, name="runs_table", empty=empty)
    table.view.setAccessibleName(tr("Runs"))
    table.view.setItemDelegateForColumn(PROGRESS, _ProgressDelegate(table))
    return table


def share(view: RunView) -> float:
    """How much of the run is done, 0 to 1."""
    if view.info.state is RunState.FINISHED:
        return 1.0
    return min(1.0, view.info.done / view.info.total) if view.info.total else 0.0


class _ProgressDelegate(StateDelegate):
    """A thin bar under the count while the run is at work."""

    def __init__(self, table: RowTable[RunView]) -> None:
        super().__init__(table.view)
        self._table = table

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The cell, then the bar."""
        super().paint(painter, option, index)
        view = self._table.model.row_at(index.row())
        if view is None or not view.info.state.active or not view.info.total:
            return
        step = unit(self._table)
        area = QRectF(option.rect).adjusted(step / 2, 0, -step / 2, 0)
        area.setTop(area.bottom() - max(2.0, step / 4))
        palette = option.palette
        painter.save()
        ground = mix(palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text), 0.13)
        painter.fillRect(area, ground)
        area.setWidth(area.width() * share(view))
        painter.fillRect(area, color(view.info.state.value))
        painter.restore()


def _count(view: RunView) -> str:
    info = view.info
    return f"{info.done}/{info.total}" if info.total else str(info.done)


def _left(view: RunView) -> str:
    left = view.info.eta_s
    return duration(left) if view.info.state.active and left is not None else ""


def _started(view: RunView) -> str:
    then = time.localtime(view.created)
    today = time.strftime("%x") == time.strftime("%x", then)
    return time.strftime("%H:%M" if today else "%Y-%m-%d %H:%M", then)
