"""Shows a drawn figure and lets its marks be pointed at, stepped through by key, and opened."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from mtbx_gui.ui.i18n import tr

if TYPE_CHECKING:
    from mtbx_gui.results.frame import Mark


class FigureView(QWidget):
    """`show_figure(image, marks)`; `mark_opened(mark)` on a click or Return. Draws no figure itself."""

    mark_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("results_figure")
        self.setAccessibleName(tr("Figure"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._image = QImage()
        self.marks: list[Mark] = []
        self._current = -1

    def show_figure(self, image: QImage, marks: Sequence["Mark"], words: str) -> None:
        """Show another figure; `words` is what a screen reader says of it."""
        self._image = image
        self.marks = list(marks)
        self._current = -1
        self.setAccessibleDescription(words)
        ratio = image.devicePixelRatio()
        self.setMinimumHeight(round(image.height() / ratio))
        self.update()

    def image(self) -> QImage:
        """The image shown."""
        return self._image

    def current(self) -> "Mark | None":
        """The mark chosen by key."""
        return self.marks[self._current] if 0 <= self._current < len(self.marks) else None

    def area_of(self, mark: "Mark") -> QRect:
        """Where a mark lies in the widget."""
        size = self._shown_size()
        return QRectF(
            mark.left * size.width(),
            mark.top * size.height(),
            (mark.right - mark.left) * size.width(),
            (mark.bottom - mark.top) * size.height(),
        ).toAlignedRect()

    def _shown_size(self) -> QSize:
        return (self._image.deviceIndependentSize()).toSize()

    def _mark_at(self, x: float, y: float) -> "Mark | None":
        hits = [mark for mark in self.marks if self.area_of(mark).contains(round(x), round(y))]
        if not hits:
            return None
        # Of marks that lie on each other the smallest was meant.
        return min(hits, key=lambda mark: (mark.right - mark.left) * (mark.bottom - mark.top))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The figure, and a frame around the mark chosen by key."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        painter.drawImage(0, 0, self._image)
        chosen = self.current()
        if chosen is not None and self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2))
            painter.drawRect(self.area_of(chosen).adjusted(-2, -2, 1, 1))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over marks."""
        hit = self._mark_at(event.position().x(), event.position().y())
        self.setCursor(Qt.CursorShape.PointingHandCursor if hit else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click opens the mark under it."""
        hit = self._mark_at(event.position().x(), event.position().y())
        if hit is not None and event.button() == Qt.MouseButton.LeftButton:
            self._current = self.marks.index(hit)
            self.update()
            self.mark_opened.emit(hit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step through the marks, Return opens one."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        chosen = self.current()
        if event.key() in steps and self.marks:
            start = self._current if self._current >= 0 else (-1 if steps[Qt.Key(event.key())] > 0 else 0)
            self._current = (start + steps[Qt.Key(event.key())]) % len(self.marks)
            self._say_current()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen is not None:
            self.mark_opened.emit(chosen)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The chosen mark shows while the figure has the focus."""
        super().focusInEvent(event)
        self.update()

    def _say_current(self) -> None:
        mark = self.current()
        if mark is None:
            return
        self.update()
        area = self.area_of(mark)
        QToolTip.showText(self.mapToGlobal(area.bottomRight()), mark.text, self, area)

    def event(self, event: QEvent) -> bool:
        """Tooltips say the numbers of the mark under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            hit = self._mark_at(event.pos().x(), event.pos().y())
            if hit is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), hit.text, self, self.area_of(hit))
            return True
        return super().event(event)
