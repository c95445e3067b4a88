"""The one door to background work: functions run in a thread pool, their results come back on the GUI thread.

Results are handed over by one queued signal and under a time budget per event-loop turn, so that a flood of
finished tasks cannot freeze the window. Background functions must not touch any widget.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

T = TypeVar("T")

TURN_BUDGET_S = 0.008
WORKERS = 4


class Task:
    """A piece of background work that was asked for; `cancel()` asks it to stop and drops its result."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop; neither `done` nor `failed` is called afterwards."""
        self._cancelled.set()

    def cancelled(self) -> bool:
        """Whether the work was asked to stop; long work looks at it between its pieces."""
        return self._cancelled.is_set()


class Tasks(QObject):
    """Runs functions in threads and calls back on the GUI thread.

    A callback that is a method of a Qt object is dropped when that object has been deleted meanwhile.
    """

    _ready = Signal()

    def __init__(self, parent: QObject | None = None, workers: int = WORKERS) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="mtbx-task")
        self._lock = threading.Lock()
        self._queue: deque[Callable[[], None]] = deque()
        self._latest: dict[int, Callable[[], None]] = {}
        self._signalled = False
        self._closed = False
        self._open: set[Task] = set()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._deliver)
        self._ready.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self.default_failed: Callable[[Exception], object] | None = None

    def run(
        self,
        fn: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
        task: Task | None = None,
    ) -> Task:
        """Run `fn` in a thread, then `done(result)` or `failed(exception)` on the GUI thread.

        Without `failed` the exception goes to `default_failed` (the window shows it as a notice). Give a
        `task` when `fn` itself must see that it was cancelled. After `shutdown` nothing is run any more.
        """
        handle = task or Task()
        if self._closed:
            handle.cancel()
            return handle
        self._open.add(handle)
        self._pool.submit(self._work, handle, fn, done, failed)
        return handle

    def call_soon(self, callback: Callable[[], None]) -> None:
        """Call `callback` on the GUI thread, from any thread, within the budget of a turn."""
        with self._lock:
            self._queue.append(callback)
        self._signal()

    def relay(self, callback: Callable[..., object]) -> Callable[..., None]:
        """A thread-safe stand-in for `callback`; of calls that come faster than turns the newest is made.

        Meant for progress: `fetch(progress=tasks.relay(self.show_progress))`.
        """
        key = id(callback)

        def latest(*args: Any) -> None:
            with self._lock:
                fresh = key not in self._latest
                self._latest[key] = lambda: _call(callback, args)
                if fresh:
                    self._queue.append(lambda: self._call_latest(key))
            self._signal()

        return latest

    def pending(self) -> int:
        """How many tasks are waiting, running or not delivered yet."""
        return len(self._open)

    def closing(self) -> bool:
        """Whether `shutdown` was called; long work looks at it between its pieces (from any thread)."""
        return self._closed

    def shutdown(self) -> None:
        """Cancel everything, wait for running functions to end, and deliver nothing more."""
        self.stop()
        self.drain()

    def stop(self) -> None:
        """Cancel everything and deliver nothing more; functions that run already run on (see `drain`)."""
        self._closed = True
        for handle in list(self._open):
            handle.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._again.stop()
        with self._lock:
            self._queue.clear()
            self._latest.clear()
        self._open.clear()

    def drain(self) -> None:
        """After `stop`: wait until no function runs any more (from any thread but the pool's own)."""
        self._pool.shutdown(wait=True)

    def _work(
        self,
        handle: Task,
        fn: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None,
    ) -> None:
        try:
            if handle.cancelled():
                self.call_soon(lambda: self._open.discard(handle))
                return
            result = fn()
        except Exception as error:
            problem = error
            self.call_soon(lambda: self._finish(handle, failed or self._unhandled, problem))
        else:
            self.call_soon(lambda: self._finish(handle, done, result))

    def _finish(self, handle: Task, callback: Callable[[Any], object], value: Any) -> None:
        self._open.discard(handle)
        if not handle.cancelled():
            _call(callback, (value,))

    def _unhandled(self, error: Exception) -> None:
        if self.default_failed is None:
            raise error
        self.default_failed(error)

    def _call_latest(self, key: int) -> None:
        with self._lock:
            call = self._latest.pop(key, None)
        if call is not None:
            call()

    def _signal(self) -> None:
        with self._lock:
            if self._signalled or self._closed:
                return
            self._signalled = True
        self._ready.emit()

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            self._signalled = False
        end = time.perf_counter() + TURN_BUDGET_S
        try:
            while not self._closed:
                with self._lock:
                    if not self._queue:
                        return
                    callback = self._queue.popleft()
                callback()
                if time.perf_counter() >= end:
                    return
        finally:
            if self._queue and not self._closed:
                self._again.start(0)


def _call(callback: Callable[..., object], args: tuple[Any, ...]) -> None:
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, QObject) and not shiboken6.isValid(owner):
        return
    callback(*args)
