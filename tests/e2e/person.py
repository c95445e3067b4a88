"""A person at the real window: presses keys, writes, waits until something is so. Lives inside the process.

A script is a generator; whatever it yields is waited for while the window's own event loop runs.
"""

import os
import sys
import time
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from mtbx_gui import app as ours
from mtbx_gui.ui.shell import Shell

PATIENCE_S = 30.0
LOOK_MS = 10
TABS_MOST = 60
TURNS_TO_SETTLE = 6
FAILED = 3
PLUGIN_LIMITS = ("This plugin does not support",)
"""Words of the offscreen platform about what it can't do; nothing of ours."""

W = TypeVar("W", bound=QWidget)


@dataclass(frozen=True)
class Wait:
    """What has to be so before the script goes on; patience in seconds."""

    what: str
    met: Callable[[], object]
    patience_s: float


Script = Generator[Wait, None, None]


class Unmet(AssertionError):
    """The window is not as it should be."""


class Person:
    """Keys go where the keyboard goes: to the window that has the focus, and there to the focused widget."""

    def __init__(self, pictures: Path) -> None:
        self.pictures = pictures
        self._step = "start"
        self._script: Script | None = None
        self._wait: Wait | None = None
        self._since = 0.0
        self._count = 0
        self._said: list[str] = []

    def live(self, script: Callable[["Person"], Script], argv: list[str]) -> int:
        """Start the window with these arguments and go through the script; the window's exit code."""
        qInstallMessageHandler(self._hear)
        ours.application()
        self._script = script(self)
        timer = QTimer()
        timer.timeout.connect(self._look)
        timer.start(LOOK_MS)
        code = ours.main(argv)
        timer.stop()
        if self._script is not None:
            return self._fail(Unmet("the window was closed before the script was through"))
        if self._said:
            return self._fail(Unmet("Qt warned: " + " | ".join(self._said)))
        return code

    # what a person does

    def step(self, name: str) -> None:
        """Say what comes next; failures name it."""
        self._step = name

    def press(self, keys: str) -> None:
        """Press a key, as in "Ctrl+Return"."""
        window = QGuiApplication.focusWindow()
        if window is None:
            raise Unmet(f"no window has the focus to press {keys}")
        pressed = QKeySequence(keys)[0]
        QTest.keyClick(window, pressed.key(), pressed.keyboardModifiers())

    def write(self, text: str) -> None:
        """Write into the focused widget, letter by letter."""
        for letter in text:
            if letter == "\n":
                self.press("Return")
            elif letter.isascii():
                QTest.keyClick(QGuiApplication.focusWindow(), letter)
            else:
                QTest.sendKeyEvent(
                    *(QTest.KeyAction.Click, QApplication.focusWidget(), Qt.Key.Key_unknown),
                    *(letter, Qt.KeyboardModifier.NoModifier),
                )

    def replace(self, text: str) -> None:
        """Put a text in place of what the focused line holds."""
        self.press("Ctrl+A")
        self.write(text)

    def tab_to(self, *names: str, back: bool = False) -> None:
        """Press Tab (or Shift+Tab) until the control of one of these object names has the focus."""
        seen: list[str] = []
        for _ in range(TABS_MOST):
            focused = QApplication.focusWidget()
            if focused is not None and focused.objectName() in names:
                return
            seen.append(focused.objectName() or type(focused).__name__ if focused else "nothing")
            self.press("Shift+Tab" if back else "Tab")
        raise Unmet(f"Tab does not lead to {names[0]}; it leads over {', '.join(dict.fromkeys(seen))}")

    def pick(self, names: list[str], wanted: str, back: bool = False) -> None:
        """Go to a row of buttons of which one is chosen, and press the wanted one."""
        self.tab_to(*names, back=back)
        for _ in names:
            here = QApplication.focusWidget().objectName()
            if here == wanted:
                self.press("Space")
                return
            self.press("Right" if names.index(here) < names.index(wanted) else "Left")
        raise Unmet(f"the arrow keys do not lead to {wanted}")

    def choose(self, name: str, value: str, back: bool = False) -> None:
        """Go to a drop-down and choose by its arrow keys."""
        self.tab_to(name, back=back)
        combo = self.find(QComboBox, name)
        place = combo.findData(value)
        if place < 0:
            raise Unmet(f"{name} does not offer {value}")
        for _ in range(combo.count()):
            if combo.currentIndex() == place:
                return
            self.press("Down" if combo.currentIndex() < place else "Up")
        raise Unmet(f"{name} stays at {combo.currentText()}, {value} was to be chosen")

    # what a person sees

    @property
    def shell(self) -> Shell:
        """The window."""
        return next(w for w in QApplication.topLevelWidgets() if isinstance(w, Shell))

    def until(self, what: str, met: Callable[[], object], patience_s: float = PATIENCE_S) -> Wait:
        """To be yielded: the script goes on once `met` is so."""
        return Wait(what, met, patience_s)

    def front(self) -> Wait:
        """To be yielded: the window has the keyboard. Where no window manager gives it, it is asked for."""

        def active() -> bool:
            if not self.shell.isActiveWindow():
                self.shell.activateWindow()
            return self.shell.isActiveWindow() and QGuiApplication.focusWindow() is not None

        return self.until("the window has the keyboard", active)

    def find(self, kind: type[W], name: str) -> W:
        """The visible widget of this kind and object name."""
        found = [w for w in self.shell.findChildren(kind, name) if w.isVisible()]
        if not found:
            raise Unmet(f"{name} is not to be seen")
        return found[0]

    def text(self, name: str) -> str:
        """What a label says; "" when it can't be seen."""
        found = [w for w in self.shell.findChildren(QWidget, name) if w.isVisible()]
        return str(found[0].text()) if found else ""

    def check(self, what: str, is_so: object) -> None:
        """What the script claims of the window or the study."""
        if not is_so:
            raise Unmet(what)

    def pictured(self, name: str) -> Wait:
        """To be yielded: keep how the window looks once nothing is left to be laid out."""
        turns = iter(range(TURNS_TO_SETTLE))

        def settled() -> bool:
            if next(turns, None) is not None:
                return False
            self.picture(name)
            return True

        return self.until("a picture is taken", settled)

    def picture(self, name: str) -> Path:
        """Keep how the window looks now."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        path = self.pictures / f"{name}.png"
        window = QApplication.activeModalWidget() or self.shell
        window.grab().save(str(path))
        return path

    # inside

    def _look(self) -> None:
        if self._script is None:
            return
        try:
            for bar in self.shell.notices.bars.shown():
                raise Unmet(f"a notice came up: {bar.text}")
            if self._wait is not None and not self._wait.met():
                if time.monotonic() - self._since > self._wait.patience_s:
                    raise Unmet(f"waited {self._wait.patience_s:.0f} s in vain until {self._wait.what}")
                return
            self._wait = None
            self._wait = next(self._script)
            self._since = time.monotonic()
        except StopIteration:
            self._script = None
        except BaseException as problem:
            os._exit(self._fail(problem))

    def _fail(self, problem: BaseException) -> int:
        picture = "no picture: the window is gone"
        if any(isinstance(w, Shell) for w in QApplication.topLevelWidgets()):
            picture = f"picture: {self.picture('failed')}"
        waited = f", waiting until {self._wait.what}" if self._wait is not None else ""
        print(f"Step: {self._step}{waited}\n{problem}\n{picture}", file=sys.stderr)
        if not isinstance(problem, Unmet):
            traceback.print_exception(problem)
        sys.stderr.flush()
        return FAILED

    def _hear(self, kind: QtMsgType, _context: object, text: str) -> None:
        serious = kind in (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
        if serious and not text.startswith(PLUGIN_LIMITS):
            self._said.append(text)
