"""One recent study: its folder's name, its path, and a cross that takes it off the list."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.icons import icon
from mtbx_gui.ui.theme import mix, muted, unit
from mtbx_gui.ui.widgets.panel import icon_button


class _Name(QAbstractButton):
    """Icon, name and path on one line; the path gives way first."""

    def __init__(self, folder: Path, there: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._folder = folder
        self._there = there
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if there else Qt.CursorShape.ArrowCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setObjectName("recent_open")
        self.setEnabled(there)
        self.setAccessibleName(folder.name)
        self.setAccessibleDescription(str(folder))
        self.setToolTip(str(folder))

    def sizeHint(self) -> QSize:
        """As wide as there is room, as high as a table's row."""
        step = unit(self)
        return QSize(40 * step, round(self.fontMetrics().height() * 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name in the text's colour, path quieter; the ground says hover and focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, step, metrics = self.palette(), unit(self), self.fontMetrics()
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        if self.underMouse() or self.hasFocus():
            painter.setPen(palette.color(QPalette.ColorRole.Accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(mix(base, text, 0.06))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), step / 2, step / 2)
        side = round(metrics.height() * 1.1)
        icon("study", QPalette.ColorRole.PlaceholderText).paint(
            painter, step, (self.height() - side) // 2, side, side
        )
        left = 2 * step + side
        room = self.width() - left - step
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        name = metrics.elidedText(self._folder.name, Qt.TextElideMode.ElideRight, round(room * 0.5))
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(left, 0, room, self.height(), middle, name)
        place = str(self._folder.parent) if self._there else tr("no longer there: {path}", path=self._folder)
        gap = metrics.horizontalAdvance(name) + 2 * step
        painter.setPen(muted(palette))
        shown = metrics.elidedText(place, Qt.TextElideMode.ElideMiddle, max(0, room - gap))
        painter.drawText(left + gap, 0, room - gap, self.height(), middle, shown)
        painter.end()


class RecentRow(QWidget):
    """`clicked(folder)` opens, `forgotten(folder)` takes it off the list; the folder itself stays."""

    clicked = Signal(object)
    forgotten = Signal(object)

    def __init__(self, folder: Path, there: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(unit(self) // 2)
        name = _Name(folder, there, self)
        name.clicked.connect(lambda _checked=False: self.clicked.emit(folder))
        row.addWidget(name, 1)
        forget = icon_button("close", tr("Take off this list"), self)
        forget.setObjectName("recent_forget")
        forget.setIcon(icon("close", QPalette.ColorRole.PlaceholderText))
        forget.clicked.connect(lambda _checked=False: self.forgotten.emit(folder))
        row.addWidget(forget)
