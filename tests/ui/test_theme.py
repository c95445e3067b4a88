import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from mtbx_gui.assets import resources
from mtbx_gui.ui import theme


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(first: QColor, second: QColor) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_texts_of_both_palettes_can_be_read(dark: bool) -> None:
    palette = theme.own_palette(dark)
    role = QPalette.ColorRole
    for ink, ground in [
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button),
        (role.HighlightedText, role.Highlight),
        (role.PlaceholderText, role.Base),
        (role.Link, role.Base),
        (role.ToolTipText, role.ToolTipBase),
    ]:
        assert contrast(palette.color(ink), palette.color(ground)) >= 4.5, (ink, ground)
    assert contrast(theme.muted(palette), palette.color(role.Window)) >= 4.5
    assert contrast(palette.color(role.Accent), palette.color(role.Window)) >= 3
    for meaning in ("model_1", "model_2", "both_bad", "approved", "inconsistent"):
        assert contrast(palette.color(role.Text), theme.tint(meaning, palette)) >= 4.5


def test_reading_text_is_the_brightest_thing_in_the_dark() -> None:
    palette = theme.own_palette(dark=True)
    text = luminance(palette.color(QPalette.ColorRole.Text))
    assert text > luminance(palette.color(QPalette.ColorRole.WindowText))
    assert text > luminance(theme.muted(palette))


def test_scheme_is_switched_at_once_and_widgets_hear_of_it(app: QApplication, qtbot: QtBot) -> None:
    class Listening(QLabel):
        heard = 0

        def listen(self) -> None:
            self.heard += 1

    label = Listening()
    qtbot.addWidget(label)
    theme.on_theme_change(label.listen)
    theme.apply_theme(app, "dark")
    assert theme.is_dark() and theme.scheme() == "dark"
    theme.apply_theme(app, "light")
    assert not theme.is_dark()
    assert label.heard == 2


def test_system_scheme_is_followed_live(app: QApplication) -> None:
    theme.apply_theme(app, "system")
    hints = app.styleHints()
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert not theme.is_dark()


def test_colours_by_meaning_are_the_okabe_ito_ones() -> None:
    wanted = {
        "model_1": "#0072B2", "model_2": "#E69F00", "tie": "#999999", "both_bad": "#D55E00",
        "inconsistent": "#56B4E9", "approved": "#009E73", "finished": "#009E73", "error": "#D55E00",
    }  # fmt: skip
    assert {name: theme.COLORS[name] for name in wanted} == wanted


def test_every_icon_draws_in_the_palettes_colour(app: QApplication) -> None:
    names = theme.icon_names()
    assert {"curate", "runs", "judge", "annotate", "results", "search", "settings"} <= set(names)
    for name in names:
        image = theme.icon(name).pixmap(32, 32).toImage()
        inked = [
            image.pixelColor(x, y)
            for x in range(32)
            for y in range(32)
            if image.pixelColor(x, y).alpha() > 200
        ]
        assert inked, name
        ink = app.palette().color(QPalette.ColorRole.ButtonText)
        assert all(abs(colour.red() - ink.red()) < 12 for colour in inked), name


def test_icons_are_one_family_of_current_color() -> None:
    for name in theme.icon_names():
        text = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        assert 'stroke="currentColor"' in text and 'fill="none"' in text and 'stroke-width="1.75"' in text
        assert "#" not in text


def test_an_icon_that_does_not_exist_is_an_error(app: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        theme.icon("no-such-icon")


def test_spacing_grows_with_the_font(app: QApplication, qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    small = theme.unit(label)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    label.setFont(font)
    assert abs(theme.unit(label) - 2 * small) <= 2
