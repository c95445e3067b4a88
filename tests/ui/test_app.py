"""The real start-up: arguments, failures, heavy modules, pictures."""

import json
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mtbx_gui import app as program
from mtbx_gui.ui.failures import Guard
from mtbx_gui.ui.settings_store import Settings
from mtbx_gui.ui.shell import Shell
from mtbx_gui.ui.stall_watchdog import StallWatchdog
from mtbx_gui.ui.tabs import TABS

HEAVY = {"torch", "transformers", "pandas", "openai", "matplotlib", "pyqtgraph", "deepl", "py3langid"}

FIRST_PAINT = """
import json, sys
from PySide6.QtCore import QTimer
from mtbx_gui import app
seen = {}
def look():
    shell = next(w for w in app.QApplication.topLevelWidgets() if w.objectName() == "shell")
    seen["visible"] = shell.isVisible()
    seen["modules"] = sorted(name for name in sys.modules if "." not in name)
    shell.close()
QTimer.singleShot(0, look) if app.application() else None
code = app.main(sys.argv[1:])
print(json.dumps(seen | {"code": code}))
"""


def start(*arguments: str, code: str = FIRST_PAINT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("with_study", [False, True])
def test_first_paint_imports_nothing_heavy(study_folder: Path, with_study: bool) -> None:
    done = start(*([str(study_folder)] if with_study else []))
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["code"] == 0 and seen["visible"]
    assert not HEAVY & set(seen["modules"])


def run_main(arguments: list[str], drive) -> int:
    """Run the real main and let `drive(shell)` act once the window stands; what it raises is raised here."""
    raised: list[BaseException] = []

    def act() -> None:
        shell = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Shell) and w.isVisible())
        try:
            drive(shell)
        except BaseException as error:
            raised.append(error)
            shell.close()

    QTimer.singleShot(0, act)
    code = program.main(arguments)
    if raised:
        raise raised[0]
    return code


def test_main_opens_the_study_and_ctrl_q_ends_it(
    app: QApplication, qtbot: QtBot, study_folder: Path, isolated_home: Path
) -> None:
    def drive(shell: Shell) -> None:
        if shell.page is None:
            with qtbot.waitSignal(shell.study_opened, timeout=30_000):
                pass
        assert shell.windowTitle() == "mtbx · Pilot study"
        QTest.keyClick(shell, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)

    assert run_main([str(study_folder)], drive) == 0
    kept = Settings.load(isolated_home / "mtbx" / "config" / "settings.json")
    assert kept.data.recent == [str(study_folder)]
    assert kept.data.window


def test_pack_says_that_packs_come_later(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert program.main([str(tmp_path / "round1.mtbxtask")]) == 2
    assert "later version" in capsys.readouterr().err


def test_unknown_argument_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        program.main(["--frobnicate"])
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.logs("boom", "bang")
def test_unforeseen_failure_is_a_notice_and_in_the_log(
    app: QApplication, make_shell, qtbot: QtBot, isolated_home: Path
) -> None:
    shell = make_shell()
    hooks = (sys.excepthook, threading.excepthook)
    guard = Guard(shell)

    def fail(text: str) -> None:
        raise ValueError(text)

    try:
        try:
            fail("boom")
        except ValueError:
            sys.excepthook(*sys.exc_info())
        worker = threading.Thread(target=fail, args=("bang",))
        worker.start()
        worker.join()
        qtbot.waitUntil(lambda: len(shell.notices.bars.shown()) == 2, timeout=30_000)
    finally:
        guard.release()
    texts = [bar.text for bar in shell.notices.bars.shown()]
    assert all("unforeseen" in text and "Nothing that was saved is lost" in text for text in texts)
    assert "boom" in texts[0] and "bang" in texts[1]
    logged = (isolated_home / "mtbx" / "log" / "mtbx-gui.log").read_text()
    assert "ValueError: boom" in logged and "Traceback" in logged and "ValueError: bang" in logged
    assert (sys.excepthook, threading.excepthook) == hooks


def test_watchdog_names_the_code_that_blocked(app: QApplication, qtbot: QtBot, caplog) -> None:
    caplog.set_level(logging.INFO)
    dog = StallWatchdog(0.05)

    def stubborn_loop() -> None:
        end = time.monotonic() + 20
        while not dog.stalls and time.monotonic() < end:
            time.sleep(0.001)

    QTimer.singleShot(0, stubborn_loop)
    qtbot.waitUntil(lambda: bool(dog.stalls), timeout=25_000)
    dog.stop()
    assert "stubborn_loop" in dog.stalls[0]
    assert "stubborn_loop" in caplog.text


def test_pictures_of_all_tabs(app: QApplication, tmp_path: Path) -> None:
    from mtbx_gui.actions.demo import create_demo

    create_demo(tmp_path / "demo").close()
    written = program.render_tabs(tmp_path / "demo", tmp_path / "out", dark=True, scale=1.5)
    names = ["start", *(spec.name for spec in TABS)]
    assert [path.name for path in written] == [f"{name}-dark-1.5x.png" for name in names]
    from PySide6.QtGui import QImage

    images = [QImage(str(path)) for path in written]
    assert {(image.width(), image.height()) for image in images} == {(1920, 1200)}
    colours = {image.pixelColor(3, 600).name() for image in images[:1]}
    assert all(int(name[1:3], 16) < 0x60 for name in colours), "a dark picture"
    assert not (tmp_path / "out" / "unsaved.json").exists()


def test_pictures_of_no_study_are_refused(app: QApplication, tmp_path: Path) -> None:
    from mtbx_gui.study.errors import NotAStudyError

    with pytest.raises(NotAStudyError):
        program.render_tabs(tmp_path / "nothing", tmp_path / "out")


@pytest.mark.x11
def test_window_on_a_real_display(study_folder: Path) -> None:
    """Under Xvfb: the window is exposed, takes keys and goes."""
    if not os.environ.get("DISPLAY"):
        pytest.skip("there is no X display")
    code = FIRST_PAINT.replace("app.main(", "print(app.application().platformName()) or app.main(")
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(study_folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment,
    )
    assert "xcb" in done.stdout.splitlines()
    assert json.loads(done.stdout.splitlines()[-1])["code"] == 0


def test_newer_study_is_a_sentence(make_shell, qtbot: QtBot, study_folder: Path) -> None:
    import sqlite3

    with sqlite3.connect(study_folder / "study.db") as db:
        db.execute("PRAGMA user_version = 9999")
    db.close()
    shell = make_shell()
    with qtbot.waitSignal(shell.study_failed, timeout=30_000):
        shell.open_study(study_folder)
    (bar,) = shell.notices.bars.shown()
    assert "newer" in bar.text


def test_without_a_display_a_sentence_instead_of_an_abort() -> None:
    bare = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    bare.pop("QT_QPA_PLATFORM", None)
    done = subprocess.run(
        [sys.executable, "-m", "mtbx_gui.app"], env=bare, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "mtbx --help" in done.stderr


def test_pictures_need_no_display(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    bare.pop("QT_QPA_PLATFORM", None)
    code = (
        "import sys; from pathlib import Path; from mtbx_gui.study.study import Study;"
        "from mtbx_gui.app import render_tabs; path = Path(sys.argv[1]); Study.create(path / 's').close();"
        "print(len(render_tabs(path / 's', path / 'out')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], env=bare, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "6", done.stderr
