"""Advisory file locks on every system; a lock ends with its process, however that ends."""

import sys
import time
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _try(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def lock_descriptor(fd: int) -> None:
        """Nothing on Windows: appends there go through one process, the holder of the run's lock."""

else:
    import fcntl

    def _try(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def lock_descriptor(fd: int) -> None:
        """Wait for the exclusive lock of an open file; closing ``fd`` gives it back."""
        fcntl.flock(fd, fcntl.LOCK_EX)


class FileLock:
    """An exclusive lock on ``path`` (created if missing), held until ``release`` or the process's end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None

    def acquire(self, patience_s: float = 0.0) -> bool:
        """True once the lock is ours; False when another process still holds it after ``patience_s``."""
        file = self.path.open("ab")
        deadline = time.monotonic() + patience_s
        while not _try(file):
            if time.monotonic() >= deadline:
                file.close()
                return False
            time.sleep(0.05)
        self._file = file
        return True

    def release(self) -> None:
        """Give the lock back; harmless when not held."""
        if self._file is not None:
            self._file.close()
            self._file = None
