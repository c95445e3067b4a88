import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mtbx_gui.rundir.errors import MtbxError, RunBusy
from mtbx_gui.rundir.jsonl import read_lines
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.plan import RunPlan
from mtbx_gui.rundir.process import ProcessId
from mtbx_gui.rundir.state import RunState, derive
from mtbx_gui.runs import launch, local
from mtbx_gui.runs.watch import Metrics, Watch, log_tail
from mtbx_gui.study import runs as registry
from mtbx_gui.study.study import Study

WORK = Path(__file__).parents[1] / "rundir" / "work"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="runs on this machine need POSIX")


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    pause = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if condition():
            return
        pause.wait(0.02)
    raise AssertionError("condition never came true")


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    monkeypatch.setenv("PYTHONPATH", str(WORK))
    study = Study.create(tmp_path / "study", "Test", ("en", "de"))
    yield study
    for path in study.runs_folder.iterdir():
        local.sweep(RunDir(path))
    study.close()


def plan(n: int = 3, module: str = "pieces_work", **config: Any) -> RunPlan:
    items = [{"key": str(i)} for i in range(n)]
    return RunPlan("generate", "Test run", module, {"seed": 7, **config}, {"items": items}, n)


def keys(run: RunDir) -> list[str]:
    return [row["key"] for row in read_lines(run.out("answers"))]


def started(study: Study, the_plan: RunPlan, secret: str | None = None) -> RunDir:
    return RunDir(launch.run_path(study, launch.start(study, the_plan, secret, "tester")))


def ended(run: RunDir) -> RunState:
    until(lambda: not derive(run).state.active)
    until(lambda: not local.members(run))
    return derive(run).state


def test_a_started_run_is_known_to_the_study_and_finishes(study: Study) -> None:
    run = started(study, plan())
    assert ended(run) is RunState.FINISHED
    assert keys(run) == ["0", "1", "2"]
    assert run.spec().seeds == {"seed": 7}
    (row,) = registry.all_runs(study)
    assert (row.run_id, row.kind, row.title) == (run.run_id, "generate", "Test run")
    (view,) = Watch(study).poll()
    assert (view.run_id, view.info.state, view.info.done) == (run.run_id, RunState.FINISHED, 3)


def test_the_process_is_detached_and_carries_its_identity(study: Study, tmp_path: Path) -> None:
    run = started(study, plan(wait_at="1", go=str(tmp_path / "go")), secret="sk-very-secret")
    until(lambda: keys(run) == ["0"])
    process = ProcessId.read(run.pid)
    assert process is not None and process in local.members(run)
    assert os.getsid(process.pid) != os.getsid(0)
    fields = Path(f"/proc/{process.pid}/status").read_text()
    assert f"PPid:\t{os.getpid()}\n" not in fields
    targets = {str(Path(f"/proc/{process.pid}/fd/{fd}").readlink()) for fd in (0, 1, 2)}
    assert targets == {"/dev/null", str(run.log(1))}
    assert b"MTBX_API_KEY=sk-very-secret" in Path(f"/proc/{process.pid}/environ").read_bytes()
    written = [path.read_bytes() for path in run.path.rglob("*") if path.is_file()]
    assert not any(b"sk-very-secret" in text for text in written)
    with pytest.raises(RunBusy, match="already running"):
        local.start(run.path)
    with pytest.raises(RunBusy, match="cancel it first"):
        local.resume(run.path)
    (tmp_path / "go").touch()
    assert ended(run) is RunState.FINISHED


def test_cancel_ends_the_run_its_children_and_nothing_else(study: Study, tmp_path: Path) -> None:
    other = started(study, plan(wait_at="0", go=str(tmp_path / "go")))
    run = started(study, plan(wait_at="1", go=str(tmp_path / "never"), child=True))
    until(lambda: keys(run) == ["0"] and (run.path / "child").exists())
    child = ProcessId.of(int((run.path / "child").read_text()))
    assert child.alive()
    info = local.cancel(run.path)
    assert (info.state, info.done) == (RunState.CANCELLED, 1)
    assert local.members(run) == [] and not child.alive()
    assert run.read_result() is None
    assert derive(other).state in (RunState.RUNNING, RunState.QUEUED)
    (tmp_path / "go").touch()
    assert ended(other) is RunState.FINISHED


def test_a_run_deaf_to_sigterm_is_killed_and_still_cancelled(study: Study, tmp_path: Path) -> None:
    run = started(study, plan(wait_at="1", go=str(tmp_path / "never"), deaf=True))
    until(lambda: keys(run) == ["0"])
    info = local.cancel(run.path, patience_s=0.2)
    assert info.state is RunState.CANCELLED and local.members(run) == []


