"""Keys that act only while the focus is inside one page: an arrow on the tab bar must never become a vote."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from mtbx_gui.ui.widgets.key_button import KeyButton

_INSIDE = Qt.ShortcutContext.WidgetWithChildrenShortcut


def bind(page: QWidget, keys: str, action: Callable[[], object], repeats: bool = False) -> None:
    """Let `keys` do something while the focus is in `page`; a key that is held down counts once."""
    shortcut = QShortcut(QKeySequence(keys), page)
    shortcut.setContext(_INSIDE)
    shortcut.setAutoRepeat(repeats)
    shortcut.activated.connect(action)


def confine(page: QWidget, button: KeyButton) -> None:
    """Let a button's keys act only while the focus is in `page`; held down they count once."""
    for shortcut in button.shortcuts:
        shortcut.setParent(page)
        shortcut.setContext(_INSIDE)
        shortcut.setAutoRepeat(False)
