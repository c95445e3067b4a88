import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mtbx_gui.rundir.attempt import EXIT_BUSY, EXIT_STOPPED, failure_sentence
from mtbx_gui.rundir.errors import BrokenRunDir, MtbxError
from mtbx_gui.rundir.jsonl import append_line, read_lines
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.plan import RunPlan
from mtbx_gui.rundir.process import ProcessId
from mtbx_gui.rundir.state import RunState, derive

Start = Callable[[RunDir], "subprocess.Popen[bytes]"]
New = Callable[..., RunDir]


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    pause = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        pause.wait(0.02)
    raise AssertionError("condition never came true")


def keys(run: RunDir) -> list[str]:
    return [row["key"] for row in read_lines(run.out("answers"))]


def test_a_finished_run_leaves_everything_the_protocol_names(new_run: New, start: Start) -> None:
    run = new_run(3, noise=10)
    assert derive(run).state is RunState.QUEUED
    assert start(run).wait() == 0
    assert run.read_result() == {"pieces": 3}
    assert run.read_exit_code() == 0
    assert run.attempt_numbers() == [1]
    assert "xxxxxxxxxx" in run.log().read_text()
    assert [event["event"] for event in run.read_events()] == ["started", "finished"]
    info = derive(run)
    assert (info.state, info.done, info.total) == (RunState.FINISHED, 3, 3)


def test_a_crash_is_failed_and_starting_again_does_the_rest(new_run: New, start: Start) -> None:
    run = new_run(4, crash_at="2")
    assert start(run).wait() == 1
    info = derive(run)
    assert (info.state, info.done) == (RunState.FAILED, 2)
    assert info.sentence == "RuntimeError: the oven is cold at 2"
    assert "Traceback" in run.log().read_text()
    assert start(run).wait() == 0
    assert keys(run) == ["0", "1", "2", "3"]
    assert [row["attempt"] for row in read_lines(run.out("answers"))] == [1, 1, 2, 2]
    assert derive(run).state is RunState.FINISHED


def test_our_own_errors_are_shown_as_they_are(new_run: New, start: Start) -> None:
    run = new_run(2, refuse_at="1")
    assert start(run).wait() == 1
    assert derive(run).sentence == "The key was refused. Enter it again."


def test_a_process_gone_without_exit_code_is_lost(new_run: New, start: Start) -> None:
    run = new_run(3, exit_at="1")
    assert start(run).wait() == 9
    info = derive(run)
    assert (info.state, info.done) == (RunState.LOST, 1)
    assert "Resume" in info.sentence


def test_sigterm_from_outside_is_failed_but_asked_for_is_cancelled(
    new_run: New, start: Start, tmp_path: Path
) -> None:
    for number, expected in ((1, RunState.FAILED), (2, RunState.CANCELLED)):
        run = new_run(3, run_id=f"generate-{number}", wait_at="1", go=str(tmp_path / "go"))
        child = start(run)
        until(lambda run=run: keys(run) == ["0"] and derive(run).state is RunState.RUNNING)
        if expected is RunState.CANCELLED:
            run.request_cancel("tester")
        child.send_signal(signal.SIGTERM)
        assert child.wait() == EXIT_STOPPED
        info = derive(run)
        assert (info.state, info.done) == (expected, 1)
        assert run.read_result() is None


def test_two_processes_never_work_on_one_run(new_run: New, start: Start, tmp_path: Path) -> None:
    run = new_run(2, wait_at="1", go=str(tmp_path / "go"))
    first = start(run)
    until(lambda: keys(run) == ["0"])
    second = start(run)
    assert second.wait() == EXIT_BUSY
    assert "Another process already works" in run.launch_log.read_text()
    assert derive(run).state is RunState.RUNNING
    (tmp_path / "go").touch()
    assert first.wait() == 0
    assert keys(run) == ["0", "1"] and run.attempt_numbers() == [1]


def test_a_run_started_again_after_its_end_changes_nothing(new_run: New, start: Start) -> None:
    run = new_run(2)
    assert start(run).wait() == 0
    before = (run.result.read_bytes(), run.out("answers").read_bytes())
    assert start(run).wait() == 0
    assert (run.result.read_bytes(), run.out("answers").read_bytes()) == before


def test_an_unfinished_line_is_cut_before_the_next_attempt(new_run: New, start: Start) -> None:
    run = new_run(3, crash_at="1")
    start(run).wait()
    with run.out("answers").open("ab") as file:
        file.write(b'{"key": "1", "te')
    assert start(run).wait() == 0
    assert keys(run) == ["0", "1", "2"]


def test_changed_inputs_are_refused(new_run: New, start: Start) -> None:
    run = new_run(2)
    append_line(run.input("items"), {"key": "7"})
    assert start(run).wait() == 1
    info = derive(run)
    assert info.state is RunState.FAILED and "was changed after the run was planned" in info.sentence


def test_a_directory_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    plan = RunPlan("judge", "T", "m", {}, {"a": [{"x": object()}]}, 1)
    with pytest.raises(TypeError):
        RunDir.create(tmp_path / "judge-1", "judge-1", plan, {})
    assert not (tmp_path / "judge-1").exists()
    good = RunPlan("judge", "T", "m", {"k": "ü"}, {"a": [{"x": 1}]}, 1)
    run = RunDir.create(tmp_path / "judge-1", "judge-1", good, {"seed": 5})
    assert run.spec().config == {"k": "ü"} and run.spec().seeds == {"seed": 5}
    assert run.read_input("a") == [{"x": 1}]
    with pytest.raises(BrokenRunDir, match="exists already"):
        RunDir.create(tmp_path / "judge-1", "judge-1", good, {})
    with pytest.raises(BrokenRunDir, match="no run id"):
        RunDir.create(tmp_path / "x", "../x", good, {})


def test_failure_sentences() -> None:
    assert failure_sentence(MtbxError("A.", "B.")) == "A. B."
    assert "memory" in failure_sentence(MemoryError())
    assert "torch" in failure_sentence(ModuleNotFoundError("no", name="torch"))
    assert failure_sentence(ValueError("bad\nmore")) == "ValueError: bad"
    assert ProcessId.current().alive()
