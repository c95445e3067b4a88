import threading
import time

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mtbx_gui.ui.tasks import TURN_BUDGET_S, Task, Tasks


@pytest.fixture
def tasks(app: QApplication):
    made = Tasks()
    yield made
    made.shutdown()


def test_result_comes_back_on_the_gui_thread(tasks: Tasks, qtbot: QtBot) -> None:
    got: list[tuple[int, int, int]] = []
    here = threading.get_ident()
    tasks.run(lambda: threading.get_ident(), lambda there: got.append((there, threading.get_ident(), 0)))
    qtbot.waitUntil(lambda: bool(got), timeout=30_000)
    there, back, _ = got[0]
    assert there != here
    assert back == here
    assert tasks.pending() == 0


def test_exception_goes_to_failed_and_without_one_to_the_window(tasks: Tasks, qtbot: QtBot) -> None:
    own: list[Exception] = []
    shown: list[Exception] = []
    tasks.default_failed = shown.append

    def fail() -> None:
        raise ValueError("broken line")

    tasks.run(fail, lambda _none: None, own.append)
    tasks.run(fail, lambda _none: None)
    qtbot.waitUntil(lambda: bool(own) and bool(shown), timeout=30_000)
    assert [str(error) for error in own + shown] == ["broken line", "broken line"]


def test_cancelled_task_calls_nobody(tasks: Tasks, qtbot: QtBot) -> None:
    release = threading.Event()
    called: list[str] = []
    task = Task()

    def work() -> bool:
        release.wait(10)
        return task.cancelled()

    tasks.run(work, lambda seen: called.append(f"done {seen}"), lambda _e: called.append("failed"), task)
    task.cancel()
    release.set()
    tasks.run(lambda: 1, lambda _one: called.append("after"))
    qtbot.waitUntil(lambda: "after" in called and tasks.pending() == 0, timeout=30_000)
    assert called == ["after"]


def test_callback_of_a_deleted_widget_is_dropped(tasks: Tasks, qtbot: QtBot) -> None:
    class Owner(QObject):
        called = False

        def take(self, _result: int) -> None:
            Owner.called = True

    owner = Owner()
    release = threading.Event()
    tasks.run(lambda: int(release.wait(10)), owner.take)
    owner.deleteLater()
    qtbot.wait(1)
    done: list[int] = []
    release.set()
    tasks.run(lambda: 1, done.append)
    qtbot.waitUntil(lambda: bool(done) and tasks.pending() == 0, timeout=30_000)
    assert not Owner.called


def test_a_flood_of_results_leaves_turns_for_the_window(tasks: Tasks, qtbot: QtBot) -> None:
    """Between deliveries other events get their turn: no turn takes in much more than its budget."""
    taken: list[int] = []
    turns: list[int] = []
    timer = QTimer()
    timer.timeout.connect(lambda: turns.append(len(taken)))
    timer.start(0)

    def slow(number: int) -> None:
        end = time.perf_counter() + TURN_BUDGET_S / 4
        while time.perf_counter() < end:
            pass
        taken.append(number)

    for number in range(200):
        tasks.call_soon(lambda number=number: slow(number))
    qtbot.waitUntil(lambda: len(taken) == 200, timeout=30_000)
    timer.stop()
    steps = [after - before for before, after in zip([0, *turns], turns, strict=False)]
    assert taken == list(range(200))
    assert max(steps) <= 8


def test_relay_makes_only_the_newest_of_many_calls(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[int] = []
    report = tasks.relay(seen.append)
    done: list[int] = []

    def work() -> int:
        for number in range(1000):
            report(number)
        return 1

    tasks.run(work, done.append)
    qtbot.waitUntil(lambda: bool(done), timeout=30_000)
    assert seen[-1] == 999
    assert len(seen) < 1000


def test_an_exception_in_a_callback_does_not_hold_up_the_next(tasks: Tasks, qtbot: QtBot) -> None:
    done: list[int] = []

    def bad() -> None:
        raise RuntimeError("callback")

    with qtbot.captureExceptions() as caught:
        tasks.call_soon(bad)
        tasks.call_soon(lambda: done.append(1))
        qtbot.waitUntil(lambda: bool(done), timeout=30_000)
    assert [str(entry[1]) for entry in caught] == ["callback"]


def test_shutdown_waits_for_running_work_and_delivers_nothing(app: QApplication, qtbot: QtBot) -> None:
    tasks = Tasks(workers=1)
    ended: list[str] = []
    delivered: list[object] = []
    started = threading.Event()

    def work() -> None:
        started.set()
        while not tasks.closing():
            time.sleep(0.001)
        ended.append("work")

    tasks.run(work, delivered.append)
    tasks.run(lambda: ended.append("never started"), delivered.append)
    started.wait(10)
    tasks.shutdown()
    assert ended == ["work"]
    qtbot.wait(1)
    assert delivered == []
    assert tasks.run(lambda: 1, delivered.append).cancelled()
