"""The drawer below a figure: the items behind a mark, and the texts of the one that is chosen."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from mtbx_gui.ui.context import StudyContext, Target
from mtbx_gui.ui.i18n import tr, tr_count
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.answer_view import AnswerView
from mtbx_gui.ui.widgets.panel import Heading, Panel, icon_button
from mtbx_gui.ui.widgets.row_table import Column, RowTable

if TYPE_CHECKING:
    from mtbx_gui.results.behind import BehindRow
    from mtbx_gui.results.session import Part, ResultsSession


PEOPLE = 3
"""The column of what people said; hidden for single scores."""


class Drawer(Panel):
    """`open_for(title, rows, session)`; `closed` when the person is done with it."""

    closed = Signal()

    def __init__(self, context: StudyContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("results_drawer")
        self._context = context
        self._session: ResultsSession | None = None
        self._parts: list[Part] = []
        step = unit(self)
        self.heading = Heading("", self)
        item = icon_button("item", tr("Open the item in Curate"), self, show_text=True)
        item.setObjectName("results_open_item")
        item.clicked.connect(lambda _checked=False: self._open_item())
        close = icon_button("close", tr("Close (Esc)"), self)
        close.setObjectName("results_drawer_close")
        close.clicked.connect(lambda _checked=False: self.closed.emit())
        self.heading.add(item)
        self.heading.add(close)
        self.column.addWidget(self.heading)
        self.table: RowTable[BehindRow] = RowTable(
            [
                Column(tr("Item"), _name, sort=_by_number),
                Column(tr("Category"), lambda r: r.category),
                Column(tr("Judge, by run"), lambda r: r.judge),
                Column(tr("People"), lambda r: r.people, stretch=True),
            ],
            key=lambda r: (r.question_id, r.language, r.turn, r.models),
            parent=self,
            name="results_behind",
        )
        self.table.row_chosen.connect(self._chosen)
        texts = QWidget(self)
        column = QVBoxLayout(texts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(step // 2)
        row = QHBoxLayout()
        self.which = QComboBox(texts)
        self.which.setObjectName("results_part")
        self.which.setAccessibleName(tr("Text"))
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.which.setMinimumContentsLength(12)
        self.which.currentIndexChanged.connect(self._show_part)
        row.addWidget(self.which, 1)
        self.reader = AnswerView(texts)
        self.reader.setObjectName("results_text")
        self.reader.setAccessibleName(tr("Text behind the mark"))
        row.addWidget(self.reader.raw_button(texts))
        column.addLayout(row)
        column.addWidget(self.reader, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setObjectName("results_drawer_splitter")
        split.setChildrenCollapsible(False)
        split.setHandleWidth(2 * step)
        split.addWidget(self.table)
        split.addWidget(texts)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        split.setSizes([60 * step, 50 * step])
        self.column.addWidget(split, 1)
        self.setMinimumHeight(14 * step)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.closed)

    def open_for(self, title: str, rows: list["BehindRow"], session: "ResultsSession") -> None:
        """Show the items behind a mark and choose the first."""
        self._session = session
        count = tr_count("{count} item", "{count} items", len(rows))
        self.heading.set_text(title, count)
        self.table.filter.clear()
        self.table.set_rows(rows)
        self.table.view.setColumnHidden(PEOPLE, not any(row.people for row in rows))
        self.table.fit_columns()
        if rows:
            self.table.choose_place(0)
            self._chosen(self.table.current())
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen(self, row: "BehindRow | None") -> None:
        session = self._session
        if row is None or session is None:
            return

        def read() -> tuple["BehindRow", list["Part"]]:
            return row, session.parts(row)

        self._context.tasks.run(read, self._show_parts)

    def _show_parts(self, found: tuple["BehindRow", list["Part"]]) -> None:
        row, parts = found
        if row != self.table.current():
            return
        before = self.which.currentText().split(":")[0]
        self._parts = parts
        self.which.blockSignals(True)
        self.which.clear()
        self.which.addItems([part.title for part in parts])
        kept = next((n for n, part in enumerate(parts) if part.title.split(":")[0] == before), 0)
        self.which.setCurrentIndex(kept)
        self.which.blockSignals(False)
        self._show_part(kept)

    def _show_part(self, number: int) -> None:
        self.reader.show_text(self._parts[number].text if 0 <= number < len(self._parts) else "")

    def _open_item(self) -> None:
        row = self.table.current()
        if row is not None:
            self._context.go(Target("item", row.question_id, {"language": row.language}))


def _name(row: "BehindRow") -> str:
    return f"{row.question_id} · {row.language.upper()} · {tr('turn {number}', number=row.turn)}"


def _by_number(row: "BehindRow") -> tuple[int, str, str, int]:
    number = int(row.question_id) if row.question_id.isdigit() else 10**9
    return number, row.question_id, row.language, row.turn
