"""The style sheet: flat buttons, quiet tables and tabs over Fusion, from palette and font alone."""

from string import Template

from PySide6.QtGui import QColor, QPalette

from mtbx_gui.ui.colors import COLORS, mix

_SHEET = Template("""
QToolTip { color: $tip_text; background: $tip; border: 1px solid $line; padding: ${quarter}px ${half}px; }
QPushButton {
  background: $button; color: $button_text; border: 1px solid $line; border-radius: ${half}px;
  padding: ${half}px ${unit}px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $pressed; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $faded; background: $window; }
QPushButton[primary="true"] { background: $primary; color: $primary_text; border-color: $primary; }
QPushButton[primary="true"]:hover { background: $primary_hover; }
QPushButton[primary="true"]:focus { border: 1px solid $text; }
QPushButton[primary="true"]:disabled { background: $pressed; color: $faded; border-color: $line; }
QPushButton[flat="true"] { background: transparent; border-color: transparent; }
QPushButton[flat="true"]:hover { background: $hover; }
QPushButton[flat="true"]:checked { background: $pressed; }
QPushButton[flat="true"]:focus { border-color: $accent; }
QToolButton { border: 1px solid transparent; border-radius: ${half}px; padding: ${quarter}px ${half}px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $pressed; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; }
QLineEdit, QPlainTextEdit, QTextEdit {
  background: $base; border: 1px solid $line; border-radius: ${half}px; selection-background-color: $primary;
  selection-color: $primary_text;
}
QLineEdit { padding: ${half}px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: $accent; }
QTextEdit[bare="true"], QPlainTextEdit[bare="true"] {
  border: none; background: transparent; border-radius: 0;
}
QTableView, QTreeView, QListView {
  background: $base; alternate-background-color: $base; border: 1px solid $line; border-radius: ${half}px;
  selection-background-color: $selected; selection-color: $text; outline: none; gridline-color: $line;
}
QTableView::item, QListView::item, QTreeView::item { padding: 0 ${half}px; border: none; }
QTableView::item:selected, QListView::item:selected, QTreeView::item:selected {
  background: $selected; color: $text;
}
QHeaderView { background: $base; border: none; border-radius: ${half}px; }
QHeaderView::section {
  background: $base; color: $muted; border: none; border-bottom: 1px solid $line; padding: ${half}px;
}
QTableCornerButton::section { background: $base; border: none; }
QFrame[panel="true"] { background: $base; border: 1px solid $line; border-radius: ${half}px; }
QFrame[card="true"] { background: $base; border: 1px solid $line; border-radius: ${unit}px; }
QFrame[card="true"]:hover, QFrame[card="true"][focused="true"] { border-color: $accent; }
QFrame[bar="true"] { background: $bar; border: none; border-bottom: 1px solid $line; }
QLabel[toast="true"] {
  background: $tip; color: $tip_text; border: 1px solid $line; border-radius: ${unit}px;
  padding: ${half}px ${two}px;
}
QFrame[line="true"] { background: $line; border: none; }
QLabel[muted="true"] { color: $muted; }
QLabel[problem="true"] { color: $problem; }
QLabel[keycap="true"] {
  background: $base; border: 1px solid $line; border-radius: ${half}px; padding: ${eighth}px ${half}px;
}
QFrame[status="true"] { background: $bar; border: none; border-top: 1px solid $line; }
QListView[bare="true"] { border: none; }
QListView[side="true"] {
  background: $bar; border: none; border-right: 1px solid $line; border-radius: 0;
  padding: ${unit}px ${half}px;
}
QListView[side="true"]::item { border-radius: ${half}px; }
QStatusBar { background: $window; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $line; }
QMenu { background: $base; border: 1px solid $line; padding: ${quarter}px; }
QMenu::item { padding: ${half}px ${two}px ${half}px ${unit}px; border-radius: ${quarter}px; }
QMenu::item:selected { background: $selected; color: $text; }
QMenu::item:disabled { color: $faded; }
QMenu::separator { height: 1px; background: $line; margin: ${quarter}px ${half}px; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab {
  background: transparent; color: $muted; padding: ${half}px ${unit}px; border: none;
  border-bottom: ${quarter}px solid transparent;
}
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:hover { color: $text; }
QProgressBar { background: $track; border: none; border-radius: ${eighth}px; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: ${eighth}px; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[clear="true"] { background: transparent; }
QGroupBox { border: none; margin-top: ${three}px; padding: 0; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; padding: 0; }
""")


def stylesheet(palette: QPalette, unit: int) -> str:
    """The sheet for a palette and the unit of spacing (half the font's height, in pixels)."""
    role = QPalette.ColorRole
    window, text, base = palette.color(role.Window), palette.color(role.WindowText), palette.color(role.Base)
    accent, primary = palette.color(role.Accent), palette.color(role.Highlight)
    colours = {
        "window": window,
        "base": base,
        "text": palette.color(role.Text),
        "button": palette.color(role.Button),
        "button_text": palette.color(role.ButtonText),
        "line": mix(window, text, 0.17),
        "track": mix(window, text, 0.13),
        "hover": mix(window, text, 0.07),
        "pressed": mix(window, text, 0.14),
        "bar": mix(window, text, 0.025),
        "muted": mix(window, text, 0.72),
        "faded": mix(window, text, 0.45),
        "problem": mix(QColor(COLORS["error"]), palette.color(role.Text), 0.25),
        "accent": accent,
        "selected": mix(base, accent, 0.20),
        "primary": primary,
        "primary_hover": mix(primary, palette.color(role.HighlightedText), 0.10),
        "primary_text": palette.color(role.HighlightedText),
        "tip": palette.color(role.ToolTipBase),
        "tip_text": palette.color(role.ToolTipText),
    }
    sizes = {
        "eighth": max(1, unit // 4),
        "quarter": max(1, unit // 4),
        "half": max(1, unit // 2),
        "unit": unit,
        "two": 2 * unit,
        "three": 3 * unit,
    }
    return _SHEET.substitute({name: value.name() for name, value in colours.items()}, **sizes)
