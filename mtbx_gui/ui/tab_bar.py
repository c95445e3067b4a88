"""The line at the top of the window: five tabs with icon, text and badge, then "Go to…" and the menu."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.icons import icon
from mtbx_gui.ui.tabs import TabSpec
from mtbx_gui.ui.theme import mix, muted, unit
from mtbx_gui.ui.widgets.key_button import KeyButton
from mtbx_gui.ui.widgets.panel import icon_button


class TabButton(QAbstractButton):
    """One tab's handle: icon, title and, when something needs the person, a badge with a number."""

    def __init__(self, spec: TabSpec, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon_name = spec.icon
        self._badge = 0
        self._title = tr(spec.title)
        self.setText(self._title)
        self.setObjectName(f"tab_{spec.name}")
        self.setCheckable(True)
        self.setToolTip(f"Ctrl+{number}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self._title)

    def set_badge(self, count: int) -> None:
        """Show how many things need the person; 0 takes the badge away."""
        if count != self._badge:
            self._badge = count
            self.setAccessibleName(f"{self._title}, {count}" if count else self._title)
            self.updateGeometry()
            self.update()

    def badge(self) -> int:
        """The number in the badge."""
        return self._badge

    def sizeHint(self) -> QSize:
        """Icon, title, badge and a unit of air at both ends."""
        step, metrics = unit(self), self.fontMetrics()
        width = 3 * step + round(metrics.height() * 1.2) + metrics.horizontalAdvance(self._title) + 2 * step
        if self._badge:
            width += round(self._badge_width()) + step // 2
        return QSize(width, metrics.height() + 3 * step)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Draw the tab as pointed at."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Draw the tab at rest again."""
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon, title, badge; a line of the accent's colour under the tab that is open."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, step, metrics = self.palette(), unit(self), self.fontMetrics()
        window, text = palette.color(QPalette.ColorRole.Window), palette.color(QPalette.ColorRole.WindowText)
        accent = palette.color(QPalette.ColorRole.Accent)
        if self.underMouse() and not self.isChecked():
            painter.fillRect(self.rect(), mix(window, text, 0.05))
        bright = self.isChecked() or self.underMouse()
        side = round(metrics.height() * 1.2)
        left = 2 * step
        role = QPalette.ColorRole.WindowText if bright else QPalette.ColorRole.PlaceholderText
        icon(self._icon_name, role).paint(painter, left, (self.height() - side) // 2, side, side)
        left += side + step
        font = self.font()
        painter.setFont(font)
        painter.setPen(text if bright else muted(palette))
        advance = metrics.horizontalAdvance(self._title)
        painter.drawText(
            left, 0, advance + step, self.height(), int(Qt.AlignmentFlag.AlignVCenter), self._title
        )
        left += advance + step // 2
        if self._badge:
            self._paint_badge(painter, left, accent, palette.color(QPalette.ColorRole.Base))
        if self.isChecked():
            thick = max(2, step // 3)
            painter.fillRect(step, self.height() - thick, self.width() - 2 * step, thick, accent)
        if self.hasFocus():
            painter.setPen(accent)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), step / 2, step / 2)
        painter.end()

    def _badge_width(self) -> float:
        metrics = QFontMetricsF(self.font())
        return max(metrics.height() * 1.05, metrics.horizontalAdvance(str(self._badge)) * 0.85 + unit(self))

    def _paint_badge(self, painter: QPainter, left: int, ground: QColor, ink: QColor) -> None:
        height = self.fontMetrics().height() * 1.05
        spot = QRectF(left + unit(self) / 2, (self.height() - height) / 2, self._badge_width(), height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(spot, height / 2, height / 2)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(spot, int(Qt.AlignmentFlag.AlignCenter), str(self._badge))


class TabBar(QFrame):
    """All tab handles; `chosen(index)` when one is clicked, `go_to` and `menu` for the two at the right."""

    chosen = Signal(int)
    go_to = Signal()

    def __init__(self, specs: tuple[TabSpec, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", True)
        step = unit(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(step, 0, step, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.buttons: list[TabButton] = []
        for number, spec in enumerate(specs, start=1):
            button = TabButton(spec, number, self)
            self._group.addButton(button, number - 1)
            self.buttons.append(button)
            row.addWidget(button)
        self._group.idClicked.connect(self.chosen)
        row.addStretch(1)
        find = KeyButton(tr("Go to…"), "Ctrl+P", self, icon_name="search")
        find.setObjectName("go_to_button")
        find.setProperty("flat", True)
        find.clicked.connect(lambda _checked=False: self.go_to.emit())
        row.addWidget(find)
        row.addSpacing(step // 2)
        self.menu_button = icon_button("settings", tr("Settings and more"), self)
        self.menu_button.setObjectName("menu_button")
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row.addWidget(self.menu_button)

    def show_chosen(self, index: int) -> None:
        """Mark a tab as the open one, without `chosen`."""
        self.buttons[index].setChecked(True)
