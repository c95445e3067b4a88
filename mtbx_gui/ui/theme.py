"""Colours, spacing and icons: Fusion with the system's palette, light and dark followed live.

Colours by meaning are the Okabe-Ito ones of look.md; every length comes from the font. Builds no widget.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from mtbx_gui.ui.colors import COLORS, color, mix, own_palette
from mtbx_gui.ui.icons import app_icon, icon, icon_names
from mtbx_gui.ui.stylesheet import stylesheet

__all__ = [
    "COLORS",
    "app_icon",
    "application",
    "apply_theme",
    "color",
    "fixed_font",
    "icon",
    "icon_names",
    "is_dark",
    "mix",
    "muted",
    "on_theme_change",
    "own_palette",
    "reading_font",
    "scaled_font",
    "scheme",
    "set_text_percent",
    "step_text_percent",
    "text_percent",
    "tint",
    "unit",
]

_ROLE = QPalette.ColorRole

READING_FACTOR = 1.12
TEXT_STEPS = (70, 80, 90, 100, 110, 125, 140, 160, 180, 200)
"""Sizes of reading text, in percent, that Ctrl + and Ctrl - step through."""


def unit(widget: QWidget | None = None) -> int:
    """Half the font's height in pixels: the measure of all spacing (use ½, 1 and 2 of it)."""
    font = widget.font() if widget is not None else QApplication.font()
    return max(1, round(QFontMetricsF(font).height() / 2))


def is_dark(palette: QPalette | None = None) -> bool:
    """Whether the window is shown light on dark."""
    return (palette or QApplication.palette()).color(_ROLE.Window).lightnessF() < 0.5


def tint(meaning: str, palette: QPalette | None = None) -> QColor:
    """A quiet ground in the colour of a meaning on which the palette's text stays readable."""
    shown = palette or QApplication.palette()
    return mix(shown.color(_ROLE.Base), color(meaning), 0.30 if is_dark(shown) else 0.16)


def muted(palette: QPalette | None = None) -> QColor:
    """The colour of text that steps back; its contrast on the window stays above 4.5."""
    shown = palette or QApplication.palette()
    return mix(shown.color(_ROLE.Window), shown.color(_ROLE.WindowText), 0.72)


def scaled_font(widget: QWidget | None, factor: float, bold: bool = False) -> QFont:
    """The widget's font at `factor` of the application's font size."""
    font = QFont(widget.font() if widget is not None else QApplication.font())
    font.setPointSizeF(QApplication.font().pointSizeF() * factor)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def reading_font(widget: QWidget | None = None) -> QFont:
    """The font of texts to be read: larger than the window's by a factor and by the person's own choice."""
    return scaled_font(widget, READING_FACTOR * text_percent() / 100)


def fixed_font(factor: float = 1.0) -> QFont:
    """The system's font for code at `factor` of the application's font size."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(QApplication.font().pointSizeF() * factor)
    return font


class _Theme(QObject):
    """Keeps the application's palette and style sheet in step with the system and the person's choice."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.scheme = "system"
        self.text_percent = 100
        app.styleHints().colorSchemeChanged.connect(self._follow)

    def use(self, scheme: str) -> None:
        self.scheme = scheme
        wanted = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(
            scheme, Qt.ColorScheme.Unknown
        )
        self._app.styleHints().setColorScheme(wanted)
        self._follow()

    def _follow(self) -> None:
        offered = self._app.styleHints().colorScheme()
        obeyed = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(self.scheme, offered)
        if offered != Qt.ColorScheme.Unknown and offered == obeyed:
            self._app.setPalette(QPalette())
        else:
            self._app.setPalette(own_palette(dark=self.scheme == "dark"))
        self._app.setStyleSheet(stylesheet(self._app.palette(), unit()))
        self.changed.emit()


def apply_theme(app: QApplication, scheme: str = "system") -> None:
    """Use Fusion and a scheme ("system", "light" or "dark") from now on; the system's is followed live."""
    theme = app.findChild(_Theme)
    if theme is None:
        app.setStyle("Fusion")
        theme = _Theme(app)
    theme.use(scheme)


def application() -> QApplication | None:
    """The running application, or None without a window system."""
    app = QApplication.instance()
    return app if isinstance(app, QApplication) else None


def scheme() -> str:
    """The scheme in use: "system", "light" or "dark"."""
    theme = _theme()
    return theme.scheme if theme is not None else "system"


def _theme() -> _Theme | None:
    app = application()
    return app.findChild(_Theme) if app is not None else None


def on_theme_change(callback: Callable[[], None]) -> None:
    """Call `callback` (a method of a Qt object) when light or dark or the size of reading text changes."""
    theme = _theme()
    if theme is not None:
        theme.changed.connect(callback)


def text_percent() -> int:
    """The size of reading text in percent of its usual size."""
    theme = _theme()
    return theme.text_percent if theme is not None else 100


def set_text_percent(percent: int) -> None:
    """Change the size of all reading text; every reading view follows at once."""
    theme = _theme()
    if theme is not None and percent != theme.text_percent:
        theme.text_percent = max(TEXT_STEPS[0], min(TEXT_STEPS[-1], percent))
        theme.changed.emit()


def step_text_percent(up: bool) -> int:
    """Make reading text one step larger or smaller; the new size in percent."""
    now = text_percent()
    others = [step for step in TEXT_STEPS if (step > now if up else step < now)]
    if others:
        set_text_percent(others[0] if up else others[-1])
    return text_percent()
