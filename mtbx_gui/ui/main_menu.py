"""The menu at the right end of the tab bar: settings, keys, import, other studies, light or dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from mtbx_gui.ui import theme
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.settings_store import SCHEMES

if TYPE_CHECKING:
    from mtbx_gui.ui.shell import Shell
    from mtbx_gui.ui.study_page import StudyPage


def main_menu(shell: Shell, page: StudyPage) -> QMenu:
    """The menu of an open study; its keys act anywhere on the page."""
    menu = QMenu(page)
    menu.setObjectName("main_menu")
    entries: list[tuple[str, str, str, Callable[[], object]] | None] = [
        (tr("Settings…"), "settings", "Ctrl+,", shell.show_settings),
        (tr("All keys"), "keys", "F1", shell.show_keys),
        None,
        (tr("Import into this study…"), "import", "", shell.show_import),
        (tr("Open another study…"), "open", "Ctrl+O", shell.choose_study),
        (tr("Close this study"), "close", "Ctrl+W", shell.close_study),
        None,
    ]
    for entry in entries:
        if entry is None:
            menu.addSeparator()
            continue
        text, icon_name, key, step = entry
        action = menu.addAction(theme.icon(icon_name), text)
        if key:
            action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _checked=False, do=step: do())
        page.addAction(action)
    _add_schemes(menu, shell)
    return menu


def _add_schemes(menu: QMenu, shell: Shell) -> None:
    group = QActionGroup(menu)
    names = {"system": tr("Light or dark as the system"), "light": tr("Light"), "dark": tr("Dark")}
    for scheme in SCHEMES:
        action = QAction(names[scheme], menu, checkable=True)
        action.setData(scheme)
        action.triggered.connect(lambda _checked=False, chosen=scheme: shell.use_scheme(chosen))
        group.addAction(action)
        menu.addAction(action)

    def mark() -> None:
        for choice in group.actions():
            choice.setChecked(choice.data() == shell.settings.data.scheme)

    menu.aboutToShow.connect(mark)
