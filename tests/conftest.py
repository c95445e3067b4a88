"""Every test: a home of its own, and no unexpected warning, thread, timer or window left behind."""

import gc
import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

LASTING_THREADS = ("tqdm", "pytest_timeout", "OpenTelemetry", "asyncio_")
THREAD_PATIENCE_S = 5.0


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "logs(*parts): log records of level WARNING or above that hold one of the parts are expected",
    )


@pytest.fixture(scope="session")
def matplotlib_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where matplotlib keeps its list of fonts, so that it is made once and not for every test."""
    return tmp_path_factory.mktemp("matplotlib")


@pytest.fixture(autouse=True)
def isolated_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, matplotlib_folder: Path
) -> Path:
    """A home, settings, cache and keyring of its own for every test and the processes it starts."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("MTBX_HOME", str(home / "mtbx"))
    for variable in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(home / variable.lower()))
    for variable in ("DEEPL_API_KEY", "DEEPL_AUTH_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL", "MTBX_API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("MPLCONFIGDIR", str(matplotlib_folder))
    return home


class _Loud(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def no_loud_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """A log record of level WARNING or above fails the test, unless marked with `logs("part of it")`."""
    handler = _Loud()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    marker = request.node.get_closest_marker("logs")
    expected: tuple[str, ...] = marker.args if marker is not None else ()
    loud = [f"{r.levelname} {r.name}: {r.getMessage()}" for r in handler.records]
    loud = [line for line in loud if not any(part in line for part in expected)]
    assert not loud, "Unexpected log records:\n" + "\n".join(loud)


@pytest.fixture(autouse=True)
def no_left_over_threads() -> Iterator[None]:
    """A thread that a test started has ended a little after it."""
    before = set(threading.enumerate())
    yield

    def left() -> list[threading.Thread]:
        return [
            thread
            for thread in threading.enumerate()
            if thread not in before and thread.is_alive() and not thread.name.startswith(LASTING_THREADS)
        ]

    end = time.monotonic() + THREAD_PATIENCE_S
    for thread in left():
        thread.join(max(0.0, end - time.monotonic()))
    assert not left(), f"Threads left over: {[thread.name for thread in left()]}"


@pytest.fixture(autouse=True)
def no_left_over_windows(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test with a QApplication no timer runs and no window it made stands."""
    if "qapp" not in request.fixturenames:
        yield
        return
    app = request.getfixturevalue("qapp")
    from PySide6.QtCore import QCoreApplication, QEvent, QTimer
    from PySide6.QtWidgets import QWidget
    from shiboken6 import isValid

    before = {id(widget) for widget in app.topLevelWidgets()}
    yield
    for _turn in range(3):
        app.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    windows = [
        f"{type(widget).__name__} {widget.objectName()!r}"
        for widget in app.topLevelWidgets()
        if id(widget) not in before and widget.parent() is None and widget.isVisible()
    ]
    timers = [
        f"{type(timer.parent()).__name__} every {timer.interval()} ms"
        for timer in gc.get_objects()
        if isinstance(timer, QTimer) and isValid(timer) and timer.isActive()
    ]
    for widget in app.topLevelWidgets():
        if isinstance(widget, QWidget) and id(widget) not in before:
            widget.hide()
    assert not windows, f"Windows left over: {windows}"
    assert not timers, f"Timers left running: {timers}"
