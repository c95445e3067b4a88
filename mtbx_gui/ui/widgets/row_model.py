"""Rows of Python objects as a table model: sorted and filtered in Python, kept by key when they change."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

R = TypeVar("R")
AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

STATE_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column: `text` of a row; `sort` key (default: the text); `state`: its dot's meaning (None: no dot).

    Columns of numbers stand right-aligned; one with `stretch` takes the room that is left.
    """

    title: str
    text: Callable[[R], str]
    sort: Callable[[R], Any] | None = None
    number: bool = False
    state: Callable[[R], str | None] | None = None
    tip: Callable[[R], str] | None = None
    stretch: bool = False


class RowModel(QAbstractTableModel, Generic[R]):
    """Rows by key; `set_rows` keeps selection and order stable, `set_filter` hides, `sort` sorts."""

    def __init__(self, columns: Sequence[Column[R]], key: Callable[[R], Hashable]) -> None:
        super().__init__()
        self.columns = list(columns)
        self._key = key
        self._all: list[R] = []
        self._shown: list[R] = []
        self._place: dict[Hashable, int] = {}
        self._filter: Callable[[R], bool] | None = None
        self._sort: tuple[int, Qt.SortOrder] | None = None

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show these rows; when only contents changed, nothing is reset and nothing scrolls."""
        self._all = list(rows)
        self._rebuild()

    def update_row(self, row: R) -> None:
        """Put a changed row in place of the one with its key, where it stands, filtered or not."""
        key = self._key(row)
        self._all = [row if self._key(known) == key else known for known in self._all]
        place = self._place.get(key)
        if place is not None:
            self._shown[place] = row
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))

    def set_filter(self, keep: Callable[[R], bool] | None) -> None:
        """Show only rows for which `keep` is true; None shows all."""
        self._filter = keep
        self._rebuild()

    def rows(self) -> list[R]:
        """The rows shown, in the order shown."""
        return list(self._shown)

    def total(self) -> int:
        """How many rows there are, shown or not."""
        return len(self._all)

    def row_at(self, place: int) -> R | None:
        """The row shown at a place, or None beyond the end."""
        return self._shown[place] if 0 <= place < len(self._shown) else None

    def place_of(self, key: Hashable) -> int | None:
        """Where the row with a key is shown, or None."""
        return self._place.get(key)

    def key_of(self, row: R) -> Hashable:
        """The key of a row."""
        return self._key(row)

    def matching(self, words: str) -> Callable[[R], bool] | None:
        """A filter for rows in which every word of `words` occurs in some column; None for no words."""
        wanted = words.casefold().split()
        if not wanted:
            return None

        def keep(row: R) -> bool:
            text = " ".join(column.text(row) for column in self.columns).casefold()
            return all(word in text for word in wanted)

        return keep

    def _rebuild(self) -> None:
        shown = [row for row in self._all if self._filter is None or self._filter(row)]
        if self._sort is not None:
            number, order = self._sort
            column = self.columns[number]
            by = column.sort or column.text
            shown.sort(key=lambda row: _order(by(row)), reverse=order == Qt.SortOrder.DescendingOrder)
        keys = [self._key(row) for row in shown]
        if keys == [self._key(row) for row in self._shown]:
            self._shown = shown
            if shown:
                self.dataChanged.emit(self.index(0, 0), self.index(len(shown) - 1, len(self.columns) - 1))
            return
        self.layoutAboutToBeChanged.emit()
        old_indexes = self.persistentIndexList()
        old_keys = [self._key(self._shown[index.row()]) for index in old_indexes]
        self._shown = shown
        self._place = {key: place for place, key in enumerate(keys)}
        moved = [
            self.index(self._place[key], index.column()) if key in self._place else QModelIndex()
            for key, index in zip(old_keys, old_indexes, strict=True)
        ]
        self.changePersistentIndexList(old_indexes, moved)
        self.layoutChanged.emit()

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """Rows shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """Columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, alignment, state and tip of a cell."""
        row = self.row_at(index.row())
        if row is None or not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == STATE_ROLE:
            return column.state(row) if column.state is not None else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip(row) if column.tip is not None else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles, aligned as their columns are."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].number else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 goes back to the order in which the rows were given."""
        self._sort = (column, order) if 0 <= column < len(self.columns) else None
        self._rebuild()


def _order(value: Any) -> tuple[int, Any]:
    """Texts without regard to case, and rows that lack a value last."""
    if value is None:
        return (1, 0)
    return (0, value.casefold() if isinstance(value, str) else value)
