"""One step of the start page: title, what it will do, a form, one primary button and quiet progress."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import scaled_font, unit
from mtbx_gui.ui.widgets.form import Form
from mtbx_gui.ui.widgets.key_button import KeyButton
from mtbx_gui.ui.widgets.progress_line import ProgressLine


class StepPage(QWidget):
    """A narrow column in the middle of the window; `back` when the person changes their mind (Escape)."""

    back = Signal()

    def __init__(self, title: str, sentence: str, primary: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        step = unit(self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        inner = QWidget(self)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        outer.addWidget(area)
        across = QHBoxLayout(inner)
        across.setContentsMargins(3 * step, 4 * step, 3 * step, 3 * step)
        across.addStretch(1)
        middle = QWidget(inner)
        middle.setMaximumWidth(84 * step)
        across.addWidget(middle, 12)
        across.addStretch(1)
        self.column = QVBoxLayout(middle)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(2 * step)
        self.column.addStretch(1)
        heading = QLabel(title, middle)
        heading.setFont(scaled_font(self, 1.7, bold=True))
        self.column.addWidget(heading)
        words = QLabel(sentence, middle)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setProperty("muted", True)
        words.setFont(scaled_font(self, 1.05))
        self.column.addWidget(words)
        self.form = Form(middle)
        self.column.addWidget(self.form)
        self.progress = ProgressLine(middle)
        self.progress.hide()
        self.column.addWidget(self.progress)
        row = QHBoxLayout()
        row.setSpacing(step)
        self.back_button = KeyButton(tr("Back"), "Esc", middle)
        self.back_button.setObjectName("step_back")
        self.back_button.clicked.connect(lambda _checked=False: self.back.emit())
        self.primary = KeyButton(primary, "Ctrl+Return", middle, primary=True)
        self.primary.setObjectName("step_primary")
        row.addWidget(self.back_button)
        row.addStretch(1)
        row.addWidget(self.primary)
        self.column.addLayout(row)
        self.column.addStretch(2)

    def set_busy(self, busy: bool) -> None:
        """While the work is under way the form waits and the progress shows, with Cancel in it."""
        self.form.setEnabled(not busy)
        self.primary.setEnabled(not busy)
        self.back_button.setEnabled(not busy)
        self.progress.setVisible(busy)
