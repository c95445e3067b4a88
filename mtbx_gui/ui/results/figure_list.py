"""The list of figures and tables at the left: grouped, each with a small picture of itself."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.icons import icon
from mtbx_gui.ui.theme import muted, scaled_font, unit

KEY_ROLE = Qt.ItemDataRole.UserRole


class FigureList(QListWidget):
    """`chosen(key)` when another figure is to be shown. Group headings can't be chosen."""

    chosen = Signal(str)

    def __init__(self, figures: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """`figures` are (key, title, group), groups together."""
        super().__init__(parent)
        self.setObjectName("results_list")
        self.setAccessibleName(tr("Figures and tables"))
        self.setProperty("bare", True)
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIconSize(self.thumbnail_size())
        self._items: dict[str, QListWidgetItem] = {}
        group = ""
        for key, title, its_group in figures:
            if its_group != group:
                group = its_group
                self._add_heading(tr(group))
            item = QListWidgetItem(tr(title), self)
            item.setData(KEY_ROLE, key)
            item.setIcon(self._placeholder())
            item.setSizeHint(QSize(10 * unit(self), self.thumbnail_size().height() + unit(self)))
            item.setToolTip(tr(title))
            self._items[key] = item
        self.currentItemChanged.connect(self._changed)

    @staticmethod
    def thumbnail_size() -> QSize:
        """The size of the small pictures, in device-independent pixels."""
        return QSize(7 * unit(), 5 * unit())

    def choose(self, key: str) -> None:
        """Make a figure the current one."""
        if key in self._items:
            self.setCurrentItem(self._items[key])

    def current_key(self) -> str:
        """The key of the current figure."""
        item = self.currentItem()
        return str(item.data(KEY_ROLE)) if item is not None else ""

    def set_thumbnail(self, key: str, image: QImage | None) -> None:
        """Show a small picture; None brings the table's sign back."""
        item = self._items[key]
        item.setIcon(self._placeholder() if image is None else QIcon(QPixmap.fromImage(image)))

    def _add_heading(self, text: str) -> None:
        item = QListWidgetItem(text, self)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(scaled_font(self, 0.92, bold=True))
        item.setForeground(muted(self.palette()))
        item.setSizeHint(QSize(10 * unit(self), round(3.2 * unit(self))))

    def _placeholder(self) -> QIcon:
        """A sheet with the sign of a table, as large as the pictures."""
        size = self.thumbnail_size()
        ratio = self.devicePixelRatioF()
        sheet = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
        sheet.setDevicePixelRatio(ratio)
        sheet.fill(self.palette().color(QPalette.ColorRole.AlternateBase))
        side = 2 * unit(self)
        sign = icon("results", QPalette.ColorRole.PlaceholderText).pixmap(QSize(side, side), ratio)
        painter = QPainter(sheet)
        painter.drawPixmap((size.width() - side) // 2, (size.height() - side) // 2, sign)
        painter.end()
        return QIcon(sheet)

    def _changed(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(KEY_ROLE):
            self.chosen.emit(str(item.data(KEY_ROLE)))
