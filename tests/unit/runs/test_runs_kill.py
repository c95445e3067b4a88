"""SIGKILL of a run at random moments: resuming makes every piece exactly once."""

import random
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mtbx_gui.rundir.jsonl import count_lines, read_lines
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.plan import RunPlan
from mtbx_gui.rundir.state import RunState, derive
from mtbx_gui.runs import local

WORK = Path(__file__).parents[1] / "rundir" / "work"
PIECES, KILLS = 300, 20


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    pause = threading.Event()
    for _ in range(int(seconds / 0.002)):
        if condition():
            return
        pause.wait(0.002)
    raise AssertionError("condition never came true")


@pytest.mark.skipif(sys.platform == "win32", reason="runs on this machine need POSIX")
def test_twenty_kills_lose_and_double_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(WORK))
    dice = random.Random(20261123)
    plan = RunPlan(
        "generate",
        "Killed",
        "pieces_work",
        {"pause": 0.001},
        {"items": [{"key": str(i)} for i in range(PIECES)]},
        PIECES,
    )
    run = RunDir.create(tmp_path / "generate-1", "generate-1", plan, {})
    local.start(run.path)
    for kill in range(1, KILLS + 1):
        enough = count_lines(run.out("answers")) + dice.randint(0, 9)
        until(lambda enough=enough: count_lines(run.out("answers")) >= enough and local.members(run))
        killed = local.members(run)
        for process in killed:
            local.send(process, signal.SIGKILL)
        until(lambda killed=killed: not any(process.alive() for process in killed))
        info = derive(run)
        assert info.state.resumable, info
        if run.newest_attempt() == kill:
            assert info.state is RunState.LOST and info.done >= enough
        local.resume(run.path)
    until(lambda: derive(run).state is RunState.FINISHED)
    keys = [row["key"] for row in read_lines(run.out("answers"))]
    assert sorted(keys, key=int) == [str(i) for i in range(PIECES)]
    assert run.newest_attempt() > KILLS // 2
