"""The table of the house: no grid, roomy rows, state as dot and word, filter line, "37 of 320"."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import icon, unit
from mtbx_gui.ui.widgets.row_model import STATE_ROLE, Column, RowModel
from mtbx_gui.ui.widgets.state_label import draw_dot

R = TypeVar("R")

__all__ = ["Column", "RowModel", "RowTable", "StateDelegate"]


class StateDelegate(QStyledItemDelegate):
    """Paints the dot of a cell's state before its word."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Numbers in tabular figures come with the font; the focus frame goes: the row's ground says it."""
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Dot, then the cell."""
        meaning = index.data(STATE_ROLE)
        if meaning is None:
            super().paint(painter, option, index)
            return
        shifted = QStyleOptionViewItem(option)
        side = option.fontMetrics.ascent() * 0.75
        step = unit()
        self.parent_style_ground(painter, shifted, index)
        area = QRectF(option.rect)
        draw_dot(painter, meaning, QRectF(area.left() + step / 2, area.top(), side, area.height()))
        shifted.rect.setLeft(round(area.left() + side + step / 2))
        super().paint(painter, shifted, index)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for the dot beside the word."""
        size = super().sizeHint(option, index)
        if index.data(STATE_ROLE) is not None:
            size.setWidth(size.width() + round(option.fontMetrics.ascent() * 0.75) + unit())
        return size

    def parent_style_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The ground of a chosen row also under the dot."""
        ground = QStyleOptionViewItem(option)
        self.initStyleOption(ground, index)
        ground.text = ""
        widget = ground.widget
        widget.style().drawControl(widget.style().ControlElement.CE_ItemViewItem, ground, painter, widget)


class _View(QTableView):
    """The view itself; Return opens the row, letters typed go to the filter line."""

    opened = Signal()
    typed = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
            return
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if plain and event.text().strip() and event.text().isprintable():
            self.typed.emit(event.text())
            return
        super().keyPressEvent(event)


class RowTable(QWidget, Generic[R]):
    """A table over `RowModel`; `row_chosen(row)` on a new current row, `row_opened(row)` on Return."""

    row_chosen = Signal(object)
    row_opened = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column[R]],
        key: Callable[[R], Hashable],
        parent: QWidget | None = None,
        *,
        name: str = "",
        filter_line: bool = True,
        empty: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.model: RowModel[R] = RowModel(columns, key)
        self._extra: Callable[[R], bool] | None = None
        self._silent = False
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(step)
        self.filter = QLineEdit(self)
        self.filter.setObjectName(f"{name}_filter")
        self.filter.setPlaceholderText(tr("Filter"))
        self.filter.setAccessibleName(tr("Filter"))
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter.textChanged.connect(self._refilter)
        self.filter.installEventFilter(self)
        self.count = QLabel(self)
        self.count.setObjectName(f"{name}_count")
        self.count.setProperty("muted", True)
        self.bar = QHBoxLayout()
        self.bar.setSpacing(step)
        self.bar.addWidget(self.filter, 1)
        self.bar.addWidget(self.count)
        column.addLayout(self.bar)
        self.filter.setVisible(filter_line)
        self.count.setVisible(filter_line)
        self.view = _View(self)
        self.view.setObjectName(f"{name}_view")
        self.view.setAccessibleName(name or tr("Table"))
        self.stack = QStackedLayout()
        self.stack.addWidget(self.view)
        self._empty = empty
        if empty is not None:
            self.stack.addWidget(empty)
        column.addLayout(self.stack, 1)
        self._set_up_view()

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setItemDelegate(StateDelegate(view))
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setTabKeyNavigation(False)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(round(view.fontMetrics().height() * 1.8))
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSortIndicatorClearable(True)
        header.setStretchLastSection(not any(column.stretch for column in self.model.columns))
        for number, column in enumerate(self.model.columns):
            if column.stretch:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
        view.setSortingEnabled(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        view.selectionModel().currentRowChanged.connect(self._chosen)
        view.opened.connect(self._opened)
        view.doubleClicked.connect(lambda _index: self._opened())
        view.typed.connect(self._typed)

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show these rows; the chosen row stays chosen, nothing scrolls, no signal is sent for it."""
        first = self.model.total() == 0
        chosen = self.current()
        key = self.model.key_of(chosen) if chosen is not None else None
        self._silent = True
        self.model.set_rows(rows)
        self._silent = False
        if key is not None and self.model.place_of(key) is None:
            self.row_chosen.emit(None)
        if first and rows:
            self.fit_columns()
        self._count()

    def set_extra_filter(self, keep: Callable[[R], bool] | None) -> None:
        """A second filter beside the typed words (choices in the view's own filter bar)."""
        self._extra = keep
        self._refilter()

    def current(self) -> R | None:
        """The chosen row."""
        return self.model.row_at(self.view.currentIndex().row())

    def choose(self, key: Hashable) -> bool:
        """Choose the row with this key and bring it into view; False when it is not shown."""
        place = self.model.place_of(key)
        if place is None:
            return False
        self.choose_place(place)
        return True

    def choose_place(self, place: int) -> None:
        """Choose the row at a place in the order shown."""
        index = self.model.index(place, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.view.selectionModel().setCurrentIndex(index, flags)
        self.view.scrollTo(index)

    def fit_columns(self) -> None:
        """Columns as wide as what stands in the first rows."""
        self.view.resizeColumnsToContents()
        header = self.view.horizontalHeader()
        for number in range(self.model.columnCount()):
            header.resizeSection(number, header.sectionSize(number) + unit(self))

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """Down and Return in the filter line lead into the table, Escape empties it."""
        if watched is self.filter and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if (
                event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
                and self.model.rowCount()
            ):
                if self.current() is None:
                    self.choose_place(0)
                self.view.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if event.key() == Qt.Key.Key_Escape and self.filter.text():
                self.filter.clear()
                return True
        return bool(super().eventFilter(watched, event))

    def _refilter(self) -> None:
        words = self.model.matching(self.filter.text())
        extra = self._extra
        if words is None or extra is None:
            self.model.set_filter(words or extra)
        else:
            self.model.set_filter(lambda row: words(row) and extra(row))
        self._count()

    def _count(self) -> None:
        shown, total = self.model.rowCount(), self.model.total()
        self.count.setText(
            f"{shown}" if shown == total else tr("{shown} of {total}", shown=shown, total=total)
        )
        if self._empty is not None:
            self.stack.setCurrentWidget(self._empty if total == 0 else self.view)

    def _chosen(self) -> None:
        if not self._silent:
            self.row_chosen.emit(self.current())

    def _opened(self) -> None:
        row = self.current()
        if row is not None:
            self.row_opened.emit(row)

    def _typed(self, letters: str) -> None:
        if not self.filter.isVisible():
            return
        self.filter.setFocus(Qt.FocusReason.OtherFocusReason)
        self.filter.setText(self.filter.text() + letters)
