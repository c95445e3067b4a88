"""The run as a process of its own: killed, cancelled, resumed."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

from mtbx_gui.demo.faults import Fault
from mtbx_gui.judging.rows import sent_row
from mtbx_gui.rundir.jsonl import append_line, read_lines
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.state import RunState, derive
from mtbx_gui.study.collect import collect
from mtbx_gui.study.study import Study
from tests.unit.judging.judge_runs import attempt_rows, judgment_rows, make_run, requests_of, served

ROOT = Path(__file__).resolve().parents[3]
KILLS = 5


def start(run: RunDir) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "mtbx_gui.judging.judge_run", str(run.path)], cwd=ROOT, env=dict(os.environ)
    )


def wait_until(condition: "object", patience_s: float = 60.0) -> None:
    done = threading.Event()
    for _ in range(int(patience_s / 0.01)):
        if condition():  # type: ignore[operator]
            return
        done.wait(0.01)
    raise AssertionError("it did not happen in time")


def test_killed_again_and_again_each_call_is_judged_exactly_once(study: Study) -> None:
    dice = random.Random(5)
    with served(study, latency_s=0.01) as service:
        run = make_run(study, languages=[], categories=[], models=[], workers=8)
        total = len(run.read_input("calls"))
        for number in range(KILLS):
            process = start(run)
            goal = len(judgment_rows(run)) + dice.randrange(5, total // (KILLS + 1))
            wait_until(lambda goal=goal: len(judgment_rows(run)) >= goal)
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert derive(run).state in (RunState.LOST, RunState.FAILED)
            if number == 0:
                with run.out("judgments").open("ab") as file:
                    file.write(b'{"key": "half a line')
            collect(study, run.path)
        last = start(run)
        assert last.wait() == 0
        asked = requests_of(service)
    assert derive(run).state is RunState.FINISHED
    keys = [row["key"] for row in judgment_rows(run)]
    assert sorted(keys) == sorted(row["key"] for row in run.read_input("calls"))
    assert total <= asked <= total + KILLS * 8, "paid for and lost: at most what was in flight"
    collect(study, run.path)
    rows = study.connection.execute("SELECT COUNT(*), COUNT(DISTINCT key) FROM judgment").fetchone()
    assert tuple(rows) == (total, total)


def test_cancelling_does_not_wait_for_a_server_that_hangs(study: Study) -> None:
    with served(study, faults=["ok", "ok", Fault("timeout", times=50)]) as service:
        run = make_run(study, workers=2)
        process = start(run)
        wait_until(lambda: requests_of(service) >= 4 and len(judgment_rows(run)) == 2)
        run.request_cancel("ada")
        assert process.wait(timeout=20) == 143
    assert derive(run).state is RunState.CANCELLED
    assert not run.result.exists()


def test_a_failed_start_leaves_its_sentence_for_the_window(study: Study) -> None:
    with served(study) as service:
        url = service.url
    run = make_run(study, workers=1)
    assert start(run).wait() == 1
    info = derive(run)
    assert info.state is RunState.FAILED
    assert url in info.sentence
    assert "Check the URL in the profile" in info.sentence


def test_a_torn_last_attempt_does_not_stop_a_resume(study: Study) -> None:
    with served(study):
        run = make_run(study)
        call = run.read_input("calls")[0]["key"]
        append_line(run.out("attempts"), sent_row(call, 1, 0.0))
        with run.out("attempts").open("ab") as file:
            file.write(b'{"key": "' + call.encode())
        assert start(run).wait() == 0
    assert len(judgment_rows(run)) == len(attempt_rows(run)) == 4
    assert list(read_lines(run.out("attempts")))
