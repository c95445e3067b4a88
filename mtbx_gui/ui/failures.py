"""What nobody foresaw: an exception that reached the top becomes a notice and a line in the log file."""

import logging
import sys
import threading
from types import TracebackType

from mtbx_gui.actions.home import log_dir
from mtbx_gui.ui.notices import details_of
from mtbx_gui.ui.shell import Shell

log = logging.getLogger("mtbx_gui.failures")

LOG_BYTES = 1_000_000


class Guard:
    """While it holds, unforeseen exceptions of any thread are shown in the window and logged."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._hooks = (sys.excepthook, threading.excepthook)
        self._handler = _log_file()
        if self._handler is not None:
            logging.getLogger("mtbx_gui").addHandler(self._handler)
        sys.excepthook = self._unforeseen
        threading.excepthook = self._in_thread

    def release(self) -> None:
        """Put the interpreter's own hooks back and close the log file."""
        sys.excepthook, threading.excepthook = self._hooks
        if self._handler is not None:
            logging.getLogger("mtbx_gui").removeHandler(self._handler)
            self._handler.close()

    def _unforeseen(
        self, kind: type[BaseException], problem: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._shell.close()
            return
        problem = problem.with_traceback(trace)
        log.error("%s", details_of(problem))
        self._shell.notices.error(problem)

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            problem = args.exc_value
            self._shell.tasks.call_soon(
                lambda: self._unforeseen(type(problem), problem, problem.__traceback__)
            )


def _log_file() -> logging.Handler | None:
    """The log file in the person's log folder, or None where it can't be written."""
    try:
        log_dir().mkdir(parents=True, exist_ok=True)
        path = log_dir() / "mtbx-gui.log"
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_name("mtbx-gui.1.log"))
        handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return handler
