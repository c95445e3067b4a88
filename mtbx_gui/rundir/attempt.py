"""Used inside a run's process: one start of a run, from taking its lock to leaving an exit code.

Never talks to the window; everything it has to say goes into files of the run directory.
"""

import contextlib
import errno
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from mtbx_gui import __version__
from mtbx_gui.rundir.errors import MtbxError, RunBusy
from mtbx_gui.rundir.files import write_atomic, write_hint, write_json
from mtbx_gui.rundir.jsonl import append_line, count_lines, read_lines, repair_tail
from mtbx_gui.rundir.layout import PIECES, RunDir, RunSpec
from mtbx_gui.rundir.locks import FileLock
from mtbx_gui.rundir.process import ProcessId

HEARTBEAT_S = 15.0
RESERVE, RESERVE_BYTES = "reserve", 65536
METRIC_BYTES = 4096
EXIT_FAILED, EXIT_BAD_CALL, EXIT_BUSY, EXIT_STOPPED = 1, 2, 75, 143


class Attempt:
    """One start of a run. Safe to use from several threads of the run's process."""

    def __init__(self, run: RunDir, spec: RunSpec, number: int) -> None:
        self.dir = run
        self.spec = spec
        self.number = number
        self._lock = threading.Lock()
        self._seq = 0
        self._terminated = False

    @property
    def config(self) -> dict[str, Any]:
        """The run's configuration, as in run.json."""
        return self.spec.config

    def cancelled(self) -> bool:
        """Whether to stop at the next whole piece: SIGTERM came or somebody asked for it."""
        return self._terminated or self.dir.cancel_requested.exists()

    def wait(self, seconds: float) -> bool:
        """Wait that long, or until cancelled. True when cancelled."""
        deadline = time.monotonic() + seconds
        while not self.cancelled():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(0.1, left))
        return True

    def input(self, name: str) -> list[dict[str, Any]]:
        """The lines of ``in/<name>.jsonl``. Raises BrokenRunDir when changed since the run was planned."""
        return self.dir.read_input(name)

    def piece(self, out_name: str, obj: dict[str, Any]) -> None:
        """Keep a finished piece (it must have "key"): on disk for good when this returns."""
        if not isinstance(obj.get("key"), str):
            raise ValueError(f'A piece for {out_name} needs a "key" (str).')
        with self._lock:
            append_line(self.dir.out(out_name), obj)

    def done_keys(self, out_name: str) -> set[str]:
        """The keys already in ``out/<out_name>.jsonl``, from this and earlier attempts."""
        return {str(row["key"]) for row in read_lines(self.dir.out(out_name)) if "key" in row}

    def metric(self, row: dict[str, Any]) -> None:
        """Append to this attempt's metrics.jsonl ("step" and "max_steps" make the progress shown)."""
        with self._lock:
            self._seq += 1
            head = {"run": self.spec.run_id, "attempt": self.number, "seq": self._seq, "t": time.time()}
            append_line(self.dir.metrics(self.number), {**head, **row}, sync=False)

    def event(self, kind: str, **data: Any) -> None:
        """Append to events.jsonl."""
        with self._lock:
            self.dir.add_event(kind, attempt=self.number, **data)

    def log(self, text: str) -> None:
        """A line in this attempt's log.txt, with the time."""
        with contextlib.suppress(OSError):  # a full disk is told by whoever writes a piece
            print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)

    def beat(self) -> None:
        """Show a sign of life."""
        (self.dir.attempt(self.number) / "heartbeat").write_text(f"{time.time():.3f}\n", encoding="ascii")

    def terminate(self, signum: int = 0, frame: FrameType | None = None) -> None:
        """SIGTERM's handler: from now on ``cancelled()`` is true."""
        self._terminated = True


def run_main(work: Callable[[Attempt], dict[str, Any]], argv: list[str] | None = None) -> int:
    """The whole life of a run's process: ``raise SystemExit(run_main(work))`` in ``__main__``.

    ``work`` does the missing pieces and returns what result.json shall hold; when ``cancelled()`` is true
    it returns early and no result is written. Returns the exit code: 0 finished, 1 failed, 2 bad call,
    75 another process works on this run, 143 stopped.
    """
    arguments = sys.argv[1:] if argv is None else argv
    if len(arguments) != 1:
        print("usage: python -m MODULE RUN_DIR", file=sys.stderr)
        return EXIT_BAD_CALL
    run = RunDir(Path(arguments[0]).absolute())
    lock = FileLock(run.lock)
    try:
        spec = run.spec()
        if not lock.acquire(patience_s=3.0):
            raise RunBusy(f"Another process already works on {run.path}.")
        attempt = _begin(run, spec)
    except (MtbxError, OSError) as error:
        print(error, file=sys.stderr)
        lock.release()
        return EXIT_BUSY if isinstance(error, RunBusy) else EXIT_BAD_CALL
    stop = threading.Event()
    heart = threading.Thread(target=_heartbeat, args=(attempt, stop), name="heartbeat", daemon=True)
    heart.start()
    try:
        return _carry_out(attempt, work)
    finally:
        stop.set()
        heart.join()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        lock.release()


