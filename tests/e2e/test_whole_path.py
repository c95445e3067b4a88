"""The whole path by keys in the real window, closed and opened again; offscreen and once on an X display."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mtbx_gui.actions import demo_services
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.state import RunState, derive
from mtbx_gui.runs import local
from mtbx_gui.study.answers import answers, models
from mtbx_gui.study.judgments import judgments
from mtbx_gui.study.runs import all_runs
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import fields, history
from mtbx_gui.study.votes import vote_history

HERE = Path(__file__).parent
SCREEN = {"name": "one", "x": 0, "y": 0, "width": 1600, "height": 1200, "logicalDpi": 96, "dpr": 1}
"""As large as the X display in packaging/test.sh; by itself the offscreen platform has 800 × 800."""
PATIENCE_S = 240
PORTRAITS = """
import sys
from pathlib import Path
from mtbx_gui.app import render_tabs
study, out, scale = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
for dark in (False, True):
    print(*render_tabs(study, out, dark, scale), sep="\\n")
"""


@pytest.fixture
def artifacts() -> Path:
    """Where pictures are left to be looked at."""
    return Path(os.environ.get("MTBX_ARTIFACTS") or HERE.parents[1] / "artifacts")


@pytest.fixture(params=["offscreen", pytest.param("xcb", marks=pytest.mark.x11)])
def display(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What Qt draws on, as QT_QPA_PLATFORM."""
    if request.param == "offscreen":
        screens = tmp_path / "screens.json"
        screens.write_text(json.dumps({"screens": [SCREEN]}))
        return f"offscreen:configfile={screens}"
    if not os.environ.get("DISPLAY"):
        pytest.skip("there is no X display; packaging/test.sh starts one with xvfb-run")
    return "xcb"


@pytest.fixture
def demo(isolated_home: Path) -> Iterator[Path]:
    """Where the demo study will lie; nothing it has started goes on after the test."""
    folder = isolated_home / "mtbx" / "studies" / "mtbx-demo"
    yield folder
    for path in (folder / "runs").glob("*"):
        local.sweep(RunDir(path))
    demo_services.stop()


def run(display: str, *words: str, scale: str = "1") -> str:
    """Run Python on a display; what it printed. Warnings are errors, as in every test."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "faulthandler", *words],
        env=os.environ | {"QT_QPA_PLATFORM": display, "QT_SCALE_FACTOR": scale},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stderr.strip()) == (0, ""), done.stderr
    return done.stdout


def found(folder: Path) -> dict[str, Any]:
    """What the study holds of everything that was done."""
    study = Study.open(folder)
    try:
        edited = [field for field in fields(study, ["it"]) if field.edited]
        return {
            "spanish": Counter(field.machine_by for field in fields(study, ["es"])),
            "edits": [(f.question_id, f.position, f.edit) for f in edited],
            "history": [len(history(study, field.field_id)) for field in edited],
            "trained": [(m.name, m.path is not None) for m in models(study) if m.name == "instructions-DE"],
            "answers": Counter(a.model for a in answers(study, languages=["de"])),
            "judgments": Counter((j.mode, j.judge, j.language) for j in judgments(study)),
            "unread": sum(j.reason is not None for j in judgments(study)),
            "votes": [(v.annotator, v.turn, v.displayed) for v in vote_history(study, "spatz")],
            "runs": [
                (row.kind, derive(RunDir(study.runs_folder / row.run_id)).state) for row in all_runs(study)
            ],
        }
    finally:
        study.close()


def test_the_whole_path_by_keys_and_everything_is_there_again(
    display: str, demo: Path, artifacts: Path
) -> None:
    pictures = artifacts / f"path-{display.partition(':')[0]}"
    run(display, str(HERE / "whole_path.py"), "walk", str(pictures))
    done = found(demo)
    assert done["spanish"] == {"demo translator": 64}
    [(question, turn, text)] = done["edits"]
    assert (question, turn) == ("201", 0)
    assert text.startswith("Scrivi un breve avviso") and text.endswith("Usa al massimo 60 parole.")
    assert done["history"] == [2], "one machine translation and one edit"
    assert done["trained"] == [("instructions-DE", True)]
    assert done["answers"] == {"assistant-north": 16, "assistant-south": 16, "instructions-DE": 16}
    assert done["judgments"] == {("single", "demo judge", "de"): 96, ("pair", "demo judge", "de"): 192}
    assert done["unread"] == 0
    choices = [(1, "A"), (2, "tie"), (1, "both_bad"), (2, "A"), (1, "B")]
    assert done["votes"] == [("spatz", turn, choice) for turn, choice in choices]
    assert Counter(kind for kind, _ in done["runs"]) == {
        "translate": 1,
        "train": 1,
        "generate": 1,
        "judge": 2,
    }
    assert {state for _, state in done["runs"]} == {RunState.FINISHED}
    assert (demo.parent / "verdicts.pdf").read_bytes().startswith(b"%PDF")
    run(display, str(HERE / "whole_path.py"), "return", str(pictures), str(demo))
    assert found(demo) == done, "opening and looking changes nothing"
    if display != "xcb":
        for scale in ("1.0", "1.5"):
            drawn = run(display, "-c", PORTRAITS, str(demo), str(artifacts / "tabs"), scale, scale=scale)
            assert len([path for path in drawn.splitlines() if Path(path).stat().st_size > 0]) == 12
