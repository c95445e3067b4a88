"""Small building stones of a view: panels, headings, hairlines, bare containers, icon buttons."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from mtbx_gui.ui.icons import icon
from mtbx_gui.ui.theme import scaled_font, unit


class Panel(QFrame):
    """A framed ground for reading or lists; `column` is its layout, spaced by the unit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", True)
        step = unit(self)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(step, step, step, step)
        self.column.setSpacing(step)


class _Note(QLabel):
    """A line that ends in "…" where its room does."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
        painter.end()


class Heading(QWidget):
    """A panel's title, slightly larger, with room for quiet controls at its right (`row`)."""

    def __init__(self, text: str, parent: QWidget | None = None, note: str = "") -> None:
        super().__init__(parent)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(unit(self))
        self._title = QLabel(text, self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setFont(scaled_font(self, 1.1, bold=True))
        self._note = _Note(note, self)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setProperty("muted", True)
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.row.addWidget(self._title)
        self.row.addWidget(self._note, 1)

    def set_text(self, text: str, note: str | None = None) -> None:
        """Change the title, and the note beside it when given."""
        self._title.setText(text)
        if note is not None:
            self._note.setText(note)

    def text(self) -> str:
        """The title shown."""
        return self._title.text()

    def add(self, widget: QWidget) -> QWidget:
        """Put a control at the right end."""
        self.row.addWidget(widget)
        return widget


class Line(QFrame):
    """A hairline across (or down) a view."""

    def __init__(self, parent: QWidget | None = None, *, vertical: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("line", True)
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)


def bare(parent: QWidget | None = None, *, across: bool = False) -> tuple[QWidget, QVBoxLayout | QHBoxLayout]:
    """A widget without frame or margins and its layout (down, or `across`), spaced by the unit."""
    holder = QWidget(parent)
    layout: QVBoxLayout | QHBoxLayout = QHBoxLayout(holder) if across else QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(unit(holder))
    return holder, layout


def icon_button(
    name: str, text: str, parent: QWidget | None = None, *, show_text: bool = False
) -> QToolButton:
    """A quiet tool button with an icon; `text` is its label, or else its tip and accessible name."""
    button = QToolButton(parent)
    side = round(button.fontMetrics().height() * 1.15)
    button.setIcon(icon(name, QPalette.ColorRole.WindowText))
    button.setIconSize(QSize(side, side))
    button.setText(text)
    button.setToolTip(text)
    button.setAccessibleName(text)
    button.setAutoRaise(True)
    style = (
        Qt.ToolButtonStyle.ToolButtonTextBesideIcon if show_text else Qt.ToolButtonStyle.ToolButtonIconOnly
    )
    button.setToolButtonStyle(style)
    return button