def test_cancelled_resumes_with_the_missing_pieces_only(study: Study, tmp_path: Path) -> None:
    run = started(study, plan(5, wait_at="2", go=str(tmp_path / "go")))
    until(lambda: keys(run) == ["0", "1"])
    assert local.cancel(run.path).state is RunState.CANCELLED
    (tmp_path / "go").touch()
    local.resume(run.path)
    assert ended(run) is RunState.FINISHED
    assert keys(run) == ["0", "1", "2", "3", "4"]
    assert local.cancel(run.path).state is RunState.FINISHED
    with pytest.raises(MtbxError, match="nothing to resume"):
        local.resume(run.path)


def test_a_copied_study_does_not_own_the_originals_processes(study: Study, tmp_path: Path) -> None:
    run = started(study, plan(wait_at="1", go=str(tmp_path / "go")))
    until(lambda: keys(run) == ["0"])
    copy = RunDir(tmp_path / "copy" / run.run_id)
    copy.path.mkdir(parents=True)
    copy.run_json.write_bytes(run.run_json.read_bytes())
    assert local.members(copy) == [] and len(local.members(run)) == 1
    (tmp_path / "go").touch()
    assert ended(run) is RunState.FINISHED


def test_a_module_that_cannot_be_imported_is_failed_with_what_it_said(study: Study) -> None:
    run = started(study, plan(module="there_is_no_such_module"))
    assert ended(run) is RunState.FAILED
    assert "No module named there_is_no_such_module" in derive(run).sentence


def test_every_end_has_its_own_state(study: Study) -> None:
    ends = {
        RunState.FINISHED: started(study, plan()),
        RunState.FAILED: started(study, plan(crash_at="1")),
        RunState.LOST: started(study, plan(exit_at="1")),
    }
    for expected, run in ends.items():
        assert ended(run) is expected, run.log().read_text()
    views = {view.run_id: view.info.state for view in Watch(study).poll()}
    assert views == {run.run_id: state for state, run in ends.items()}


def test_killing_the_starter_stops_nothing(study: Study, tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from mtbx_gui.runs import launch; from mtbx_gui.study.study import Study\n"
        "from mtbx_gui.rundir.plan import RunPlan\n"
        "plan = RunPlan('generate', 'T', 'pieces_work', {'wait_at': '1', 'go': sys.argv[2], 'noise': 100000},"
        " {'items': [{'key': str(i)} for i in range(20)]}, 20)\n"
        "print(launch.start(Study.open(sys.argv[1]), plan), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    starter = subprocess.run(
        [sys.executable, "-c", code, str(study.folder), str(tmp_path / "go")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert starter.returncode == -signal.SIGKILL
    run = RunDir(launch.run_path(study, starter.stdout.strip()))
    until(lambda: keys(run) == ["0"])
    assert [view.info.state for view in Watch(study).poll()] == [RunState.RUNNING]
    (tmp_path / "go").touch()
    assert ended(run) is RunState.FINISHED
    assert len(set(keys(run))) == len(keys(run)) == 20


def test_metrics_keep_the_newest_attempts_word_per_step(tmp_path: Path) -> None:
    run = RunDir.create(tmp_path / "train-1", "train-1", RunPlan("train", "T", "m", {}, {}, 4), {})
    rows = {
        1: '{"attempt": 1, "step": 1, "loss": 3}\n{"attempt": 1, "step": 2, "loss": 2}\n',
        2: '{"attempt": 2, "step": 2, "loss": 2.5}\n{"attempt": 2, "step": 3, "loss": 1}\n{"attempt": 2, "st',
    }
    metrics = Metrics(run)
    for number, text in rows.items():
        run.attempt(number).mkdir()
        run.metrics(number).write_text(text)
    assert [(row["step"], row["loss"]) for row in metrics.read()] == [(1, 3), (2, 2.5), (3, 1)]
    with run.metrics(2).open("a") as file:
        file.write('ep": 3, "eval": {"de": 1.5}}\n')
    last = metrics.read()[-1]
    assert (last["step"], last["loss"], last["eval"]) == (3, 1, {"de": 1.5})


def test_log_tail_collapses_progress_bars_and_starts_at_a_line(tmp_path: Path) -> None:
    run = RunDir.create(tmp_path / "train-1", "train-1", RunPlan("train", "T", "m", {}, {}, 4), {})
    assert log_tail(run) == ""
    run.attempt(1).mkdir()
    run.log(1).write_bytes("Größe\n10%\r50%\r100%\ndone\r\nhalf 3%\r".encode())
    assert log_tail(run) == "Größe\n100%\ndone\nhalf 3%"
    assert log_tail(run, 12) == "half 3%"
