"""A large, quiet button that says what it will do: icon, title, a sentence, and its key at the right."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPalette, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from mtbx_gui.ui.icons import icon
from mtbx_gui.ui.theme import on_theme_change, scaled_font, unit


class Card(QFrame):
    """Acts like a button: click, Return, Space or its key emit `clicked`."""

    clicked = Signal()

    def __init__(
        self, icon_name: str, title: str, sentence: str, key: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self._icon_name = icon_name
        step = unit(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(2 * step, 2 * step, 2 * step, 2 * step)
        grid.setHorizontalSpacing(2 * step)
        grid.setVerticalSpacing(step // 2)
        self._picture = QLabel(self)
        self._side = round(3.4 * step)
        grid.addWidget(self._picture, 0, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
        name = QLabel(title, self)
        name.setFont(scaled_font(self, 1.15, bold=True))
        grid.addWidget(name, 0, 1)
        if key:
            shown = QLabel(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText), self)
            shown.setFont(scaled_font(self, 0.85))
            shown.setProperty("muted", True)
            grid.addWidget(shown, 0, 2, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(self.clicked)
        words = QLabel(sentence, self)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setProperty("muted", True)
        words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(words, 1, 1, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)
        on_theme_change(self._draw)
        self._draw()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that ends inside the card counts."""
        inside = self.rect().toRectF().contains(QPointF(event.position()))
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Space act as a click."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus as the edge's colour."""
        super().focusInEvent(event)
        self._mark(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the edge at rest again."""
        super().focusOutEvent(event)
        self._mark(False)

    def changeEvent(self, event: QEvent) -> None:
        """Fade the icon with the card."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._draw()

    def _mark(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        self.style().unpolish(self)
        self.style().polish(self)

    def _draw(self) -> None:
        role = QPalette.ColorRole.Accent if self.isEnabled() else QPalette.ColorRole.PlaceholderText
        self._picture.setPixmap(icon(self._icon_name, role).pixmap(self._side, self._side))
