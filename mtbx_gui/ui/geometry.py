"""Where the window stood: remembered as plain numbers, and brought back onto a screen that still exists."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

SHARE_SEEN = 0.5
"""A window of which less than this share would be on screens is moved onto one."""


def remember(window: QMainWindow) -> str:
    """The window's place as "x y width height maximised"."""
    place = window.normalGeometry()
    return f"{place.x()} {place.y()} {place.width()} {place.height()} {int(window.isMaximized())}"


def restore(window: QMainWindow, remembered: str, usual: QSize) -> None:
    """Put the window where it stood, moved and shrunk until it lies on a screen that is there."""
    place, maximised = parse(remembered)
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    primary = QGuiApplication.primaryScreen().availableGeometry()
    if place is None:
        place = QRect(primary.topLeft(), usual)
        place.moveCenter(primary.center())
    window.setGeometry(clamp(place, screens, primary))
    if maximised:
        window.showMaximized()


def parse(remembered: str) -> tuple[QRect | None, bool]:
    """Read what `remember` wrote; (None, False) for anything else."""
    parts = remembered.split()
    try:
        x, y, width, height, maximised = (int(part) for part in parts)
    except ValueError:
        return None, False
    if width < 1 or height < 1:
        return None, False
    return QRect(x, y, width, height), bool(maximised)


def clamp(place: QRect, screens: list[QRect], primary: QRect) -> QRect:
    """`place`, or when too little of it would be seen, the nearest like it on the screen it touches most."""
    seen = sum(_area(place.intersected(screen)) for screen in screens)
    best = max(screens, key=lambda screen: _area(place.intersected(screen)), default=primary)
    if _area(place.intersected(best)) == 0:
        best = primary
    fits = place.width() <= best.width() and place.height() <= best.height()
    if fits and seen >= SHARE_SEEN * _area(place) and any(s.contains(place.topLeft()) for s in screens):
        return place
    size = place.size().boundedTo(best.size())
    x = min(max(place.x(), best.left()), best.right() + 1 - size.width())
    y = min(max(place.y(), best.top()), best.bottom() + 1 - size.height())
    return QRect(x, y, size.width(), size.height())


def _area(place: QRect) -> int:
    return max(0, place.width()) * max(0, place.height()) if place.isValid() else 0
