"""From a plan to a running process that the study knows of. Decides nothing about the work itself."""

import getpass
import secrets
import time
from dataclasses import asdict
from pathlib import Path

from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.plan import RunPlan
from mtbx_gui.runs import local
from mtbx_gui.study import runs as registry
from mtbx_gui.study.study import Study


def new_run_id(kind: str, now: float | None = None) -> str:
    """A run id such as "judge-20261123-104207-3f2a"; local time."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
    return f"{kind}-{stamp}-{secrets.token_hex(2)}"


def start(study: Study, plan: RunPlan, secret: str | None = None, author: str | None = None) -> str:
    """Create the run directory, note it in the study, start it on this machine; returns the run id.

    The plan's seeds are the config's fields named "seed" or "…_seed". Raises MtbxError.
    """
    run = create(study, plan, author)
    local.start(run.path, secret)
    return run.run_id


def create(study: Study, plan: RunPlan, author: str | None = None) -> RunDir:
    """Create the run directory and note it in the study, without starting it."""
    run_id = new_run_id(plan.kind)
    while run_path(study, run_id).exists():
        run_id = new_run_id(plan.kind)
    seeds = {
        key: value
        for key, value in plan.config.items()
        if (key == "seed" or key.endswith("_seed")) and isinstance(value, int)
    }
    run = RunDir.create(run_path(study, run_id), run_id, plan, seeds)
    note(study, run, author)
    return run


def note(study: Study, run: RunDir, author: str | None = None) -> None:
    """Note a run directory in the study; harmless when it is known already."""
    spec = run.spec()
    registry.register(study, spec.run_id, spec.kind, spec.title, asdict(spec), author or getpass.getuser())


def run_path(study: Study, run_id: str) -> Path:
    """Where the run directory of ``run_id`` lies."""
    return study.runs_folder / run_id
