"""Follows a run until it ends and takes its finished pieces into the study on the way."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mtbx_gui.rundir.errors import BrokenRunDir, MtbxError
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.state import Probe, RunState, StateInfo
from mtbx_gui.study.collect import Collector, collect
from mtbx_gui.study.study import Study

LOOK_EVERY_S = 0.2
COLLECT_EVERY_S = 2.0


class NoSuchRun(MtbxError):
    """The study has no run of that id."""


def run_dir(study: Study, run_id: str) -> Path:
    """The directory of a run; a unique beginning of its id is enough. Raises NoSuchRun."""
    exact = study.runs_folder / run_id
    if RunDir(exact).exists():
        return exact
    found = sorted(path for path in study.runs_folder.glob(f"{run_id}*") if RunDir(path).exists())
    if run_id and len(found) == 1:
        return found[0]
    if found:
        some = ", ".join(path.name for path in found[:5])
        raise NoSuchRun(f"Several runs begin with {run_id}: {some}.", "Give more of the id.")
    raise NoSuchRun(f"The study has no run {run_id!r}.", "See them with: mtbx runs list")


def follow(
    study: Study, run_id: str, changed: Callable[[StateInfo], None] | None = None, author: str = "collector"
) -> StateInfo:
    """Wait until the run is no longer at work, collecting as it goes; returns its last state.

    `changed` is called with each new state. Interrupting this changes nothing for the run.
    """
    path = run_dir(study, run_id)
    probe, collector = Probe(RunDir(path)), Collector(study, author)
    collected = time.monotonic()
    while True:
        info = probe.read()
        if changed is not None:
            changed(info)
        over = not info.state.active or info.state is RunState.UNKNOWN
        if over or time.monotonic() - collected > COLLECT_EVERY_S:
            collector.collect(path)
            collected = time.monotonic()
        if over:
            return info
        time.sleep(LOOK_EVERY_S)


def collect_all(study: Study, author: str = "collector") -> int:
    """Take in whatever any run of the study has finished; returns the number of new pieces.

    For the start of the window and the command line: runs may have gone on while nobody watched. A broken
    run directory is passed over; the list of runs says what is wrong with it.
    """
    new = 0
    for path in sorted(study.runs_folder.glob("*")):
        if RunDir(path).exists():
            with suppress(BrokenRunDir):
                new += collect(study, path, author)
    return new
