"""The colours: Okabe-Ito by meaning (look.md); a light and a dark palette for desktops that offer none."""

from PySide6.QtGui import QColor, QPalette

COLORS: dict[str, str] = {
    "model_1": "#0072B2",
    "first": "#0072B2",
    "model_2": "#E69F00",
    "second": "#E69F00",
    "tie": "#999999",
    "both_bad": "#D55E00",
    "inconsistent": "#56B4E9",
    "approved": "#009E73",
    "finished": "#009E73",
    "running": "#0072B2",
    "draft": "#E69F00",
    "queued": "#999999",
    "open": "#999999",
    "cancelled": "#999999",
    "unknown": "#56B4E9",
    "stalled": "#E69F00",
    "warning": "#E69F00",
    "error": "#D55E00",
    "failed": "#D55E00",
    "lost": "#D55E00",
    "info": "#56B4E9",
}
"""Okabe-Ito colours by meaning; always show a letter, icon, word or hatch beside them."""

_ROLE = QPalette.ColorRole
_LIGHT = {
    _ROLE.Window: "#f4f5f6",
    _ROLE.WindowText: "#1c2024",
    _ROLE.Base: "#ffffff",
    _ROLE.AlternateBase: "#eef0f2",
    _ROLE.Text: "#16191c",
    _ROLE.Button: "#fbfbfc",
    _ROLE.ButtonText: "#1c2024",
    _ROLE.BrightText: "#ffffff",
    _ROLE.Light: "#ffffff",
    _ROLE.Midlight: "#e4e7ea",
    _ROLE.Mid: "#c9ced3",
    _ROLE.Dark: "#a4abb2",
    _ROLE.Shadow: "#6c747c",
    _ROLE.Highlight: "#3f5bb8",
    _ROLE.HighlightedText: "#ffffff",
    _ROLE.Accent: "#3f5bb8",
    _ROLE.PlaceholderText: "#69727b",
    _ROLE.Link: "#3553b4",
    _ROLE.LinkVisited: "#6a4a9c",
    _ROLE.ToolTipBase: "#2a2f34",
    _ROLE.ToolTipText: "#f4f5f6",
}
_DARK = {
    _ROLE.Window: "#202327",
    _ROLE.WindowText: "#d6dade",
    _ROLE.Base: "#17191c",
    _ROLE.AlternateBase: "#24282c",
    _ROLE.Text: "#eef0f2",
    _ROLE.Button: "#2b2f34",
    _ROLE.ButtonText: "#d6dade",
    _ROLE.BrightText: "#ffffff",
    _ROLE.Light: "#3d434a",
    _ROLE.Midlight: "#343a40",
    _ROLE.Mid: "#3f464d",
    _ROLE.Dark: "#15171a",
    _ROLE.Shadow: "#0c0d0f",
    _ROLE.Highlight: "#4f69c6",
    _ROLE.HighlightedText: "#ffffff",
    _ROLE.Accent: "#8fa5f2",
    _ROLE.PlaceholderText: "#9aa2aa",
    _ROLE.Link: "#9db1f7",
    _ROLE.LinkVisited: "#c3a6ee",
    _ROLE.ToolTipBase: "#3a4047",
    _ROLE.ToolTipText: "#f4f5f6",
}


def color(meaning: str) -> QColor:
    """The colour of a meaning in `COLORS`. Raises KeyError for a meaning without one."""
    return QColor(COLORS[meaning])


def mix(first: QColor, second: QColor, share: float) -> QColor:
    """`share` (0..1) of `second` laid over `first`."""
    return QColor.fromRgbF(
        first.redF() + (second.redF() - first.redF()) * share,
        first.greenF() + (second.greenF() - first.greenF()) * share,
        first.blueF() + (second.blueF() - first.blueF()) * share,
    )


def own_palette(dark: bool) -> QPalette:
    """The palette for a desktop that offers none, or not the scheme that was chosen."""
    palette = QPalette()
    for role, name in (_DARK if dark else _LIGHT).items():
        palette.setColor(role, QColor(name))
    faded = mix(palette.color(_ROLE.Window), palette.color(_ROLE.WindowText), 0.45)
    for role in (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faded)
    return palette
