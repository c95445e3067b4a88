"""Turns drawn figures into images for the window: the large one and the small ones of the list.

Its functions run in background threads; they touch no widget.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from mtbx_gui.results.look import Look
    from mtbx_gui.results.session import ResultsSession, Shown

SMALL_INCHES = 4.4
"""The width at which a figure is drawn before it is made small."""


def image_of(shown: "Shown", ratio: float) -> QImage | None:
    """The picture of what is shown, for a screen with `ratio` pixels per unit; None for a table."""
    picture = shown.picture
    if picture is None:
        return None
    raw = QImage(
        picture.pixels, picture.width, picture.height, 4 * picture.width, QImage.Format.Format_RGBA8888
    )
    image = raw.convertToFormat(QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    return image


def small_image(
    session: "ResultsSession", key: str, look: "Look", size: QSize, ratio: float
) -> QImage | None:
    """A figure of everything the study has, made as small as `size`; None for a table or an empty one."""
    from mtbx_gui.results.selection import Filter, Rules

    height = SMALL_INCHES * size.height() / size.width()
    small = replace(look, width=SMALL_INCHES, height=height, font=8.0, dpi=90.0)
    image = image_of(session.show(key, Filter(), Rules(), small), 1.0)
    if image is None:
        return None
    pixels = QSize(round(size.width() * ratio), round(size.height() * ratio))
    scaled = image.scaled(
        pixels, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    cut = scaled.copy(0, 0, pixels.width(), pixels.height())
    cut.setDevicePixelRatio(ratio)
    return cut
