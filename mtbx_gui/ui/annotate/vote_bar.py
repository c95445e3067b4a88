"""The row of choices at the bottom: five buttons that stay where they are, the vote just given, Undo."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from mtbx_gui.study.records import Displayed
from mtbx_gui.ui.annotate.words import MEANING, choice_words
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.key_button import KeyButton

KEYS: dict[Displayed, tuple[str, tuple[str, ...]]] = {
    "A": ("A", ("1", "Left")),
    "B": ("B", ("2", "Right")),
    "tie": ("T", ("3",)),
    "both_bad": ("X", ("4",)),
    "skip": ("S", ("5",)),
}
SAID_MS = 1000


class VoteBar(QWidget):
    """`chosen("A")` when a choice was pressed by key or mouse."""

    chosen = Signal(str)
    undo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(unit(self))
        self.buttons: dict[Displayed, KeyButton] = {}
        for displayed, (key, also) in KEYS.items():
            button = KeyButton(choice_words(displayed), key, self, also=also, meaning=_stripe(displayed))
            button.setObjectName(f"annotate_vote_{displayed.lower()}")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, choice=displayed: self.chosen.emit(choice))
            self.buttons[displayed] = button
            row.addWidget(button, 0 if displayed == "skip" else 2)
        self.buttons["skip"].setProperty("flat", True)
        self.said = QLabel(self)
        self.said.setObjectName("annotate_said")
        self.said.setProperty("muted", True)
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self.said, 3)
        self.undo = KeyButton(tr("Undo"), "Ctrl+Z", self, icon_name="undo")
        self.undo.setObjectName("annotate_undo")
        self.undo.clicked.connect(lambda _checked=False: self.undo_wanted.emit())
        row.addWidget(self.undo)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAID_MS)
        self._timer.timeout.connect(self.said.clear)

    def show_state(self, given: Displayed | None, can_undo: bool) -> None:
        """Mark the choice in effect on the card, and whether there is something to take back."""
        for displayed, button in self.buttons.items():
            button.setChecked(displayed == given)
        self.undo.setEnabled(can_undo)

    def say(self, text: str) -> None:
        """Say for a second what was just done; Undo stands right beside it."""
        self.said.setText(text)
        self._timer.start()


def _stripe(displayed: Displayed) -> str:
    return "" if displayed == "skip" else MEANING[displayed]
