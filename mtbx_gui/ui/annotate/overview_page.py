"""One's own votes as a table; Return or a double click calls one back to change it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mtbx_gui.annotation.card import Given, Place
from mtbx_gui.ui.annotate.words import MEANING, choice_words
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.key_button import KeyButton
from mtbx_gui.ui.widgets.panel import Heading
from mtbx_gui.ui.widgets.row_table import Column, RowTable

CHOICE_COLUMN = 3


class OverviewPage(QWidget):
    """`chosen(Place)` for a vote to be changed, `left` for the way back."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("annotate_overview_page")
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * step, step, 2 * step, step)
        column.setSpacing(step)
        head = Heading(tr("My votes"), self, tr("Return changes the chosen vote; the earlier one is kept."))
        self.back = KeyButton(tr("Back"), "Esc", self)
        self.back.setObjectName("annotate_overview_back")
        self.back.clicked.connect(lambda _checked=False: self.left.emit())
        head.add(self.back)
        column.addWidget(head)
        columns: list[Column[Given]] = [
            Column(tr("Pair"), lambda vote: str(vote.place.number), lambda vote: vote.place, number=True),
            Column(tr("Turn"), lambda vote: str(vote.place.turn), number=True),
            Column(tr("Question"), lambda vote: vote.question_id),
            Column(
                tr("Choice"), lambda vote: choice_words(vote.displayed), state=lambda v: MEANING[v.displayed]
            ),
            Column(
                tr("Seconds"),
                lambda vote: f"{vote.active_seconds:.0f}",
                lambda vote: vote.active_seconds,
                number=True,
            ),
            Column(tr("Changed"), _changed),
            Column(tr("Comment"), lambda vote: " ".join(vote.comment.split()), stretch=True),
        ]
        nothing = QLabel(tr("Nothing rated yet."), self)
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.table: RowTable[Given] = RowTable(
            columns, lambda vote: vote.place, self, name="annotate_votes", empty=nothing
        )
        self.table.row_opened.connect(lambda vote: self.chosen.emit(vote.place))
        column.addWidget(self.table, 1)
        self._fitted = False

    def show_votes(self, votes: Sequence[Given], at: Place | None = None) -> None:
        """Show these votes, newest first."""
        self.table.set_rows(list(votes))
        if votes and not self._fitted:
            self._fitted = True
            longest = max(self.fontMetrics().horizontalAdvance(choice_words(choice)) for choice in MEANING)
            self.table.view.setColumnWidth(CHOICE_COLUMN, longest + 6 * unit(self))
        if votes and (at is None or not self.table.choose(at)):
            self.table.choose_place(0)
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)


def _changed(vote: Given) -> str:
    if vote.after_turn_2:
        return tr("after turn 2")
    return tr("changed") if vote.revised else ""
