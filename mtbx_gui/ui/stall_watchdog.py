"""Names the code that blocked the event loop: a thread watches a heartbeat and logs the GUI thread's stack.

Switched on by MTBX_STALL_MS (milliseconds); it changes nothing in the window.
"""

import logging
import os
import sys
import threading
import time
import traceback

from PySide6.QtCore import QObject, QTimer

log = logging.getLogger(__name__)

VARIABLE = "MTBX_STALL_MS"


class StallWatchdog(QObject):
    """While it lives, every stall longer than `limit_s` is logged once with the stack that caused it."""

    def __init__(self, limit_s: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limit_s = limit_s
        self._gui_thread = threading.get_ident()
        self._beat = time.monotonic()
        self._stop = threading.Event()
        self.stalls: list[str] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(max(1, int(limit_s * 250)))
        self._thread = threading.Thread(target=self._watch, name="mtbx-stall-watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the watching thread and the heartbeat."""
        self._timer.stop()
        self._stop.set()
        self._thread.join()

    def _tick(self) -> None:
        self._beat = time.monotonic()

    def _watch(self) -> None:
        named = 0.0
        while not self._stop.wait(self._limit_s / 4):
            beat = self._beat
            if beat == named or time.monotonic() - beat < self._limit_s:
                continue
            frame = sys._current_frames().get(self._gui_thread)
            named = beat
            if frame is not None:
                stack = "".join(traceback.format_stack(frame))
                self.stalls.append(stack)
                log.info("The window stood still for %.0f ms in:\n%s", self._limit_s * 1000, stack)


def from_environment(parent: QObject) -> StallWatchdog | None:
    """A watchdog when MTBX_STALL_MS holds a number of milliseconds, else None."""
    wanted = os.environ.get(VARIABLE, "")
    return StallWatchdog(int(wanted) / 1000, parent) if wanted.isdigit() and int(wanted) else None
