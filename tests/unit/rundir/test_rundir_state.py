import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mtbx_gui.rundir.files import write_json
from mtbx_gui.rundir.jsonl import append_line
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.process import ProcessId
from mtbx_gui.rundir.state import Probe, RunState, derive

New = Callable[..., RunDir]
T0 = 1_700_000_000.0
GONE = ProcessId(2**22 - 3, "1", ProcessId.current().boot_id)


def begin(run: RunDir, process: ProcessId, t: float = T0, number: int = 1) -> None:
    run.attempt(number).mkdir(parents=True)
    process.write(run.pid)
    write_json(run.attempt(number) / "started.json", {"t": t, "process": process.to_json(), "done": 0})
    heartbeat(run, t, number)


def heartbeat(run: RunDir, t: float, number: int = 1) -> None:
    path = run.attempt(number) / "heartbeat"
    path.touch()
    os.utime(path, (t, t))


def piece(run: RunDir, key: str, t: float) -> None:
    append_line(run.out("answers"), {"key": key})
    os.utime(run.out("answers"), (t, t))


def test_process_identity_needs_pid_start_time_and_boot() -> None:
    me = ProcessId.current()
    assert me.alive()
    assert not replace(me, start_time=str(int(me.start_time) - 1)).alive()
    assert not replace(me, boot_id="another boot").alive()
    assert not replace(me, pid=0).alive()


def test_a_zombie_is_gone() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    process = ProcessId.of(child.pid)
    assert process.alive()
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not process.alive()
    child.communicate()


def test_identity_survives_the_file(tmp_path: Path) -> None:
    me = ProcessId.current()
    assert ProcessId.read(tmp_path / "pid") is None
    me.write(tmp_path / "pid")
    assert ProcessId.read(tmp_path / "pid") == me


def test_planned_then_never_started(new_run: New) -> None:
    run = new_run(3)
    assert derive(run).state is RunState.QUEUED
    late = derive(run, time.time() + 600)
    assert late.state is RunState.LOST and "never started" in late.sentence


def test_rate_and_time_left_of_pieces(new_run: New) -> None:
    run = new_run(10)
    begin(run, ProcessId.current())
    probe = Probe(run)
    assert probe.read(T0 + 1).eta_s is None
    piece(run, "0", T0 + 2)
    piece(run, "1", T0 + 4)
    info = probe.read(T0 + 4)
    assert (info.state, info.done, info.total) == (RunState.RUNNING, 2, 10)
    assert info.rate == 0.5 and info.eta_s == 16.0


def test_steps_of_training_give_progress_by_their_median(new_run: New) -> None:
    run = new_run(0)
    begin(run, ProcessId.current())
    for step, t in ((1, 10.0), (2, 12.0), (3, 14.0), (4, 60.0)):
        append_line(run.metrics(), {"t": T0 + t, "step": step, "max_steps": 10})
    os.utime(run.metrics(), (T0 + 60, T0 + 60))
    info = derive(run, T0 + 60)
    assert (info.done, info.total, info.rate, info.eta_s) == (4, 10, 0.5, 12.0)


def test_stalled_after_five_minutes_or_twenty_steps(new_run: New) -> None:
    run = new_run(10)
    begin(run, ProcessId.current())
    piece(run, "0", T0 + 10)
    heartbeat(run, T0 + 400)
    assert derive(run, T0 + 300).state is RunState.RUNNING
    stalled = derive(run, T0 + 10 + 301)
    assert stalled.state is RunState.STALLED and stalled.since == T0 + 10
    slow = new_run(10, run_id="generate-2")
    begin(slow, ProcessId.current())
    piece(slow, "0", T0 + 60)
    heartbeat(slow, T0 + 1300)
    assert derive(slow, T0 + 60 + 1100).state is RunState.RUNNING
    assert derive(slow, T0 + 60 + 1210).state is RunState.STALLED


def test_without_heartbeat_it_is_stalled_however_long_a_step_takes(new_run: New) -> None:
    run = new_run(10)
    begin(run, ProcessId.current())
    piece(run, "0", T0 + 100)
    info = derive(run, T0 + 400)
    assert info.state is RunState.STALLED and "sign of life" in info.sentence


def test_gone_with_and_without_traces(new_run: New) -> None:
    run = new_run(3)
    begin(run, GONE)
    assert derive(run).state is RunState.LOST
    run.request_cancel()
    assert derive(run).state is RunState.CANCELLED
    run.cancel_requested.unlink()
    run.exit_code.write_text("3\n")
    info = derive(run)
    assert info.state is RunState.FAILED and "exit code 3" in info.sentence
    write_json(run.result, {"sentence": "All there."})
    info = derive(run)
    assert info.state is RunState.FINISHED and info.sentence == "All there."


def test_asked_to_cancel_but_still_there_is_running(new_run: New) -> None:
    run = new_run(3)
    begin(run, ProcessId.current(), time.time())
    run.request_cancel()
    info = derive(run)
    assert info.state is RunState.RUNNING and info.sentence == "Being cancelled."


def test_another_machines_run_is_unknown_unless_its_files_move(new_run: New) -> None:
    run = new_run(3)
    begin(run, ProcessId(123, "1", "other boot", "other-host"))
    assert derive(run, T0 + 30).state is RunState.RUNNING
    info = derive(run, T0 + 3000)
    assert info.state is RunState.UNKNOWN and "other-host" in info.sentence and info.state.active


def test_a_start_that_never_reached_its_work_says_why(new_run: New) -> None:
    run = new_run(3)
    run.launch_log.write_text("Traceback\nModuleNotFoundError: No module named 'nope'\n\n")
    write_json(run.launched, {"t": T0, "process": GONE.to_json()})
    info = derive(run, T0 + 5)
    assert info.state is RunState.FAILED and "No module named 'nope'" in info.sentence
    write_json(run.launched, {"t": T0, "process": ProcessId.current().to_json()})
    assert derive(run, T0 + 5).state is RunState.QUEUED


def test_an_old_launch_note_does_not_hide_a_lost_attempt(new_run: New) -> None:
    run = new_run(3)
    begin(run, GONE, T0)
    begin(run, replace(GONE, start_time="2"), T0 + 50, number=2)
    write_json(run.launched, {"t": T0 - 1, "process": GONE.to_json()})
    assert derive(run, T0 + 60).state is RunState.LOST


def test_a_broken_directory_is_unknown_with_a_sentence(tmp_path: Path) -> None:
    info = derive(RunDir(tmp_path / "nothing"))
    assert info.state is RunState.UNKNOWN and "not a run directory" in info.sentence


def test_work_finer_than_pieces_gives_the_time_left_and_money_is_shown(new_run: New) -> None:
    run = new_run(4)
    begin(run, ProcessId.current())
    for work in (1, 2, 3):
        row = {"t": T0 + work, "work": work, "max_work": 8, "spent": 0.1 * work, "cap": 2}
        append_line(run.metrics(), row)
    os.utime(run.metrics(), (T0 + 3, T0 + 3))
    info = derive(run, T0 + 3)
    assert (info.done, info.total, info.eta_s) == (0, 4, 5.0)
    assert (round(info.spent or 0, 3), info.cap) == (0.3, 2.0)


def test_between_exit_code_and_result_a_run_is_still_running(new_run: New) -> None:
    run = new_run()
    begin(run, ProcessId.current(), time.time())
    run.exit_code.write_text("0\n")
    assert derive(run).state is RunState.RUNNING
    write_json(run.result, {})
    assert derive(run).state is RunState.FINISHED
