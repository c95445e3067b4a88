"""SIGKILL of the run at random moments: every field once, and no kept answer is asked for again."""

import random
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from mtbx_gui.demo.deepl_service import DEMO_DEEPL_KEY
from mtbx_gui.rundir.state import RunState, derive
from mtbx_gui.runs import local
from mtbx_gui.study.collect import collect
from mtbx_gui.study.texts import fields
from tests.unit.curation.translating import (
    make_study,
    new_run,
    plan_for,
    requests_kept,
    service_of,
    texts_sent,
    translations,
)

KILLS = 10


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    pause = threading.Event()
    for _ in range(int(seconds / 0.002)):
        if condition():
            return
        pause.wait(0.002)
    raise AssertionError("condition never came true")


@pytest.mark.skipif(sys.platform == "win32", reason="runs on this machine need POSIX")
def test_ten_kills_lose_nothing_double_nothing_and_pay_nothing_twice(tmp_path: Path) -> None:
    dice = random.Random(20261123)
    study = make_study(tmp_path / "study", 30)
    with service_of(latency_s=0.01) as service:
        run = new_run(study, plan_for(study, service.url, ["de", "it"]).run, timeout_s=20)
        local.start(run.path, DEMO_DEEPL_KEY)
        wasted = 0
        for _ in range(KILLS):
            enough = len(service.requests) + dice.randint(0, 4)
            until(lambda enough=enough: len(service.requests) > enough and local.members(run))
            until(lambda: dice.random() < 0.15)
            killed = local.members(run)
            for process in killed:
                local.send(process, signal.SIGKILL)
            until(lambda killed=killed: not any(process.alive() for process in killed))
            wasted = len(service.requests) - len(requests_kept(run))
            info = derive(run)
            assert info.state.resumable, info
            collect(study, run.path)
            local.resume(run.path, DEMO_DEEPL_KEY)
        until(lambda: derive(run).state is RunState.FINISHED)
    assert run.newest_attempt() == KILLS + 1
    assert 0 <= wasted <= KILLS, "at most the request in flight is asked again"
    planned = Counter(row["key"] for row in run.read_input("fields"))
    assert Counter(row["key"] for row in translations(run)) == planned
    kept = [key for row in requests_kept(run) for key in row["texts"]]
    assert len(kept) == len(set(kept))
    asked = Counter(texts_sent(service))
    assert sum(asked.values()) - len(asked) <= 5 * wasted, "texts in flight at a kill, no others"
    assert sum(row["billed_characters"] for row in translations(run)) == sum(
        row["billed_characters"] for row in requests_kept(run)
    )
    collect(study, run.path)
    texts = fields(study, ["de", "it"])
    assert len(texts) == 240
    assert all(text.machine and text.machine_by == "demo translator" for text in texts)
    study.close()
