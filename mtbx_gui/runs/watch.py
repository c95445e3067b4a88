"""Looks at the runs of a study again and again, reading only what was added. Starts and changes nothing."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtbx_gui.rundir.errors import BrokenRunDir
from mtbx_gui.rundir.jsonl import Tail
from mtbx_gui.rundir.layout import RunDir, RunSpec
from mtbx_gui.rundir.state import Probe, RunState, StateInfo
from mtbx_gui.study.study import Study

LOG_BYTES = 65536


@dataclass(frozen=True)
class RunView:
    """One run as a list shows it; ``created`` is seconds since 1970."""

    run_id: str
    kind: str
    title: str
    created: float
    path: Path
    info: StateInfo


class Watch:
    """All runs of a study. ``poll`` may be called from any thread, one call at a time."""

    def __init__(self, study: Study) -> None:
        self.folder = study.runs_folder
        self._lock = threading.Lock()
        self._watched: dict[str, _Watched] = {}

    def poll(self) -> list[RunView]:
        """Every run directory of the study, newest first. A finished run is read once."""
        with self._lock:
            views = [view for path in self._paths() if (view := self._look(path)) is not None]
        return sorted(views, key=lambda view: (view.created, view.run_id), reverse=True)

    def _paths(self) -> list[Path]:
        try:
            return [path for path in self.folder.iterdir() if path.is_dir() and path.name[0] != "."]
        except FileNotFoundError:
            return []

    def _look(self, path: Path) -> RunView | None:
        watched = self._watched.get(path.name)
        if watched is None:
            run = RunDir(path)
            if not run.exists():
                return None
            try:
                watched = _Watched(run, run.spec())
            except BrokenRunDir as error:
                info = StateInfo(RunState.UNKNOWN, 0.0, str(error))
                return RunView(path.name, path.name.split("-")[0], path.name, 0.0, path, info)
            self._watched[path.name] = watched
        return watched.view()


class _Watched:
    def __init__(self, run: RunDir, spec: RunSpec) -> None:
        self.run = run
        self.spec = spec
        self._probe = Probe(run)
        self._final: StateInfo | None = None

    def view(self) -> RunView:
        info = self._final or self._probe.read()
        if info.state is RunState.FINISHED:
            self._final = info
        spec = self.spec
        return RunView(spec.run_id, spec.kind, spec.title, spec.created, self.run.path, info)


class Metrics:
    """The rows of metrics.jsonl of all attempts, one per step (or "work", or "done").

    Of the rows of one step the newest attempt's counts.
    """

    def __init__(self, run: RunDir) -> None:
        self.run = run
        self._tails: dict[int, Tail] = {}
        self._rows: dict[int, dict[str, Any]] = {}

    def read(self) -> list[dict[str, Any]]:
        """All rows so far by step; rows of one step and attempt are merged (losses, then validation)."""
        for number in self.run.attempt_numbers():
            tail = self._tails.setdefault(number, Tail(self.run.metrics(number)))
            for row in tail.read():
                step = row.get("step", row.get("work", row.get("done")))
                if isinstance(step, int):
                    self._take(step, row)
        return [self._rows[step] for step in sorted(self._rows)]

    def _take(self, step: int, row: dict[str, Any]) -> None:
        old = self._rows.get(step)
        if old is None or row.get("attempt", 0) > old.get("attempt", 0):
            self._rows[step] = {**(old or {}), **row}
        elif row.get("attempt", 0) == old.get("attempt", 0):
            old.update(row)


def log_tail(run: RunDir, limit: int = LOG_BYTES) -> str:
    """The end of the newest attempt's log, at most ``limit`` bytes; progress bars as they stand now."""
    try:
        with run.log().open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - limit))
            data = file.read()
    except OSError:
        return ""
    if size > limit:
        data = data[data.find(b"\n") + 1 :]
    text = data.decode("utf-8", errors="replace").replace("\r\n", "\n")
    return "\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n"))
