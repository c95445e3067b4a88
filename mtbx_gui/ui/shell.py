"""The window: a start page, or an open study. It opens and closes studies and hands everything else on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.ui import geometry, theme
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.main_menu import main_menu
from mtbx_gui.ui.notices import Notices
from mtbx_gui.ui.settings_store import Settings
from mtbx_gui.ui.start_page import StartPage
from mtbx_gui.ui.tabs import TABS, TabSpec
from mtbx_gui.ui.tasks import Tasks

if TYPE_CHECKING:
    from mtbx_gui.actions.new_from import NewStudy
    from mtbx_gui.study.study import Study
    from mtbx_gui.ui.context import Target
    from mtbx_gui.ui.study_page import StudyPage

log = logging.getLogger(__name__)

WINDOW_KEYS: list[tuple[str, str]] = [
    ("Ctrl+1 … Ctrl+5", "Open a tab: Curate, Runs, Judge, Annotate, Results"),
    ("Ctrl+P", "Go to an item, run, model or action by name"),
    ("F1", "Show all keys"),
    ("Ctrl+,", "Settings"),
    ("Ctrl+O", "Open another study"),
    ("Ctrl+W", "Close the study and show the start page"),
    ("Ctrl++ / Ctrl+-", "Larger or smaller reading text"),
    ("Ctrl+0", "Reading text in its usual size"),
    ("Ctrl+Q", "Close the window; runs go on"),
]


class Shell(QMainWindow):
    """The one window. `study_opened` and `study_failed` tell how `open_study` ended."""

    study_opened = Signal()
    study_failed = Signal(object)
    study_closed = Signal()

    def __init__(self, settings: Settings, tabs: tuple[TabSpec, ...] = TABS) -> None:
        super().__init__()
        self._tabs = tabs
        self.settings = settings
        self.setObjectName("shell")
        self.setWindowTitle("mtbx")
        self.tasks = Tasks(self)
        self.notices = Notices(self)
        self.tasks.default_failed = self.notices.error
        self.page: StudyPage | None = None
        self._left: list[tuple[Tasks, Study]] = []
        self._root = QStackedWidget(self)
        self.setCentralWidget(self._root)
        self._front = QWidget(self._root)
        self._front_column = QVBoxLayout(self._front)
        self._front_column.setContentsMargins(0, 0, 0, 0)
        self._front_column.setSpacing(0)
        self._front_column.addWidget(self.notices.bars)
        self.start_page = StartPage(settings, self.tasks, self.notices, self._front)
        self.start_page.study_chosen.connect(self.open_study)
        self.start_page.open_wanted.connect(self.choose_study)
        self.start_page.keys_wanted.connect(self.show_keys)
        self.start_page.settings_wanted.connect(lambda: self.show_settings())
        self.start_page.study_made.connect(self._show_study)
        self.start_page.imported.connect(self._show_imported)
        self._front_column.addWidget(self.start_page, 1)
        self._root.addWidget(self._front)
        self._keys()
        step = theme.unit(self)
        geometry.restore(self, settings.data.window, QSize(180 * step, 116 * step))
        self.setMinimumSize(80 * step, 56 * step)
        settings.watch(self._settings_changed)
        if settings.problem is not None:
            self.notices.bar(
                str(settings.problem),
                tr("Set it aside"),
                self._settings_afresh,
                "warning",
            )

    def open_study(self, path: Path | str) -> None:
        """Open a study in the background; then its tabs are shown, or a notice says why not."""
        folder = Path(path)
        self.start_page.set_busy(True)
        self.tasks.run(partial(_open, folder), self._show_study, self._open_failed)

    def choose_study(self) -> None:
        """Ask for a study's folder."""
        dialog = QFileDialog(self, tr("Open a study"))
        dialog.setObjectName("open_dialog")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.fileSelected.connect(self.open_study)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def close_study(self) -> bool:
        """Go back to the start page; False when the tab in front can't save its work.

        Background work on the study is waited for in the background too.
        """
        page = self.page
        if page is None:
            return True
        if not page.flush():
            return False
        self.page = None
        self.settings.data.view["tab"] = page.current
        page.context.tasks.stop()
        self.notices.bars.setParent(self._front)
        self._front_column.insertWidget(0, self.notices.bars)
        self._root.removeWidget(page)
        page.setParent(None)
        page.deleteLater()
        page.context.deleteLater()
        left = (page.context.tasks, page.context.study)
        self._left.append(left)
        self.tasks.run(partial(self._put_away, left), lambda _none: left[0].deleteLater())
        self.setWindowTitle("mtbx")
        self.start_page.refresh()
        self.study_closed.emit()
        return True

    def show_tab(self, index: int) -> None:
        """Bring a tab to the front (Ctrl+1 … 5)."""
        if self.page is not None:
            self.page.show_tab(index)

    def show_go_to(self) -> None:
        """Open "Go to…" over the page."""
        if self.page is None:
            return
        from mtbx_gui.ui.go_to import GoTo

        GoTo(self.page.context, self, self._tabs, self._window_actions()).open_over(self)

    def show_keys(self) -> None:
        """List all keys."""
        from mtbx_gui.ui.keys_help import KeysHelp

        KeysHelp(WINDOW_KEYS, self._tabs, self).open()

    def show_settings(self, page: str = "") -> None:
        """Open the settings, at one of their pages when named."""
        from mtbx_gui.ui.settings_dialog import SettingsDialog

        context = self.page.context if self.page is not None else None
        dialog = SettingsDialog(self.settings, self.tasks, self.notices, context, self)
        if page:
            dialog.show_page(page)
        dialog.open()

    def show_import(self) -> None:
        """Import into the open study."""
        if self.page is None:
            self.start_page.show_import()
            return
        from mtbx_gui.ui.import_panel import ImportDialog

        ImportDialog(self.page.context, self).open()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Write down what is unsaved, remember the window, end background work. Runs go on without it."""
        tab = self.page.current if self.page is not None else None
        if not self.close_study():
            event.ignore()
            return
        if tab is not None:
            self.settings.data.view["tab"] = tab
        self.settings.data.window = geometry.remember(self)
        self.settings.unwatch(self._settings_changed)
        try:
            self.settings.save()
        except MtbxError as problem:
            log.info("%s", problem)
        self.hide()
        self.notices.close()
        self.tasks.shutdown()
        while self._left:
            self._put_away(self._left[0])
        event.accept()

    def _show_study(self, study: Study) -> None:
        self.start_page.set_busy(False)
        if not self.close_study():
            study.close()
            return
        from mtbx_gui.ui.context import StudyContext
        from mtbx_gui.ui.study_page import StudyPage

        tasks = Tasks(self)
        tasks.default_failed = self.notices.error
        context = StudyContext(study, self.settings.author, tasks, self.notices, self.settings, self)
        page = StudyPage(context, self._tabs, self._root)
        page.bar.go_to.connect(self.show_go_to)
        page.bar.menu_button.setMenu(main_menu(self, page))
        context.go_requested.connect(self._act)
        self.page = page
        self._root.addWidget(page)
        self._root.setCurrentWidget(page)
        self.setWindowTitle(f"mtbx · {study.name}")
        try:
            self.settings.remember_study(study.folder)
        except MtbxError as problem:
            self.notices.error(problem)
        first = self.settings.data.view.get("tab", 0)
        page.show_tab(first if isinstance(first, int) and 0 <= first < len(self._tabs) else 0)
        self.study_opened.emit()

    def _show_imported(self, made: NewStudy) -> None:
        from mtbx_gui.ui.import_report import report_import

        self._show_study(made.study)
        if self.page is not None and self.page.context.study is made.study:
            report_import(self, self.notices, made.taken)

    def _put_away(self, left: tuple[Tasks, Study]) -> None:
        tasks, study = left
        tasks.drain()
        study.close()
        if left in self._left:
            self._left.remove(left)

    def _open_failed(self, problem: Exception) -> None:
        self.start_page.set_busy(False)
        self.notices.error(problem)
        self.study_failed.emit(problem)

    def _act(self, target: Target) -> None:
        """Targets of the kind "action" that belong to the window itself."""
        if target.kind != "action":
            return
        name, _, detail = target.key.partition(":")
        if name == "settings":
            self.show_settings(detail)
        elif name in ("import", "keys", "open", "close"):
            {
                "import": self.show_import,
                "keys": self.show_keys,
                "open": self.choose_study,
                "close": self.close_study,
            }[name]()

    def _window_actions(self) -> list[tuple[str, Target]]:
        from mtbx_gui.ui.context import Target

        return [
            (tr("Import into this study…"), Target("action", "import")),
            (tr("Open another study…"), Target("action", "open")),
            (tr("Close this study"), Target("action", "close")),
            (tr("Settings"), Target("action", "settings")),
            (tr("All keys"), Target("action", "keys")),
        ]

    def _keys(self) -> None:
        steps: list[tuple[str, Callable[[], object]]] = [
            (f"Ctrl+{number + 1}", partial(self.show_tab, number)) for number in range(len(self._tabs))
        ]
        steps += [
            ("Ctrl+Q", self.close),
            ("Ctrl++", lambda: self._size_text(up=True)),
            ("Ctrl+=", lambda: self._size_text(up=True)),
            ("Ctrl+-", lambda: self._size_text(up=False)),
            ("Ctrl+0", lambda: self._size_text(up=None)),
        ]
        for key, step in steps:
            QShortcut(QKeySequence(key), self).activated.connect(step)

    def _size_text(self, up: bool | None) -> None:
        if up is None:
            theme.set_text_percent(100)
        else:
            theme.step_text_percent(up)
        self.settings.data.text_percent = theme.text_percent()
        self.notices.toast(tr("Reading text {percent} %", percent=theme.text_percent()))

    def use_scheme(self, scheme: str) -> None:
        """Switch to light, dark or the system's own, and remember it."""
        self.settings.data.scheme = scheme
        try:
            self.settings.save()
        except MtbxError as problem:
            self.notices.error(problem)

    def _settings_changed(self) -> None:
        app = theme.application()
        if app is not None and theme.scheme() != self.settings.data.scheme:
            theme.apply_theme(app, self.settings.data.scheme)
        theme.set_text_percent(self.settings.data.text_percent)
        if self.page is not None:
            self.page.context.author = self.settings.author

    def _settings_afresh(self) -> None:
        try:
            kept = self.settings.start_afresh()
        except (MtbxError, OSError) as problem:
            self.notices.error(problem)
            return
        self.notices.toast(tr("The old settings are kept in {path}", path=kept))


def _open(folder: Path) -> Study:
    from mtbx_gui.study.study import Study

    return Study.open(folder)
