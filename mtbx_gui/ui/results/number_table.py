"""Shows a table of results in the window; a value that does not exist says why when pointed at."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.row_table import Column, RowTable

if TYPE_CHECKING:
    from mtbx_gui.results.tables import Table

Row = tuple[int, tuple[str, ...], tuple[str, ...], tuple[object, ...]]
"""Number, shown texts, tips, and sort keys of a row."""


class NumberTable(QWidget):
    """`show_table(table)` replaces what is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[str, ...] = ()
        self.table: RowTable[Row] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_table(self, table: "Table") -> None:
        """Show a table's rows, numbers right-aligned, sortable by every column."""
        from mtbx_gui.results.tables import Gap

        names = tuple(column.name for column in table.columns)
        if self.table is None or names != self._columns:
            self._build(table)
        assert self.table is not None
        rows: list[Row] = []
        for number, cells in enumerate(table.rows):
            texts = tuple(table.shown(number, place) for place in range(len(cells)))
            tips = tuple(cell.reason if isinstance(cell, Gap) else "" for cell in cells)
            keys = tuple(
                (1, 0.0) if isinstance(cell, Gap) else cell if isinstance(cell, str) else (0, float(cell))
                for cell in cells
            )
            rows.append((number, texts, tips, keys))
        self.table.set_rows(rows)
        self.table.fit_columns()

    def _build(self, table: "Table") -> None:
        if self.table is not None:
            self._column.removeWidget(self.table)
            self.table.deleteLater()
        self._columns = tuple(column.name for column in table.columns)
        columns = [
            Column[Row](
                title=column.name,
                text=lambda row, at=place: row[1][at],  # type: ignore[misc]
                sort=lambda row, at=place: row[3][at],  # type: ignore[misc]
                number=column.kind != "text",
                tip=lambda row, at=place: row[2][at],  # type: ignore[misc]
            )
            for place, column in enumerate(table.columns)
        ]
        self.table = RowTable(columns, lambda row: row[0], self, name="results_numbers", filter_line=False)
        self.table.view.setAccessibleName(tr("Numbers"))
        self.table.view.horizontalHeader().setStretchLastSection(False)
        self.table.view.horizontalHeader().setMinimumSectionSize(4 * unit(self))
        self._column.addWidget(self.table)