def _begin(run: RunDir, spec: RunSpec) -> Attempt:
    """Under the lock: a new attempt folder, output into its log, traces of the attempt before removed."""
    number = run.newest_attempt() + 1
    process = ProcessId.current()
    process.write(run.pid)
    folder = run.attempt(number)
    folder.mkdir(parents=True)
    log = os.open(folder / "log.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    for path in (*run.outs(), run.events):
        repair_tail(path)
    attempt = Attempt(run, spec, number)
    signal.signal(signal.SIGTERM, attempt.terminate)
    attempt.beat()
    (folder / RESERVE).write_bytes(os.urandom(RESERVE_BYTES))
    main = PIECES.get(spec.kind)
    started = {
        "t": time.time(),
        "process": process.to_json(),
        "python": sys.version.split()[0],
        "app_version": __version__,
        "done": count_lines(run.out(main)) if main else 0,
    }
    write_json(folder / "started.json", started)
    run.exit_code.unlink(missing_ok=True)
    attempt.event("started", host=process.host)
    return attempt


def _carry_out(attempt: Attempt, work: Callable[[Attempt], dict[str, Any]]) -> int:
    run = attempt.dir
    try:
        result = {} if attempt.cancelled() else work(attempt)
        if attempt.cancelled():
            return _leave(attempt, EXIT_STOPPED, *_stopped(attempt))
        if run.result.exists():
            return _leave(attempt, 0, "finished", "There was nothing left to do.")
        _give_room(attempt)
        attempt.event("finished")
        write_atomic(run.exit_code, "0\n")
        write_json(run.result, result)
        return 0
    except BaseException as error:
        if attempt.cancelled():
            return _leave(attempt, EXIT_STOPPED, *_stopped(attempt), error)
        code = error.code if isinstance(error, SystemExit) and isinstance(error.code, int) else EXIT_FAILED
        return _leave(attempt, code or EXIT_FAILED, "failed", failure_sentence(error), error)


def _stopped(attempt: Attempt) -> tuple[str, str]:
    if attempt.dir.cancel_requested.exists():
        return "cancelled", "Cancelled."
    return "stopped", "The run was told to stop from outside (SIGTERM). Resume does the rest."


def _leave(attempt: Attempt, code: int, event: str, sentence: str, error: BaseException | None = None) -> int:
    _give_room(attempt)
    if error is not None:
        with contextlib.suppress(OSError):
            traceback.print_exception(error)
    details: dict[str, Any] = {"sentence": sentence, "exit_code": code}
    if error is not None:
        details["error"] = type(error).__name__
        details["next_step"] = getattr(error, "next_step", "")
    try:
        attempt.event(event, **details)
        write_atomic(attempt.dir.exit_code, f"{code}\n")
    except (MtbxError, OSError):
        with contextlib.suppress(OSError):
            traceback.print_exc()
    return code


def _give_room(attempt: Attempt) -> None:
    """Free the reserve, so that even on a full disk the run can say why it ends."""
    with contextlib.suppress(OSError):
        (attempt.dir.attempt(attempt.number) / RESERVE).unlink(missing_ok=True)


def failure_sentence(error: BaseException) -> str:
    """What went wrong, for people: our own errors as they are, anything else with its type."""
    if isinstance(error, MtbxError):
        return str(error)
    if isinstance(error, MemoryError):
        return "The machine has too little memory for this run. Choose a smaller batch or a smaller model."
    if isinstance(error, ModuleNotFoundError):
        return f"The package {error.name} is not installed. Install mtbx-gui with the extra it belongs to."
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        return f"{error.filename or 'A file'} could not be written: {error.strerror}. {write_hint(error)}"
    text = str(error).strip().split("\n")[0][:500]
    return f"{type(error).__name__}: {text}" if text else f"{type(error).__name__}, see the log."


def _heartbeat(attempt: Attempt, stop: threading.Event) -> None:
    while not stop.wait(HEARTBEAT_S):
        try:
            attempt.beat()
        except OSError as error:
            attempt.log(f"heartbeat: {error}")
