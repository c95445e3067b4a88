"""Models down, languages across: tick what is to be judged. Cells without answers can't be ticked."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import unit

AnyIndex = QModelIndex | QPersistentModelIndex
Cell = tuple[str, str]
_ROOT = QModelIndex()
ROWS_MOST = 8


class _Cells(QAbstractTableModel):
    """Which cells are ticked; a cell without answers shows a dash."""

    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.models: list[str] = []
        self.languages: list[str] = []
        self.answered: dict[Cell, int] = {}
        self.unticked: set[Cell] = set()

    def offer(self, models: Sequence[str], languages: Sequence[str], answered: Mapping[Cell, int]) -> None:
        self.beginResetModel()
        self.models, self.languages, self.answered = list(models), list(languages), dict(answered)
        self.endResetModel()

    def cell(self, index: AnyIndex) -> Cell:
        return self.models[index.row()], self.languages[index.column()]

    def set_cells(self, cells: Sequence[Cell], on: bool) -> None:
        before = set(self.unticked)
        self.unticked = self.unticked.difference(cells) if on else self.unticked.union(cells)
        if self.unticked != before:
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.CheckStateRole])
            self.ticked.emit()

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.models)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.languages)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid() or not self.answered.get(self.cell(index)):
            return Qt.ItemFlag.NoItemFlags
        kinds = Qt.ItemFlag
        return kinds.ItemIsEnabled | kinds.ItemIsSelectable | kinds.ItemIsUserCheckable

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        cell = self.cell(index)
        count = self.answered.get(cell, 0)
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if count else "–"
        if role == Qt.ItemDataRole.CheckStateRole and count:
            return Qt.CheckState.Unchecked if cell in self.unticked else Qt.CheckState.Checked
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return tr(
                "{model} in {language}: {count} answers", model=cell[0], language=cell[1].upper(), count=count
            )
        return None

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        self.set_cells([self.cell(index)], Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        across = orientation == Qt.Orientation.Horizontal
        names = [code.upper() for code in self.languages] if across else self.models
        if not 0 <= section < len(names):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return names[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr("{name}: tick or untick all", name=names[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        return None


class _Grid(QTableView):
    """Space ticks a cell (by Qt itself), Ctrl+Space its column, Shift+Space its row."""

    line_wanted = Signal(bool, int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                self.line_wanted.emit(True, self.currentIndex().column())
                return
            if event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
                self.line_wanted.emit(False, self.currentIndex().row())
                return
        super().keyPressEvent(event)


class TickMatrix(QWidget):
    """`changed` after every tick; a click on a header ticks or unticks its line."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells = _Cells()
        self.grid = _Grid(self)
        self.grid.setObjectName(name)
        self.grid.setAccessibleName(tr("Models and languages to judge"))
        self.grid.setModel(self._cells)
        self.grid.setShowGrid(False)
        self.grid.setCornerButtonEnabled(False)
        self.grid.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.grid.setTabKeyNavigation(False)
        self.grid.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        across, down = self.grid.horizontalHeader(), self.grid.verticalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        across.setHighlightSections(False)
        down.setHighlightSections(False)
        across.setStretchLastSection(True)
        down.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        down.setStyleSheet("QHeaderView::section { border: none; }")
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for header in (across, down):
            header.setSectionsClickable(True)
        across.sectionClicked.connect(lambda section: self._toggle_line(True, section))
        down.sectionClicked.connect(lambda section: self._toggle_line(False, section))
        self.grid.line_wanted.connect(self._toggle_line)
        self._cells.ticked.connect(self.changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid)
        self.setFocusProxy(self.grid)

    def offer(self, models: Sequence[str], languages: Sequence[str], answered: Mapping[Cell, int]) -> None:
        """Show these; what was unticked before stays so, what is new comes ticked."""
        known = self._cells
        if (known.models, known.languages, known.answered) == (list(models), list(languages), dict(answered)):
            return
        known.offer(models, languages, answered)
        self._fit()
        if known.rowCount() and not self.grid.currentIndex().isValid():
            self.grid.setCurrentIndex(known.index(0, 0))

    def unticked(self) -> tuple[Cell, ...]:
        """The cells with answers that are not to be judged."""
        return tuple(sorted(cell for cell in self._cells.unticked if self._cells.answered.get(cell)))

    def chosen(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The models and the languages that have a ticked cell, in the order shown."""
        cells = [cell for cell, count in self._cells.answered.items() if count]
        on = [cell for cell in cells if cell not in self._cells.unticked]
        models, languages = {model for model, _ in on}, {language for _, language in on}
        return (
            tuple(model for model in self._cells.models if model in models),
            tuple(language for language in self._cells.languages if language in languages),
        )

    def set_ticked(self, model: str, language: str, on: bool) -> None:
        """Tick or untick one cell."""
        self._cells.set_cells([(model, language)], on)

    def _toggle_line(self, across: bool, place: int) -> None:
        """A whole column (across) or row: ticked when anything in it is not, else unticked."""
        cells = [
            (model, language)
            for model in (self._cells.models if across else [self._cells.models[place]])
            for language in ([self._cells.languages[place]] if across else self._cells.languages)
            if self._cells.answered.get((model, language))
        ]
        self._cells.set_cells(cells, any(cell in self._cells.unticked for cell in cells))

    def _fit(self) -> None:
        """As high as its rows, up to eight; names of models take no more than they need."""
        metrics = QFontMetrics(self.grid.font())
        height = round(metrics.height() * 1.8)
        down = self.grid.verticalHeader()
        down.setDefaultSectionSize(height)
        widest = max((metrics.horizontalAdvance(name) for name in self._cells.models), default=0)
        down.setFixedWidth(min(widest + 3 * unit(self), metrics.averageCharWidth() * 18))
        rows = min(ROWS_MOST, max(1, self._cells.rowCount()))
        header = self.grid.horizontalHeader().sizeHint().height()
        bar = self.grid.horizontalScrollBar().sizeHint().height()
        self.grid.setFixedHeight(rows * height + header + bar + 2)
