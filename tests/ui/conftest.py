"""Fixtures for the window's tests: a themed application, settings, a small study, a shell with plain tabs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout
from pytestqt.qtbot import QtBot

from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.study.study import Study
from mtbx_gui.ui import theme
from mtbx_gui.ui.context import StudyContext, Target
from mtbx_gui.ui.settings_store import Settings
from mtbx_gui.ui.shell import Shell
from mtbx_gui.ui.tab import Tab
from mtbx_gui.ui.tabs import TABS, TabSpec


class PlainTab(Tab):
    """A line to type in; it notes what the window asks of it, and refuses to leave on the word "stay"."""

    title = "Plain"
    icon = "curate"
    KEYS = [("Ctrl+Return", "Take the line in")]

    def __init__(self, context: StudyContext) -> None:
        super().__init__(context)
        self.seen: list[str] = []
        self.shown: list[Target] = []
        self.line = QLineEdit(self)
        self.line.setAccessibleName("Line")
        column = QVBoxLayout(self)
        column.addWidget(self.line)
        self.setFocusProxy(self.line)

    def activate(self) -> None:
        self.seen.append("activate")

    def leave(self) -> None:
        if self.line.text() == "stay":
            raise MtbxError("The line can't be saved.", "Write something else.")
        self.seen.append("leave")

    def show_target(self, target: Target) -> None:
        self.shown.append(target)


class BrokenTab(Tab):
    """A tab that can't be built."""

    def __init__(self, context: StudyContext) -> None:
        raise MtbxError("The rules file is broken.", "Install the package again.")


def plain_tabs(broken: str = "") -> tuple[TabSpec, ...]:
    """The five tabs by name, with plain insides."""
    return tuple(
        TabSpec(
            spec.name,
            spec.title,
            spec.icon,
            __name__,
            "BrokenTab" if spec.name == broken else "PlainTab",
            spec.targets,
        )
        for spec in TABS
    )


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The application in the light scheme and usual text size."""
    theme.apply_theme(qapp, "light")
    theme.set_text_percent(100)
    yield qapp
    theme.apply_theme(qapp, "light")
    theme.set_text_percent(100)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings in a file of their own."""
    return Settings.load(tmp_path / "settings.json")


@pytest.fixture
def study_folder(tmp_path: Path) -> Path:
    """A study with nothing in it."""
    folder = tmp_path / "pilot"
    Study.create(folder, "Pilot study", ("en", "de", "it")).close()
    return folder


MakeShell = Callable[..., Shell]


@pytest.fixture
def make_shell(app: QApplication, qtbot: QtBot, settings: Settings) -> Iterator[MakeShell]:
    """Builds shown shells and closes them all."""
    made: list[Shell] = []

    def make(broken: str = "", own_settings: Settings | None = None) -> Shell:
        shell = Shell(own_settings or settings, plain_tabs(broken))
        made.append(shell)
        with qtbot.waitActive(shell):
            shell.show()
            shell.activateWindow()
        return shell

    yield make
    for shell in made:
        if shell.page is not None:
            for tab in shell.page.tabs:
                if isinstance(tab, PlainTab):
                    tab.line.clear()
        shell.close()
        shell.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def opened(make_shell: MakeShell, qtbot: QtBot, study_folder: Path) -> Shell:
    """A shell with an empty study open."""
    shell = make_shell()
    with qtbot.waitSignal(shell.study_opened, timeout=30_000):
        shell.open_study(study_folder)
    return shell
