"""The window is killed at random moments: no vote is lost or doubled, and it opens again."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from mtbx_gui.actions.demo import create_demo
from mtbx_gui.study.study import Study
from mtbx_gui.study.votes import vote_history, votes

DRIVER = Path(__file__).with_name("drive.py")
KILLS = 20
STEP_S = 0.01
PATIENCE_S = 60.0


def killed(what: str, study: Path, acknowledged: Path, after: int, more_s: float) -> list[str]:
    """Start the window, SIGKILL it `more_s` after `after` things were done; what was done."""
    acknowledged.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, str(DRIVER), what, str(study), str(acknowledged)],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        give_up = time.monotonic() + PATIENCE_S
        while process.poll() is None and time.monotonic() < give_up:
            if acknowledged.is_file() and len(set(acknowledged.read_text().split())) > after:
                break
            time.sleep(STEP_S)
        time.sleep(more_s)
    finally:
        process.send_signal(signal.SIGKILL)
        error = process.communicate()[1].decode()
    assert process.returncode == -signal.SIGKILL, error
    assert acknowledged.is_file(), f"the window did nothing: {error}"
    return acknowledged.read_text().split()


def test_votes_survive_twenty_kills_of_the_window(tmp_path: Path) -> None:
    create_demo(tmp_path / "demo").close()
    draw = random.Random(7)
    before = 0
    for _ in range(KILLS):
        done = killed("annotate", tmp_path / "demo", tmp_path / "done", 1, draw.random() * 0.7)
        assert int(done[0]) == before
        study = Study.open(tmp_path / "demo")
        history = vote_history(study, "spatz")
        effective = votes(study, ["spatz"])
        study.close()
        assert int(done[-1]) <= len(history) <= int(done[-1]) + 1
        assert len(effective) == len(history)
        before = len(history)
    assert before >= KILLS
