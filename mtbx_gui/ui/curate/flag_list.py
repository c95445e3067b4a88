"""The flags of the field in the editor: one row each; a click or F2 jumps to their places."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from mtbx_gui.curation.flags import Flag
from mtbx_gui.ui.curate.words import severity_word
from mtbx_gui.ui.i18n import tr, tr_count
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.key_button import KeyButton
from mtbx_gui.ui.widgets.row_table import Column, RowTable

ROWS_SHOWN = 4


class FlagList(QWidget):
    """Rows of flags; `wanted(flag, start, end)` asks to show a place, or the whole text (both -1).

    `entered` follows when the person clicked the row or pressed Return on it, to go on in the text.
    """

    wanted = Signal(object, int, int)
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curate_flags")
        self._flags: list[Flag] = []
        self._filling = False
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(step // 2)
        head = QHBoxLayout()
        self.title = QLabel(self)
        self.title.setObjectName("curate_flags_title")
        self.title.setProperty("muted", True)
        self.next_button = KeyButton(tr("Next flag"), "F2", self)
        self.next_button.setObjectName("curate_next_flag")
        self.next_button.setProperty("flat", True)
        head.addWidget(self.title, 1)
        head.addWidget(self.next_button)
        column.addLayout(head)
        self.table: RowTable[tuple[int, Flag]] = RowTable(
            [
                Column(
                    tr("Flag"),
                    lambda row: severity_word(row[1].severity),
                    state=lambda row: row[1].severity,
                ),
                Column(tr("Rule"), lambda row: row[1].rule_id),
                Column(tr("What"), lambda row: row[1].message, tip=lambda row: row[1].message, stretch=True),
            ],
            key=lambda row: row[0],
            parent=self,
            name="curate_flag_table",
            filter_line=False,
        )
        self.table.view.horizontalHeader().hide()
        self.table.view.setAccessibleName(tr("Flags"))
        self.table.row_chosen.connect(self._chosen)
        self.table.row_opened.connect(self._enter)
        self.table.view.clicked.connect(lambda _index: self._enter(self.table.current()))
        self._holder = QWidget(self)
        stack = QStackedLayout(self._holder)
        stack.addWidget(self.table)
        column.addWidget(self._holder)
        self.show_flags([], looked=False)

    def show_flags(self, flags: Sequence[Flag], looked: bool) -> None:
        """Show flags in their order; not `looked` means the rules are still at work."""
        rows = list(flags)
        if rows != self._flags or not rows:
            self._flags = rows
            self.table.set_rows(list(enumerate(rows)))
            self._stand_on_first()
        if not looked:
            self.title.setText(tr("Looking for flags …"))
        elif not rows:
            self.title.setText(
                tr("Nothing flagged. Rules only order the work: please read the text all the same.")
            )
        else:
            self.title.setText(_numbers(rows))
        self._holder.setVisible(bool(rows))
        self.next_button.setEnabled(any(flag.spans for flag in rows))
        height = self.table.view.verticalHeader().defaultSectionSize()
        self._holder.setFixedHeight(height * min(max(len(rows), 1), ROWS_SHOWN) + unit(self) // 2 + 2)

    def flags(self) -> list[Flag]:
        """The flags shown."""
        return list(self._flags)

    def next_place(self, after: int, side: str = "target") -> tuple[Flag, int, int] | None:
        """The first flagged place behind `after` (code points), from the start again behind the last one."""
        places = sorted(
            (span, number)
            for number, flag in enumerate(self._flags)
            if flag.side == side
            for span in flag.spans
        )
        if not places:
            return None
        (start, end), number = next((place for place in places if place[0][0] > after), places[0])
        return self._flags[number], start, end

    def _stand_on_first(self) -> None:
        """Let the focus come and go by Tab without choosing a row, which would select in the text."""
        self._filling = True
        first = self.table.model.index(0, 0)
        self.table.view.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._filling = False

    def _enter(self, row: tuple[int, Flag] | None) -> None:
        self._chosen(row)
        if row is not None and row[1].side == "target":
            self.entered.emit()

    def _chosen(self, row: tuple[int, Flag] | None) -> None:
        if row is None or self._filling:
            return
        flag = row[1]
        start, end = flag.spans[0] if flag.spans else (-1, -1)
        self.wanted.emit(flag, start, end)


def _numbers(flags: Sequence[Flag]) -> str:
    """How many of each severity: "2 errors · 1 note"."""
    count = Counter(flag.severity for flag in flags)
    parts = (
        (count["error"], tr_count("{count} error", "{count} errors", count["error"])),
        (count["warning"], tr_count("{count} warning", "{count} warnings", count["warning"])),
        (count["info"], tr_count("{count} note", "{count} notes", count["info"])),
    )
    return " · ".join(words for number, words in parts if number)
