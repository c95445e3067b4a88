"""A button that prints its key small at its right end and answers to that key at once."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QKeySequence, QPainter, QPaintEvent, QPalette, QShortcut
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from mtbx_gui.ui.colors import mix
from mtbx_gui.ui.icons import icon
from mtbx_gui.ui.theme import color, unit


class KeyButton(QPushButton):
    """`KeyButton("Both bad", "X", also=("4",))`: click, X or 4 emit `clicked`; X is printed at the right.

    `meaning` (a name in COLORS) draws a stripe of that colour at the left edge. `primary` marks the one main
    button of a view. The keys act while the button is visible and enabled; a text field keeps its letters.
    """

    def __init__(
        self,
        text: str,
        key: str = "",
        parent: QWidget | None = None,
        *,
        also: tuple[str, ...] = (),
        icon_name: str = "",
        meaning: str = "",
        primary: bool = False,
    ) -> None:
        super().__init__(_literal(text), parent)
        self._key_text = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) if key else ""
        self._meaning = meaning
        self._icon_name = icon_name
        self.shortcuts: list[QShortcut] = []
        for name in (key, *also):
            if name:
                shortcut = QShortcut(QKeySequence(name), self)
                shortcut.activated.connect(self.click)
                self.shortcuts.append(shortcut)
        self.setProperty("primary", primary)
        self.setAccessibleName(f"{text} ({self._key_text})" if self._key_text else text)

    @property
    def key_text(self) -> str:
        """The key as it is printed on the button."""
        return self._key_text

    def set_label(self, text: str) -> None:
        """Change the text; the key stays."""
        self.setText(_literal(text))
        self.setAccessibleName(f"{text} ({self._key_text})" if self._key_text else text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for icon, text and key."""
        step = unit(self)
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text().replace("&&", "&")) + 2 * step + step // 2
        if self._key_text:
            width += self._key_font_metrics_width() + 2 * step
        if self._icon_name:
            width += metrics.height() + step // 4 + step // 2
        if self._meaning:
            width += step
        return QSize(width, metrics.height() + 2 * step)

    def minimumSizeHint(self) -> QSize:
        """The same as the size hint: a key is never cut off."""
        return self.sizeHint()

    def _key_font_metrics_width(self) -> int:
        return round(self.fontMetrics().horizontalAdvance(self._key_text) * 0.9)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style's button, then stripe, icon, text and key."""
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        step = unit(self)
        inner = self.rect().adjusted(step, 0, -step, 0)
        ink, faint = self._inks()
        if self._meaning:
            stripe = QRect(
                self.rect().left() + 1, self.rect().top() + 1, max(2, step // 2), self.height() - 2
            )
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(self._meaning) if self.isEnabled() else faint)
            painter.drawRoundedRect(stripe, step / 4, step / 4)
            inner.adjust(step // 2, 0, 0, 0)
        if self._icon_name:
            side = self.fontMetrics().height() + step // 4
            place = QRect(inner.left(), (self.height() - side) // 2, side, side)
            role = QPalette.ColorRole.HighlightedText if self._is_primary() else QPalette.ColorRole.ButtonText
            mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
            icon(self._icon_name, role).paint(painter, place, Qt.AlignmentFlag.AlignCenter, mode)
            inner.adjust(side + step // 2, 0, 0, 0)
        self._paint_words(painter, inner, ink, faint)
        painter.end()

    def _paint_words(self, painter: QPainter, inner: QRect, ink: QColor, faint: QColor) -> None:
        """Text and key; where both have no room, the key gives way first, then the end of the text."""
        step, metrics = unit(self), self.fontMetrics()
        shown = self.text().replace("&&", "&")
        middle = Qt.AlignmentFlag.AlignVCenter
        key_width = self._key_font_metrics_width() + step if self._key_text else 0
        if key_width and metrics.horizontalAdvance(shown) + key_width <= inner.width():
            small = self.font()
            small.setPointSizeF(small.pointSizeF() * 0.85)
            painter.setFont(small)
            painter.setPen(faint)
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignRight | middle), self._key_text)
            painter.setFont(self.font())
            inner.adjust(0, 0, -key_width, 0)
        leaning = bool(self._key_text or self._icon_name)
        align = Qt.AlignmentFlag.AlignLeft if leaning else Qt.AlignmentFlag.AlignHCenter
        painter.setPen(ink)
        text = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(align | middle), text)

    def _is_primary(self) -> bool:
        return bool(self.property("primary")) and self.isEnabled()

    def _inks(self) -> tuple[QColor, QColor]:
        palette = self.palette()
        if not self.isEnabled():
            faded = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
            return faded, faded
        if self._is_primary():
            ground = palette.color(QPalette.ColorRole.Highlight)
            ink = palette.color(QPalette.ColorRole.HighlightedText)
            return ink, mix(ground, ink, 0.80)
        ground = palette.color(QPalette.ColorRole.Button)
        ink = palette.color(QPalette.ColorRole.ButtonText)
        return ink, mix(ground, ink, 0.66)


def _literal(text: str) -> str:
    """A text whose "&" is shown as such and makes no mnemonic."""
    return text.replace("&", "&&")
