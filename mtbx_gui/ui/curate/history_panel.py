"""Everything ever written for a field, newest first; any text of it can be put back."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from mtbx_gui.study.records import TextFact
from mtbx_gui.ui.curate.words import fact_word
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.diff_view import DiffView
from mtbx_gui.ui.widgets.key_button import KeyButton
from mtbx_gui.ui.widgets.panel import Heading, Panel
from mtbx_gui.ui.widgets.row_table import Column, RowTable


class HistoryPanel(Panel):
    """A table of facts and, beside it, how the chosen one differs from the text now in the editor."""

    restore_wanted = Signal(int)
    """The id of the fact whose text is to be put into the editor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curate_history")
        self._now = ""
        self.column.addWidget(Heading(tr("History"), self))
        self.table: RowTable[TextFact] = RowTable(
            [
                Column(tr("What"), fact_word, stretch=True),
                Column(tr("Who"), lambda fact: fact.author),
                Column(tr("When"), lambda fact: fact.at.replace("T", " ")[:16]),
            ],
            key=lambda fact: fact.fact_id,
            parent=self,
            name="curate_history_table",
            filter_line=False,
        )
        self.table.view.setAccessibleName(tr("History"))
        self.table.row_chosen.connect(self._show)
        self.table.row_opened.connect(lambda fact: self.restore_wanted.emit(fact.fact_id))
        self.diff = DiffView(self)
        self.diff.setObjectName("curate_history_diff")
        self.diff.setAccessibleName(tr("What changed"))
        holder = QWidget(self)
        right = QVBoxLayout(holder)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.diff, 1)
        self.restore = KeyButton(tr("Put this text back"), "", holder, icon_name="undo")
        self.restore.setObjectName("curate_restore")
        self.restore.clicked.connect(self._restore)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.restore)
        right.addLayout(row)
        split = QSplitter(self)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(holder)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setHandleWidth(unit(self))
        self.column.addWidget(split, 1)

    def show_history(self, facts: Sequence[TextFact], now: str) -> None:
        """Show a field's facts (newest first) against the text `now` in the editor."""
        self._now = now
        self.table.set_rows(list(facts))
        if facts and self.table.current() is None:
            self.table.choose_place(0)
        self._show(self.table.current())

    def _show(self, fact: TextFact | None) -> None:
        self.restore.setEnabled(fact is not None and fact.text != self._now)
        self.diff.show_diff(fact.text if fact is not None else "", self._now if fact is not None else "")
        self.diff.verticalScrollBar().setValue(0)

    def _restore(self) -> None:
        fact = self.table.current()
        if fact is not None:
            self.restore_wanted.emit(fact.fact_id)
