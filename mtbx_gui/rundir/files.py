"""Durable small files: written whole or not at all. Knows nothing of runs."""

import json
import os
from pathlib import Path
from typing import Any

from mtbx_gui.rundir.errors import BrokenRunDir, WriteFailed


def sync_dir(path: Path) -> None:
    """Make names created in, or renamed within, the folder ``path`` survive a power cut."""
    if os.name == "nt":
        return
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_atomic(path: Path, text: str) -> None:
    """Replace ``path`` by ``text`` in one rename, after fsync. Raises WriteFailed and leaves the old file."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_dir(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise WriteFailed(f"{path} could not be written: {error.strerror}.", write_hint(error)) from error


def write_json(path: Path, value: Any) -> None:
    """Write ``value`` as indented UTF-8 JSON in one rename."""
    write_atomic(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def read_json(path: Path) -> dict[str, Any] | None:
    """The JSON object in ``path``, None when there is no such file. Raises BrokenRunDir otherwise."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenRunDir(f"{path} can't be read: {error}.") from error
    try:
        value = json.loads(text)
    except ValueError as error:
        raise BrokenRunDir(f"{path} is not JSON: {error}.") from error
    if not isinstance(value, dict):
        raise BrokenRunDir(f"{path} should hold a JSON object, not {type(value).__name__}.")
    return value


def write_hint(error: OSError) -> str:
    """The next step for a failed write."""
    import errno

    hints = {
        errno.ENOSPC: "Free some disk space, then resume; what was finished before is kept.",
        errno.EDQUOT: "Your disk quota is used up; free some space, then resume.",
        errno.EACCES: "Check that you may write to this folder.",
        errno.EROFS: "The folder is read-only; copy the study to a writable place.",
    }
    return hints.get(error.errno or 0, "Check the disk, then resume.")
