"""Checkpoints of a training run: complete ones carry DONE with the size of every file; others don't count."""

import os
import shutil
from pathlib import Path
from typing import Any

from mtbx_gui.rundir.files import read_json, write_json

DONE, BEST_NOTE = "DONE", "best.json"


def step_of(folder: Path) -> int:
    """The optimizer step in a checkpoint's name, -1 when it is none."""
    head, _, tail = folder.name.partition("-")
    return int(tail) if head == "checkpoint" and tail.isdigit() else -1


def sync(folder: Path) -> list[Path]:
    """Wait until every file below ``folder`` has reached the disk; returns them, without DONE."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != DONE)
    for path in files:
        fd = os.open(path, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    return files


def seal(folder: Path) -> None:
    """Mark a checkpoint as complete, after its files have reached the disk."""
    files = sync(folder)
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    write_json(folder / DONE, {"step": step_of(folder), "files": sizes})


def complete(folder: Path) -> bool:
    """Whether every file named in DONE is there with its size."""
    note = read_json(folder / DONE)
    if note is None:
        return False
    return all(
        (folder / name).is_file() and (folder / name).stat().st_size == size
        for name, size in note["files"].items()
    )


def newest(run: Path) -> Path | None:
    """The newest complete checkpoint of the run at ``run``; incomplete ones are removed."""
    found = sorted(
        (path for path in run.glob("checkpoint-*") if path.is_dir() and step_of(path) >= 0), key=step_of
    )
    for path in reversed(found):
        if complete(path):
            return path
        shutil.rmtree(path)
    return None


def best(run: Path) -> tuple[Path, dict[str, Any]] | None:
    """The complete "best-…" model with the lowest validation loss, and what is noted of it."""
    notes = [
        (path, read_json(path / BEST_NOTE) or {}) for path in sorted(run.glob("best-*")) if complete(path)
    ]
    return min(notes, key=lambda found: float(found[1]["mean"]), default=None)


def keep_only(folder: Path) -> None:
    """Remove every checkpoint beside ``folder``."""
    for path in folder.parent.glob("checkpoint-*"):
        if path != folder and path.is_dir():
            shutil.rmtree(path)


def remove_all(run: Path) -> None:
    """Remove the checkpoints of a run that is finished."""
    for pattern in ("checkpoint-*", "best-*"):
        for path in run.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
