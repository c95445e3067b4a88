"""JSON lines that survive being killed: one write per line, an unfinished last line is never read."""

import contextlib
import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mtbx_gui.rundir.errors import BadLine, WriteFailed
from mtbx_gui.rundir.files import sync_dir, write_hint
from mtbx_gui.rundir.locks import lock_descriptor


def append_line(path: Path, obj: dict[str, Any], *, sync: bool = True) -> None:
    """Append ``obj`` as one line by one O_APPEND write and (with ``sync``) fsync it before returning.

    A write that doesn't fit (disk full) is taken back whole. Raises WriteFailed.
    """
    data = (json.dumps(obj, ensure_ascii=False) + "\n").encode("utf-8", errors="surrogatepass")
    new = not path.exists()
    try:
        fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        try:
            lock_descriptor(fd)
            size = os.fstat(fd).st_size
            try:
                written = os.write(fd, data)
                if written < len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                if sync:
                    os.fsync(fd)
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(fd, size)
                raise
        finally:
            os.close(fd)
        if new and sync:
            sync_dir(path.parent)
    except OSError as error:
        raise WriteFailed(f"{path} could not be extended: {error.strerror}.", write_hint(error)) from error


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of ``path``; nothing when it is missing. An unfinished last line is left out.

    Raises BadLine(file, line) for a complete line that isn't a JSON object in UTF-8.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        for number, raw in enumerate(file, 1):
            if not raw.endswith(b"\n"):
                return
            if raw.strip():
                yield _parse(path, number, raw)


def count_lines(path: Path) -> int:
    """The number of complete lines in ``path`` (0 when missing), without parsing them."""
    return LineCounter(path).read()


def repair_tail(path: Path) -> None:
    """Cut an unfinished last line off ``path`` before anything is appended; kept in ``<name>.broken``."""
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        return
    with file:
        lock_descriptor(file.fileno())
        end = file.seek(0, os.SEEK_END)
        keep, chunk = end, b""
        while keep > 0:
            start = max(0, keep - 65536)
            file.seek(start)
            chunk = file.read(keep - start)
            newline = chunk.rfind(b"\n")
            if newline >= 0:
                keep = start + newline + 1
                break
            keep = start
        if keep == end:
            return
        file.seek(keep)
        with path.with_name(path.name + ".broken").open("ab") as broken:
            broken.write(file.read() + b"\n")
            broken.flush()
            os.fsync(broken.fileno())
        file.truncate(keep)
        os.fsync(file.fileno())


class Tail:
    """Reads a growing JSON-lines file piece by piece; starts again when it was replaced or truncated.

    Complete lines that are not JSON objects are skipped and kept in ``bad``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.bad: list[BadLine] = []
        self._inode = -1
        self._offset = 0
        self._line = 0

    def read(self) -> list[dict[str, Any]]:
        """The complete lines that came since the last call."""
        rows: list[dict[str, Any]] = []
        for raw in self._new_lines():
            self._line += 1
            if not raw.strip():
                continue
            try:
                rows.append(_parse(self.path, self._line, raw))
            except BadLine as error:
                self.bad.append(error)
        return rows

    def _new_lines(self) -> list[bytes]:
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            return []
        with file:
            status = os.fstat(file.fileno())
            if status.st_ino != self._inode or status.st_size < self._offset:
                self._inode, self._offset, self._line = status.st_ino, 0, 0
                self.bad.clear()
            if status.st_size == self._offset:
                return []
            file.seek(self._offset)
            data = file.read(status.st_size - self._offset)
        data = data[: data.rfind(b"\n") + 1]
        self._offset += len(data)
        return data.split(b"\n")[:-1]


class LineCounter:
    """Counts complete lines of a growing file, reading only what is new."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._inode = -1
        self._offset = 0
        self._count = 0

    def read(self) -> int:
        """The number of complete lines now."""
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            self._inode, self._offset, self._count = -1, 0, 0
            return 0
        with file:
            status = os.fstat(file.fileno())
            if status.st_ino != self._inode or status.st_size < self._offset:
                self._inode, self._offset, self._count = status.st_ino, 0, 0
            file.seek(self._offset)
            while chunk := file.read(1 << 20):
                self._count += chunk.count(b"\n")
                self._offset += len(chunk)
        return self._count


def _parse(path: Path, number: int, raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw.decode("utf-8", errors="surrogatepass"))
    except UnicodeDecodeError as error:
        raise BadLine(path, number, f"not UTF-8 ({error.reason} at byte {error.start})") from error
    except ValueError as error:
        raise BadLine(path, number, f"not JSON ({error})") from error
    if not isinstance(value, dict):
        raise BadLine(path, number, f"a JSON object is expected, not {type(value).__name__}")
    return value
