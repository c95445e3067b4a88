"""Runs on this machine: detached, in a session of their own, cancelled by exact identity.

The starter may close, crash or be killed at any moment; the run needs nothing of it (pipe, terminal,
parenthood). Processes are found by MTBX_RUN_ID in their environment and by start time, never by name.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import mtbx_gui
from mtbx_gui.rundir.errors import MtbxError, RunBusy
from mtbx_gui.rundir.files import write_atomic, write_json
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.process import ProcessId
from mtbx_gui.rundir.state import RunState, StateInfo, derive

RUN_ID = "MTBX_RUN_ID"
RUN_PATH = "MTBX_RUN_DIR"
SECRET = "MTBX_API_KEY"
CANCEL_PATIENCE_S = {"train": 120.0}
"""Seconds a cancelled run may take to stop by itself: training saves a checkpoint first. Others: 20."""
KILL_PATIENCE_S = 10.0

_DETACH = '{ exec "$@"; } </dev/null >>"$MTBX_LAUNCH_LOG" 2>&1 & echo $!'
"""The shell ends at once, so the run belongs to init and never becomes our zombie."""


def start(run_dir: Path, secret: str | None = None) -> None:
    """Start the run in ``run_dir`` and return; ``secret`` reaches it as MTBX_API_KEY and is written nowhere.

    Raises RunBusy when a process already works on it, MtbxError when no process can be started.
    """
    run = RunDir(run_dir.absolute())
    spec = run.spec()
    if sys.platform == "win32":
        raise MtbxError("Runs on this machine need Linux or macOS.", "Choose an SSH host for this run.")
    if _at_work(run):
        raise RunBusy(f"{spec.title} ({run.run_id}) is already running.", "Wait for it, or cancel it.")
    environment = {**os.environ, RUN_ID: run.run_id, RUN_PATH: str(run.path), "PYTHONUNBUFFERED": "1"}
    environment["MTBX_LAUNCH_LOG"] = str(run.launch_log)
    source = str(Path(mtbx_gui.__file__).resolve().parent.parent)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")]))
    if secret is not None:
        environment[SECRET] = secret
    command = [sys.executable, "-u", "-m", spec.module, str(run.path)]
    begun = time.time()
    write_atomic(run.launch_log, "")
    try:
        shell = subprocess.run(
            ["/bin/sh", "-c", _DETACH, "sh", *command],
            env=environment,
            cwd=run.path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise MtbxError(f"The process of {run.run_id} could not be started: {error}.") from error
    process = ProcessId.of(int(shell.stdout))
    write_json(run.launched, {"t": begun, "process": process.to_json()})


def resume(run_dir: Path, secret: str | None = None) -> None:
    """Start a failed, cancelled or lost run again; it does the missing pieces only.

    Raises RunBusy when it may still be at work, MtbxError when it is finished.
    """
    run = RunDir(run_dir.absolute())
    info = derive(run)
    if info.state is RunState.FINISHED:
        raise MtbxError(f"{run.run_id} is finished.", "Nothing is missing, so there is nothing to resume.")
    if info.state.active and not _never_launched(run):
        raise RunBusy(f"{run.run_id} is {info.state.value}.", "Wait for it, or cancel it first.")
    sweep(run)
    run.cancel_requested.unlink(missing_ok=True)
    run.exit_code.unlink(missing_ok=True)
    start(run.path, secret)


def cancel(run_dir: Path, patience_s: float | None = None) -> StateInfo:
    """Ask the run to stop at its next whole piece, kill it after ``patience_s``; returns when all is gone.

    Waits, so call it in the background. Raises MtbxError when processes of the run outlive SIGKILL or the run
    works on another machine. A run that has ended already stays what it is.
    """
    run = RunDir(run_dir.absolute())
    info = derive(run)
    if info.state is RunState.UNKNOWN:
        raise MtbxError(f"{run.run_id} can't be cancelled from here: {info.sentence}")
    if info.state.active:
        run.request_cancel(f"{os.getpid()}")
        main = ProcessId.read(run.pid)
        asked = [main] if main is not None and main.alive() else members(run)
        for process in asked:
            send(process, signal.SIGTERM)
        usual = CANCEL_PATIENCE_S.get(run.spec().kind, 20.0)
        _wait_gone(asked, usual if patience_s is None else patience_s)
    sweep(run)
    return derive(run)


def sweep(run: RunDir) -> None:
    """Kill every process that still belongs to the run. Raises MtbxError if one can't be killed."""
    while found := members(run):
        for process in found:
            send(process, signal.SIGKILL)
        if left := _wait_gone(found, KILL_PATIENCE_S):
            pids = ", ".join(str(process.pid) for process in left)
            raise MtbxError(
                f"Processes of {run.run_id} don't end: {pids}.",
                "They hang in the system (a network disk, a GPU driver); try again later.",
            )


def members(run: RunDir) -> list[ProcessId]:
    """The living processes of a run on this machine, its children in other sessions included."""
    if not Path("/proc/self/environ").exists():
        main = ProcessId.read(run.pid)
        return [main] if main is not None and main.alive() else []
    wanted = f"{RUN_ID}={run.run_id}".encode()
    found = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            environment = Path(entry.path, "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted in environment and _same_run(environment, run):
            process = ProcessId.of(int(entry.name))
            if process.start_time:
                found.append(process)
    return found


def send(process: ProcessId, signum: signal.Signals) -> None:
    """Signal exactly this process; nothing when it is gone, even if its pid belongs to another one now."""
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "linux":
            handle = os.pidfd_open(process.pid)
            try:
                if process.alive():
                    signal.pidfd_send_signal(handle, signum)
            finally:
                os.close(handle)
        elif process.alive():
            os.kill(process.pid, signum)


def _same_run(environment: list[bytes], run: RunDir) -> bool:
    """False for a process of the same id in another folder (a copied study)."""
    head = f"{RUN_PATH}=".encode()
    path = next((Path(os.fsdecode(line[len(head) :])) for line in environment if line.startswith(head)), None)
    if path is None or not path.exists():
        return True
    return path.samefile(run.path)


def _at_work(run: RunDir) -> bool:
    info = derive(run)
    if info.state is RunState.UNKNOWN:
        raise RunBusy(f"{run.run_id}: {info.sentence}")
    return info.state.active and not _never_launched(run)


def _never_launched(run: RunDir) -> bool:
    return not run.launched.exists() and run.newest_attempt() == 0


def _wait_gone(processes: list[ProcessId], patience_s: float) -> list[ProcessId]:
    """Wait until these processes are gone; returns those that are left after ``patience_s``."""
    deadline = time.monotonic() + patience_s
    while left := [process for process in processes if process.alive()]:
        if time.monotonic() >= deadline:
            break
        time.sleep(0.05)
    return left
