"""The style sheet: flat buttons, quiet tables and tabs over Fusion, from palette and font alone."""

from string import Template

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyle

from mtbx_gui.assets import resources
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
  background: $base; color: $muted; border: none; border-bottom: 1px solid $line;
  padding: ${half}px ${head}px;
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
QCheckBox, QRadioButton { spacing: ${half}px; }
QCheckBox::indicator, QRadioButton::indicator, QTableView::indicator, QListView::indicator,
QTreeView::indicator {
  width: ${mark}px; height: ${mark}px; background: $base; border: 1px solid $edge;
}
QCheckBox::indicator, QTableView::indicator, QListView::indicator, QTreeView::indicator {
  border-radius: ${eighth}px;
}
QRadioButton::indicator { border-radius: ${ring}px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover, QCheckBox::indicator:focus {
  border-color: $accent;
}
QCheckBox::indicator:checked, QTableView::indicator:checked, QListView::indicator:checked,
QTreeView::indicator:checked { background: $primary; border-color: $primary; image: url("$icons/tick.svg"); }
QCheckBox::indicator:indeterminate {
  background: $primary; border-color: $primary; image: url("$icons/bar.svg");
}
QRadioButton::indicator:checked {
  border-color: $primary;
  background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5, fx: 0.5, fy: 0.5,
    stop: 0 $primary, stop: 0.45 $primary, stop: 0.6 $base, stop: 1 $base);
}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; background: $window; }
QCheckBox::indicator:checked:disabled { background: $grip; }
QComboBox, QAbstractSpinBox {
  background: $button; color: $button_text; border: 1px solid $line; border-radius: ${half}px;
  padding: ${eighth}px ${half}px; min-height: ${line_height}px; selection-background-color: $primary;
  selection-color: $primary_text;
}
QAbstractSpinBox, QComboBox:editable { background: $base; }
QComboBox:hover { background: $hover; }
QComboBox:focus, QAbstractSpinBox:focus { border-color: $accent; }
QComboBox:disabled, QAbstractSpinBox:disabled { color: $faded; background: $window; }
QComboBox { padding-right: ${two}px; }
QComboBox::drop-down { border: none; width: ${two}px; }
QComboBox::down-arrow { image: url("$icons/down.svg"); width: ${arrow}px; height: ${arrow}px; }
QComboBox QAbstractItemView { border: 1px solid $line; border-radius: 0; padding: ${eighth}px; }
QAbstractSpinBox { padding-right: ${two}px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
  border: none; background: transparent; width: ${two}px; subcontrol-origin: border;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-arrow { image: url("$icons/up.svg"); width: ${small}px; height: ${small}px; }
QAbstractSpinBox::down-arrow { image: url("$icons/down.svg"); width: ${small}px; height: ${small}px; }
QScrollBar { background: transparent; border: none; margin: 0; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { width: ${unit}px; }
QScrollBar:horizontal { height: ${unit}px; }
QScrollBar::handle { background: $grip; border-radius: ${eighth}px; margin: ${eighth}px; }
QScrollBar::handle:vertical { min-height: ${three}px; }
QScrollBar::handle:horizontal { min-width: ${three}px; }
QScrollBar::handle:hover { background: $faded; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
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
        "edge": mix(window, text, 0.42),
        "grip": mix(window, text, 0.22),
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
        "mark": 2 * unit,
        "ring": unit + 1,
        "arrow": unit + unit // 4,
        "small": unit,
        "line_height": 2 * unit + max(1, unit // 2),
        "head": max(1, unit // 2) + _text_margin(),
        "unit": unit,
        "two": 2 * unit,
        "three": 3 * unit,
    }
    icons = (resources() / "icons" / "app").as_posix()
    return _SHEET.substitute({name: value.name() for name, value in colours.items()}, **sizes, icons=icons)


def _text_margin() -> int:
    """What the style itself leaves beside a cell's text, so that headings stand over their columns."""
    style = QApplication.style()
    return style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1 if style is not None else 0
