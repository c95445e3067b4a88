"""A real, small run for tests: writes pieces "0" … "n-1", and can be told to fail, wait or have children."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from mtbx_gui.rundir.attempt import Attempt, run_main
from mtbx_gui.rundir.errors import MtbxError


def work(attempt: Attempt) -> dict[str, Any]:
    config = attempt.config
    rows = attempt.input("items")
    done = attempt.done_keys("answers")
    if config.get("child"):
        sleeper = "import time; time.sleep(600)"
        child = subprocess.Popen([sys.executable, "-c", sleeper], start_new_session=True)
        (attempt.dir.path / "child").write_text(str(child.pid))
        child.returncode = 0
    if config.get("deaf"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for row in rows:
        key = str(row["key"])
        if key in done:
            continue
        if not config.get("deaf") and attempt.cancelled():
            break
        if config.get("wait_at") == key:
            attempt.log(f"waiting at {key}")
            go = Path(config["go"])
            while not go.exists():
                if not config.get("deaf") and attempt.wait(0.02):
                    return {}
        if config.get("crash_at") == key and attempt.number == 1:
            raise RuntimeError(f"the oven is cold at {key}")
        if config.get("refuse_at") == key:
            raise MtbxError("The key was refused.", "Enter it again.")
        if config.get("exit_at") == key:
            os._exit(9)
        print("x" * int(config.get("noise", 0)))
        turns = [f"first of {key} " + "ä" * 50, "second"]
        answer = {"question_id": key, "language": "en", "model_id": "pieces", "turns": turns}
        attempt.piece("answers", {"key": f"{key}", "attempt": attempt.number, **answer})
        if config.get("metrics"):
            attempt.metric({"work": int(key) + 1, "max_work": len(rows), "tok_s": 5.0 + int(key)})
        attempt.wait(float(config.get("pause", 0)))
    return {"pieces": len(attempt.done_keys("answers"))}


if __name__ == "__main__":
    raise SystemExit(run_main(work))
