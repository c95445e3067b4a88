"""The last five votes, always in sight: a click calls one back to change it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from mtbx_gui.annotation.card import Given, Place
from mtbx_gui.ui.annotate.words import choice_words, short_choice
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import scaled_font, unit

SHOWN = 5


class PastVotes(QWidget):
    """`chosen(Place)` when a vote was clicked; the newest stands at the right."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(unit(self) // 2)
        self._title = QLabel(tr("Last votes"), self)
        self._title.setProperty("muted", True)
        row.addWidget(self._title)
        self._places: list[Place] = []
        self._buttons: list[QPushButton] = []
        for number in range(SHOWN):
            button = QPushButton(self)
            button.setObjectName(f"annotate_past_{number}")
            button.setProperty("flat", True)
            button.setFont(scaled_font(self, 0.92))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, at=number: self._clicked(at))
            self._buttons.append(button)
            row.addWidget(button)

    def show_votes(self, newest_first: Sequence[Given]) -> None:
        """Show these votes."""
        votes = list(reversed(newest_first[:SHOWN]))
        self._places = [vote.place for vote in votes]
        self._title.setVisible(bool(votes))
        for number, button in enumerate(self._buttons):
            button.setVisible(number < len(votes))
            if number < len(votes):
                vote = votes[number]
                button.setText(f"{vote.place.number}.{vote.place.turn} {short_choice(vote.displayed)}")
                words = tr(
                    "Pair {number}, turn {turn}: {choice}. Change it",
                    number=vote.place.number,
                    turn=vote.place.turn,
                    choice=choice_words(vote.displayed),
                )
                button.setToolTip(words)
                button.setAccessibleName(words)

    def _clicked(self, at: int) -> None:
        if at < len(self._places):
            self.chosen.emit(self._places[at])
