"""Drives the real window with real key presses from inside its process; started by the end-to-end tests.

usage: drive.py annotate|curate STUDY ACKNOWLEDGED: presses keys until it is killed, and writes down (fsynced)
what the window has shown as done.
"""

import json
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from mtbx_gui import app as ours
from mtbx_gui.ui.shell import Shell

STRETCHES = (1, 2, 60)
"""Words written before one goes on to the next field; the last takes longer than the journal waits."""
CHOICES = (Qt.Key.Key_A, Qt.Key.Key_B, Qt.Key.Key_T, Qt.Key.Key_X, Qt.Key.Key_2)


def window() -> Shell:
    """The shell."""
    return next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, Shell))


def acknowledge(path: Path, text: str) -> None:
    """Write a line down for good."""
    fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(fd, (text + "\n").encode())
    os.fsync(fd)
    os.close(fd)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key press wherever the focus is."""
    QTest.keyClick(QApplication.focusWidget() or window(), key, modifier)


def annotate(acknowledged: Path) -> Iterator[None]:
    """Rate pair after pair as "spatz"; each yield lets the event loop turn."""
    from mtbx_gui.ui.annotate import AnnotateTab

    while window().page is None:
        yield
    press(Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    while (tab := window().findChild(AnnotateTab)) is None or not tab.start.isVisible():
        yield
    line: QLineEdit = tab.start.annotator
    line.setFocus()
    line.clear()
    QTest.keyClicks(line, "spatz")
    press(Qt.Key.Key_Return)
    draw = random.Random(os.getpid())
    while True:
        session = tab.session
        if session is not None and tab.rating.isVisible():
            acknowledge(acknowledged, str(session.progress.voted))
            press(draw.choice(CHOICES))
        yield


def curate(acknowledged: Path) -> Iterator[None]:
    """Write words at the end of field after field, letter by letter; no word is ever written twice."""
    from mtbx_gui.ui.curate import CurateTab

    while window().page is None:
        yield
    press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    while (tab := window().findChild(CurateTab)) is None or tab.session is None or not tab.field.isVisible():
        yield
    session = tab.session
    draw = random.Random(os.getpid())

    def note(field_id: int, text: str, saved: bool) -> None:
        line = {"at": time.monotonic(), "field": field_id, "text": text, "saved": saved}
        acknowledge(acknowledged, json.dumps(line))

    word = 0
    while True:
        field_id = session.current.field_id
        tab.field.focus_editor()
        press(Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        for _ in range(draw.choice(STRETCHES)):
            word += 1
            for letter in f" w{os.getpid()}x{word}":
                QTest.keyClick(QApplication.focusWidget(), letter)
                note(field_id, session.draft, False)
                yield
        text = session.draft
        press(Qt.Key.Key_PageDown, Qt.KeyboardModifier.AltModifier)
        note(field_id, text, True)
        yield


def main() -> int:
    """Start the window on the study and drive it."""
    what, study, acknowledged = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    ours.application()
    steps = {"annotate": annotate, "curate": curate}[what](acknowledged)
    timer = QTimer()

    def step() -> None:
        if any(isinstance(widget, QWidget) for widget in QApplication.topLevelWidgets()):
            next(steps)

    timer.timeout.connect(step)
    timer.start(5)
    return ours.main([study])


if __name__ == "__main__":
    sys.exit(main())
