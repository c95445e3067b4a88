"""What a view shows while it has nothing to show: one sentence and one button."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from mtbx_gui.ui.icons import icon
from mtbx_gui.ui.theme import scaled_font, unit


class EmptyState(QWidget):
    """A large quiet icon, a sentence that names the first step, and the button that takes it."""

    def __init__(
        self,
        sentence: str,
        button: str = "",
        action: Callable[[], None] | None = None,
        icon_name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * step, 4 * step, 4 * step, 4 * step)
        column.setSpacing(2 * step)
        column.addStretch(2)
        if icon_name:
            picture = QLabel(self)
            side = 5 * step
            picture.setPixmap(icon(icon_name, QPalette.ColorRole.PlaceholderText).pixmap(side, side))
            picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(picture)
        self.sentence = QLabel(sentence, self)
        self.sentence.setObjectName("empty_sentence")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.sentence.setFont(scaled_font(self, 1.1))
        self.sentence.setProperty("muted", True)
        self.sentence.setMinimumWidth(min(self.fontMetrics().averageCharWidth() * 30, 30 * step))
        column.addWidget(self.sentence)
        self.button: QPushButton | None = None
        if button and action is not None:
            self.button = QPushButton(button, self)
            self.button.setObjectName("empty_action")
            self.button.setProperty("primary", True)
            self.button.setAccessibleName(button)
            self.button.clicked.connect(lambda _checked=False: action())
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def set_sentence(self, sentence: str) -> None:
        """Say something else."""
        self.sentence.setText(sentence)
