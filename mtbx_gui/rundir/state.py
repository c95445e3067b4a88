"""What state a run is in, derived from its files and its process. Absence alone never means "finished"."""

import contextlib
import itertools
import statistics
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from mtbx_gui.rundir.errors import BrokenRunDir
from mtbx_gui.rundir.files import read_json
from mtbx_gui.rundir.jsonl import LineCounter, Tail
from mtbx_gui.rundir.layout import PIECES, RunDir, RunSpec
from mtbx_gui.rundir.process import ProcessId

STALL_S = 300.0
"""A run is called stalled after this many seconds without progress, or 20 median steps if that is longer."""
STALL_STEPS = 20
START_S = 120.0
"""How long a launched process may take to begin its attempt before it counts as lost."""
RECENT = 50
BEING_CANCELLED = "Being cancelled."
"""The sentence of a run that was asked to stop and has not stopped yet."""


class RunState(StrEnum):
    """The eight states a run can be in."""

    QUEUED = "queued"
    RUNNING = "running"
    STALLED = "stalled"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"
    UNKNOWN = "unknown"

    @property
    def active(self) -> bool:
        """Whether a process may be at work, so that the run must not be started again."""
        return self in (RunState.QUEUED, RunState.RUNNING, RunState.STALLED, RunState.UNKNOWN)

    @property
    def resumable(self) -> bool:
        """Whether starting again makes sense: it ended before its work was done."""
        return self in (RunState.FAILED, RunState.CANCELLED, RunState.LOST)


@dataclass(frozen=True)
class StateInfo:
    """A run's state now.

    ``since`` is seconds since 1970; ``rate`` is pieces or steps per second (None: not known yet); ``eta_s``
    seconds left (None: not known); ``total`` 0 when not known. ``spent`` of ``cap`` is money, where a run
    counts any.
    """

    state: RunState
    since: float
    sentence: str
    done: int = 0
    total: int = 0
    rate: float | None = None
    eta_s: float | None = None
    spent: float | None = None
    cap: float | None = None


def derive(run: RunDir, now: float | None = None) -> StateInfo:
    """The state of ``run`` at ``now`` (seconds since 1970). For repeated looks keep a ``Probe``."""
    return Probe(run).read(now)


@dataclass
class _Progress:
    done: int
    total: int
    moved: float
    """When the last piece or step came, seconds since 1970 (0: none yet)."""
    step_s: float | None
    """Median seconds per step of this attempt, None when unknown."""
    eta_s: float | None = None
    """Seconds left where "work" of "max_work" is counted in something finer than pieces."""


class Probe:
    """Derives the state of one run again and again, reading only what was added since."""

    def __init__(self, run: RunDir) -> None:
        self.run = run
        self._spec: RunSpec | None = None
        self._counter: LineCounter | None = None
        self._metrics: Tail | None = None
        self._steps: list[tuple[float, int, int]] = []
        self._work: list[tuple[float, int, int]] = []
        self._money: dict[str, Any] = {}

    def read(self, now: float | None = None) -> StateInfo:
        """The state now; a directory that breaks the protocol is "unknown" with a sentence."""
        now = time.time() if now is None else now
        try:
            info = self._read(now)
            if info.state.resumable:  # it may have ended while we looked
                info = self._read(now)
            return replace(info, spent=_figure(self._money, "spent"), cap=_figure(self._money, "cap"))
        except (BrokenRunDir, OSError) as error:
            return StateInfo(RunState.UNKNOWN, now, str(error))

    def _read(self, now: float) -> StateInfo:
        run = self.run
        self._spec = self._spec or run.spec()
        number = run.newest_attempt()
        started = (read_json(run.attempt(number) / "started.json") or {}) if number else {}
        begun = float(started.get("t", 0.0))
        progress = self._progress(number)
        result = run.read_result()
        if result is not None:
            return _finished(run, result, progress)
        process = ProcessId.read(run.pid)
        alive = process is not None and process.alive()
        launched = read_json(run.launched) or {}
        code = run.read_exit_code()
        if alive and process is not None and process.to_json() != started.get("process"):
            return _info(RunState.QUEUED, _mtime(run.pid), "Starting.", progress)
        if not alive and launched and (starting := self._launching(launched, begun, progress)):
            return starting
        if code is not None and not (alive and code == 0):  # with 0, result.json is about to follow
            return self._ended(code, progress)
        if alive:
            return _working(run, number, begun, started, progress, now)
        if process is not None and process.elsewhere():
            return self._elsewhere(process, number, begun, started, progress, now)
        if run.cancel_requested.exists():
            since = _mtime(run.cancel_requested)
            return _info(RunState.CANCELLED, since, f"Cancelled after {_count(progress)}.", progress)
        if process is None and not launched:
            return self._not_launched(progress, now)
        since = max(_mtime(run.attempt(number) / "heartbeat"), progress.moved, begun)
        sentence = (
            f"The process is gone and left no exit code after {_count(progress)}: it was killed, ran out of "
            "memory, or the machine was switched off. Resume does the rest."
        )
        return _info(RunState.LOST, since, sentence, progress)

    def _launching(self, launched: dict[str, Any], begun: float, progress: _Progress) -> StateInfo | None:
        """Launched, but the process has not begun its attempt yet (or never will); None when it has."""
        since = float(launched["t"])
        process = ProcessId.from_json(launched["process"])
        if process.alive():
            return _info(RunState.QUEUED, since, "Starting.", progress)
        if since <= begun or process.elsewhere():
            return None
        if self.run.cancel_requested.exists():
            return _info(RunState.CANCELLED, since, "Cancelled before it began.", progress)
        said = last_line(self.run.launch_log)
        why = f": {said}" if said else " and said nothing."
        return _info(RunState.FAILED, since, f"The process ended before its work began{why}", progress)

    def _not_launched(self, progress: _Progress, now: float) -> StateInfo:
        assert self._spec is not None
        since = self._spec.created
        if now - since < START_S:
            return _info(RunState.QUEUED, since, "Planned, not started yet.", progress)
        return _info(RunState.LOST, since, "It was planned but never started. Resume starts it.", progress)

    def _ended(self, code: int, progress: _Progress) -> StateInfo:
        run, since = self.run, _mtime(self.run.exit_code)
        if run.cancel_requested.exists():
            return _info(RunState.CANCELLED, since, f"Cancelled after {_count(progress)}.", progress)
        last = {}
        with contextlib.suppress(Exception):
            last = [event for event in run.read_events() if event.get("event") in ("failed", "stopped")][-1]
        sentence = str(last.get("sentence") or f"It ended with exit code {code} and no result; see its log.")
        return _info(RunState.FAILED, since, sentence, progress)

    def _elsewhere(
        self,
        process: ProcessId,
        number: int,
        begun: float,
        started: dict[str, Any],
        progress: _Progress,
        now: float,
    ) -> StateInfo:
        """Another machine's process: only its files speak; nothing is concluded from silence."""
        beat = max(_mtime(self.run.attempt(number) / "heartbeat"), progress.moved)
        if now - beat < 60:
            return _working(self.run, number, begun, started, progress, now)
        at = time.strftime("%H:%M", time.localtime(beat or begun))
        sentence = f"It was started on {process.host}; nothing is known since {at}. Look at it from there."
        return _info(RunState.UNKNOWN, beat or begun, sentence, progress)

    def _progress(self, number: int) -> _Progress:
        """Pieces from the kind's main output; steps from metrics.jsonl where the rows have max_steps."""
        assert self._spec is not None
        metrics = self.run.metrics(number or 1)
        if self._metrics is None or self._metrics.path != metrics:
            self._metrics, self._steps, self._work = Tail(metrics), [], []
        for row in self._metrics.read():
            if "spent" in row:
                self._money = row
            for kept, at, of in ((self._steps, "step", "max_steps"), (self._work, "work", "max_work")):
                if isinstance(row.get(at), int) and isinstance(row.get(of), int):
                    kept.append((float(row.get("t", 0.0)), row[at], row[of]))
                    del kept[:-RECENT]
        moved = max((_mtime(path) for path in (metrics, *self.run.outs())), default=0.0)
        if self._steps:
            _, step, total = self._steps[-1]
            return _Progress(step, total, moved, _median_step(self._steps))
        name = PIECES.get(self._spec.kind)
        if name is None:
            return _Progress(0, self._spec.total, moved, None)
        self._counter = self._counter or LineCounter(self.run.out(name))
        eta = _left(self._work)
        return _Progress(self._counter.read(), self._spec.total, moved, None, eta)


