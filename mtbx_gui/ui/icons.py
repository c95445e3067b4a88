"""Icons of one family: outline SVGs in resources/icons, drawn in the palette's colour of the moment."""

import functools
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from mtbx_gui.assets import resources
from mtbx_gui.ui.colors import color

_ROLE = QPalette.ColorRole


class _SvgEngine(QIconEngine):
    """Draws one outline icon in the palette's text colour of the moment, at any scale."""

    def __init__(self, name: str, role: QPalette.ColorRole, meaning: str) -> None:
        super().__init__()
        self._name = name
        self._role = role
        self._meaning = meaning

    def _ink(self, mode: QIcon.Mode) -> QColor:
        palette = QApplication.palette()
        if mode == QIcon.Mode.Disabled:
            return palette.color(QPalette.ColorGroup.Disabled, self._role)
        return color(self._meaning) if self._meaning else palette.color(self._role)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        square = QRect(0, 0, side, side)
        square.moveCenter(rect.center())
        renderer = QSvgRenderer(QByteArray(_svg(self._name, self._ink(mode).name()).encode()))
        renderer.render(painter, QRectF(square))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _SvgEngine(self._name, self._role, self._meaning)


@functools.cache
def _svg_source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _svg(name: str, ink: str) -> str:
    return _svg_source(resources() / "icons" / f"{name}.svg").replace("currentColor", ink)


def icon_names() -> list[str]:
    """Names of all icons in resources/icons."""
    return sorted(path.stem for path in (resources() / "icons").glob("*.svg"))


def icon(name: str, role: QPalette.ColorRole = _ROLE.ButtonText, meaning: str = "") -> QIcon:
    """The icon resources/icons/<name>.svg in a palette role, or in the colour of a meaning.

    Raises FileNotFoundError for an icon that does not exist.
    """
    _svg_source(resources() / "icons" / f"{name}.svg")
    return QIcon(_SvgEngine(name, role, meaning))


def app_icon() -> QIcon:
    """The program's own icon, in colours."""
    return QIcon(str(resources() / "icons" / "app" / "mtbx.svg"))
