import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.plan import RunPlan

WORK = Path(__file__).parent / "work"


@pytest.fixture
def new_run(tmp_path: Path) -> Callable[..., RunDir]:
    """Makes a run directory of the small test run with ``n`` pieces."""

    def make(n: int = 3, run_id: str = "generate-1", **config: Any) -> RunDir:
        items = [{"key": str(i)} for i in range(n)]
        plan = RunPlan("generate", "Test", "pieces_work", config, {"items": items}, n)
        return RunDir.create(tmp_path / run_id, run_id, plan, {"seed": 1})

    return make


@pytest.fixture
def start() -> Any:
    """Starts the work of a run as a child process; kills what is left."""
    children: list[subprocess.Popen[bytes]] = []

    def go(run: RunDir) -> subprocess.Popen[bytes]:
        env = {**os.environ, "PYTHONPATH": str(WORK), "MTBX_RUN_ID": run.run_id}
        command = [sys.executable, "-u", "-m", "pieces_work", str(run.path)]
        with run.launch_log.open("ab") as log:
            child = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        children.append(child)
        return child

    yield go
    for child in children:
        child.kill()
        child.wait()
