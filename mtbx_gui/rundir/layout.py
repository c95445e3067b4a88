"""Where everything lies in a run directory. Creates directories whole; draws no conclusion about state."""

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mtbx_gui import __version__
from mtbx_gui.rundir.errors import BrokenRunDir, WriteFailed
from mtbx_gui.rundir.files import read_json, sync_dir, write_atomic, write_hint
from mtbx_gui.rundir.jsonl import append_line, read_lines
from mtbx_gui.rundir.plan import RunPlan

RUN_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,118}[a-z0-9])?")

PIECES = {"translate": "translations", "generate": "answers", "judge": "judgments"}
"""The main output of each kind: one line per finished piece."""


@dataclass(frozen=True)
class RunSpec:
    """What run.json says; written once, never changed."""

    run_id: str
    kind: str
    title: str
    module: str
    config: dict[str, Any]
    seeds: dict[str, int]
    input_hashes: dict[str, str]
    total: int
    created: float
    app_version: str
    extra: dict[str, Any] = field(default_factory=dict)


class RunDir:
    """The paths of one run directory and the small reads that need no judgement."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.run_json = self.path / "run.json"
        self.pid = self.path / "pid"
        self.launched = self.path / "launched.json"
        self.launch_log = self.path / "launch.log"
        self.lock = self.path / "lock"
        self.attempts = self.path / "attempts"
        self.events = self.path / "events.jsonl"
        self.cancel_requested = self.path / "cancel_requested"
        self.exit_code = self.path / "exit_code"
        self.result = self.path / "result.json"

    def __repr__(self) -> str:
        return f"RunDir({str(self.path)!r})"

    def __fspath__(self) -> str:
        return str(self.path)

    @property
    def run_id(self) -> str:
        """The run id, which is also the directory's name."""
        return self.path.name

    def out(self, name: str) -> Path:
        """The output file ``name`` ("answers" or "answers.jsonl")."""
        return self.path / "out" / _jsonl(name)

    def input(self, name: str) -> Path:
        """The input file ``name`` ("items" or "items.jsonl")."""
        return self.path / "in" / _jsonl(name)

    def outs(self) -> list[Path]:
        """The output files there are, by name."""
        return sorted((self.path / "out").glob("*.jsonl"))

    def attempt(self, number: int) -> Path:
        """The folder of attempt ``number`` (1, 2, …)."""
        return self.attempts / str(number)

    def attempt_numbers(self) -> list[int]:
        """The attempts made so far, oldest first."""
        try:
            names = [entry.name for entry in os.scandir(self.attempts)]
        except FileNotFoundError:
            return []
        return sorted(int(name) for name in names if name.isdigit())

    def log(self, number: int | None = None) -> Path:
        """The log of an attempt (the newest by default); before any attempt, what starting it printed."""
        number = number or self.newest_attempt()
        return self.attempt(number) / "log.txt" if number else self.launch_log

    def metrics(self, number: int | None = None) -> Path:
        """metrics.jsonl of an attempt (the newest by default)."""
        return self.attempt(number or self.newest_attempt() or 1) / "metrics.jsonl"

    def newest_attempt(self) -> int:
        """The number of the newest attempt, 0 before the first."""
        return max(self.attempt_numbers(), default=0)

    def exists(self) -> bool:
        """Whether this is a run directory at all."""
        return self.run_json.is_file()

    def spec(self) -> RunSpec:
        """What run.json says. Raises BrokenRunDir when it is missing or incomplete."""
        data = read_json(self.run_json)
        if data is None:
            raise BrokenRunDir(f"{self.path} is not a run directory: run.json is missing.")
        known = {name: data.pop(name) for name in RunSpec.__dataclass_fields__ if name in data}
        try:
            return RunSpec(**known, extra=data)
        except TypeError as error:
            raise BrokenRunDir(f"{self.run_json} is incomplete: {error}.") from error

    def read_exit_code(self) -> int | None:
        """The exit code of the newest attempt, None while there is none."""
        try:
            return int(self.exit_code.read_text(encoding="ascii"))
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return None

    def read_result(self) -> dict[str, Any] | None:
        """result.json, None until the run is finished."""
        return read_json(self.result)

    def read_input(self, name: str) -> list[dict[str, Any]]:
        """The lines of an input. Raises BrokenRunDir when it was changed after the run was planned."""
        path = self.input(name)
        expected = self.spec().input_hashes.get(path.stem)
        if expected is None or not path.is_file():
            raise BrokenRunDir(f"{path} is missing.", "Plan the run again.")
        if hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            raise BrokenRunDir(f"{path} was changed after the run was planned.", "Plan the run again.")
        return list(read_lines(path))

    def read_events(self) -> Iterator[dict[str, Any]]:
        """The events so far, oldest first: {"t", "attempt", "event", …}."""
        return read_lines(self.events)

    def add_event(self, event: str, *, attempt: int = 0, **data: Any) -> None:
        """Append to events.jsonl. ``t`` is seconds since 1970."""
        append_line(self.events, {"t": time.time(), "attempt": attempt, "event": event, **data})

    def request_cancel(self, by: str = "") -> None:
        """Leave the wish to cancel; the run sees it at its next step, whatever happens to its starter."""
        if not self.cancel_requested.exists():
            write_atomic(self.cancel_requested, json.dumps({"t": time.time(), "by": by}) + "\n")

    @classmethod
    def create(cls, path: Path, run_id: str, plan: RunPlan, seeds: dict[str, int]) -> "RunDir":
        """Make the directory ``path`` of a planned run, whole or not at all.

        Raises MtbxError when it exists already, when the id has other characters than a-z, 0-9 and "-", or
        when it can't be written.
        """
        if not RUN_ID.fullmatch(run_id):
            raise BrokenRunDir(f"{run_id!r} is no run id.", "Use a-z, 0-9 and - only.")
        if path.exists():
            raise BrokenRunDir(f"{path} exists already.", "Take another run id.")
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            cls._fill(temporary, run_id, plan, seeds)
            temporary.rename(path)
            sync_dir(path.parent)
        except OSError as error:
            raise WriteFailed(f"{path} could not be made: {error.strerror}.", write_hint(error)) from error
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return cls(path)

    @classmethod
    def _fill(cls, path: Path, run_id: str, plan: RunPlan, seeds: dict[str, int]) -> None:
        run = cls(path)
        for folder in (path / "in", path / "out", run.attempts):
            folder.mkdir(parents=True)
        hashes: dict[str, str] = {}
        for name, rows in plan.inputs.items():
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            write_atomic(run.input(name), text)
            hashes[run.input(name).stem] = hashlib.sha256(text.encode("utf-8")).hexdigest()
        spec = {
            "run_id": run_id,
            "kind": plan.kind,
            "title": plan.title,
            "module": plan.module,
            "config": plan.config,
            "seeds": seeds,
            "input_hashes": hashes,
            "total": plan.total,
            "created": time.time(),
            "app_version": __version__,
        }
        write_atomic(run.run_json, json.dumps(spec, ensure_ascii=False, indent=1) + "\n")


def _jsonl(name: str) -> str:
    return name if name.endswith(".jsonl") else name + ".jsonl"
