"""State as a coloured dot and a word, as a widget and as the way tables paint it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mtbx_gui.ui.theme import COLORS, color, muted, unit

FILLED = frozenset(
    {"finished", "approved", "running", "failed", "error", "lost", "both_bad", "model_1", "model_2"}
)
HALF = frozenset({"draft", "stalled", "warning"})


def draw_dot(painter: QPainter, meaning: str, area: QRectF) -> None:
    """Draw the dot of a state into the middle of `area`: full, half or a ring, not by colour alone."""
    side = min(area.width(), area.height())
    spot = QRectF(0, 0, side, side)
    spot.moveCenter(area.center())
    ink = color(meaning) if meaning in COLORS else QColor(COLORS["open"])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = painter.pen()
    pen.setColor(ink)
    pen.setWidthF(max(1.0, side / 7))
    painter.setPen(pen)
    ring = spot.adjusted(pen.widthF() / 2, pen.widthF() / 2, -pen.widthF() / 2, -pen.widthF() / 2)
    painter.setBrush(ink if meaning in FILLED else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(ring)
    if meaning in HALF:
        painter.setBrush(ink)
        painter.drawPie(ring, 90 * 16, 180 * 16)
    painter.restore()


class StateLabel(QWidget):
    """A dot in the colour of a meaning in COLORS, then the word for it."""

    def __init__(self, meaning: str = "", word: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._meaning = meaning
        self._word = word
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(word)

    def show_state(self, meaning: str, word: str) -> None:
        """Show another state."""
        if (meaning, word) == (self._meaning, self._word):
            return
        self._meaning, self._word = meaning, word
        self.setAccessibleName(word)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The word shown."""
        return self._word

    def meaning(self) -> str:
        """The meaning whose colour is shown."""
        return self._meaning

    def sizeHint(self) -> QSize:
        """Dot, a gap, the word."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._word) + metrics.ascent() + unit(self), metrics.height())

    def minimumSizeHint(self) -> QSize:
        """The dot alone; the word may be cut with an ellipsis."""
        return QSize(self.fontMetrics().ascent(), self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dot and word."""
        painter = QPainter(self)
        metrics = self.fontMetrics()
        side = metrics.ascent() * 0.75
        draw_dot(painter, self._meaning, QRectF(0, 0, side, self.height()))
        left = round(side + unit(self) * 0.75)
        painter.setPen(
            self.palette().color(self.foregroundRole()) if self.isEnabled() else muted(self.palette())
        )
        word = metrics.elidedText(self._word, Qt.TextElideMode.ElideRight, self.width() - left)
        painter.drawText(
            left, 0, self.width() - left, self.height(), int(Qt.AlignmentFlag.AlignVCenter), word
        )
        painter.end()