def _working(
    run: RunDir, number: int, begun: float, started: dict[str, Any], progress: _Progress, now: float
) -> StateInfo:
    step_s = progress.step_s
    before = int(started.get("done", 0))
    if step_s is None and progress.done > before and progress.moved > begun:
        step_s = (progress.moved - begun) / (progress.done - before)
    rate = 1 / step_s if step_s else None
    left = max(0, progress.total - progress.done)
    eta = left * step_s if step_s and progress.total else None
    eta = eta if progress.eta_s is None else progress.eta_s
    moved = max(progress.moved, begun)
    beat = max(_mtime(run.attempt(number) / "heartbeat"), begun)
    limit = max(STALL_S, STALL_STEPS * (step_s or 0.0))
    done, total = progress.done, progress.total
    if now - beat > STALL_S:
        sentence = f"The process is there but has not shown a sign of life for {_span(now - beat)}."
        return StateInfo(RunState.STALLED, beat, sentence, done, total, rate, None)
    if now - moved > limit:
        sentence = f"The process lives, but nothing was finished for {_span(now - moved)}; see its log."
        return StateInfo(RunState.STALLED, moved, sentence, done, total, rate, None)
    sentence = BEING_CANCELLED if run.cancel_requested.exists() else "Running."
    return StateInfo(RunState.RUNNING, begun, sentence, done, total, rate, eta)


def _finished(run: RunDir, result: dict[str, Any], progress: _Progress) -> StateInfo:
    note = result.get("sentence")
    done = progress.done
    sentence = str(note) if note else f"Finished: {_count(progress)}."
    return StateInfo(RunState.FINISHED, _mtime(run.result), sentence, done, progress.total or done)


def _info(state: RunState, since: float, sentence: str, progress: _Progress) -> StateInfo:
    return StateInfo(state, since, sentence, progress.done, progress.total)


def _count(progress: _Progress) -> str:
    return f"{progress.done} of {progress.total}" if progress.total else f"{progress.done}"


def _span(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _median_step(steps: list[tuple[float, int, int]]) -> float | None:
    spans = [
        (t2 - t1) / (s2 - s1)
        for (t1, s1, _), (t2, s2, _) in itertools.pairwise(steps)
        if s2 > s1 and t2 >= t1
    ]
    return statistics.median(spans) if spans else None


def _figure(row: dict[str, Any], name: str) -> float | None:
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else None


def _left(work: list[tuple[float, int, int]]) -> float | None:
    step_s = _median_step(work)
    return None if step_s is None else (work[-1][2] - work[-1][1]) * step_s


def _mtime(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def last_line(path: Path, limit: int = 4096) -> str:
    """The last non-empty line of a log ("" when there is none)."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - limit))
            lines = file.read().decode("utf-8", errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
