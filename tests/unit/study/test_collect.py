"""Collecting runs: idempotent, piece by piece, whatever state the run directory is in."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mtbx_gui.actions.follow import collect_all
from mtbx_gui.rundir.errors import BrokenRunDir
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.plan import RunPlan
from mtbx_gui.runs.watch import Watch
from mtbx_gui.study.collect import CHUNK, Collector, collect
from mtbx_gui.study.judgments import judgments
from mtbx_gui.study.runs import all_runs, collected_pieces, register
from mtbx_gui.study.study import Study


def line(number: int, **more: Any) -> str:
    row = {
        "key": f"k{number}", "mode": "single", "judge": "j", "question_id": str(number), "language": "de",
        "turn": 1, "repetition": 1, "prompt_name": "p", "model_1": "m", "model_2": None, "game": 0,
        "user_prompt": "u", "judgment": "t", "score": 5.0, "verdict": None, "reason": None,
    }  # fmt: skip
    return json.dumps(row | more) + "\n"


def run(study: Study, kind: str = "judge", run_id: str = "judge-1") -> RunDir:
    plan = RunPlan(kind, "Judge DE", "mtbx_gui.judging.judge_run", {}, {}, 3)
    made = RunDir.create(study.runs_folder / run_id, run_id, plan, {})
    made.out("judgments").parent.mkdir(exist_ok=True)
    return made


def test_only_whole_lines_are_taken_and_each_once(study: Study) -> None:
    made = run(study)
    collector = Collector(study)
    whole = [line(number) for number in range(2 * CHUNK + 7)]
    made.out("judgments").write_text("".join(whole) + line(9999)[:20])
    assert collector.collect(made.path) == len(whole)
    assert collector.collect(made.path) == 0
    with made.out("judgments").open("a") as file:
        file.write(line(9999)[20:] + whole[0])
    assert collector.collect(made.path) == 1
    assert collect(study, made.path) == 0
    assert len(judgments(study)) == len(whole) + 1
    assert collected_pieces(study) == {"judge-1": len(whole) + 1}


def test_what_could_not_be_taken_in_is_taken_in_the_next_time(study: Study) -> None:
    made = run(study)
    collector = Collector(study)
    made.out("judgments").write_text(line(1) + line(2, verdict="A"))
    with pytest.raises(ValueError, match="exactly one"):
        collector.collect(made.path)
    made.out("judgments").write_text(line(1) + line(2) + line(3))
    assert collector.collect(made.path) == 3


def test_a_broken_run_directory_does_not_keep_the_others_from_being_collected(study: Study) -> None:
    run(study, run_id="a-broken").run_json.write_text("{")
    strange = run(study, "dance", "b-strange")
    good = run(study, run_id="c-good")
    good.out("judgments").write_text(line(1))
    assert collect_all(study) == 1
    with pytest.raises(BrokenRunDir, match="unknown kind, 'dance'"):
        collect(study, strange.path)


COLLECTOR = """
import sys
from pathlib import Path
from mtbx_gui.study.collect import collect
from mtbx_gui.study.study import Study
study = Study.open(sys.argv[1])
for path in sorted(study.runs_folder.iterdir()) * 5:
    collect(study, path)
"""


def test_processes_collecting_the_same_runs_double_nothing(study: Study) -> None:
    for number in range(3):
        made = run(study, run_id=f"judge-{number}")
        made.out("judgments").write_text("".join(line(number * 1000 + n) for n in range(600)))
    arguments = [sys.executable, "-c", COLLECTOR, str(study.folder)]
    processes = [subprocess.Popen(arguments) for _ in range(4)]
    assert [process.wait() for process in processes] == [0] * 4
    assert len(judgments(study)) == 1800
    assert collected_pieces(study) == {f"judge-{number}": 600 for number in range(3)}


@pytest.mark.parametrize("way", ["moved", "zipped", "copied while it is open"])
def test_a_study_elsewhere_still_finds_its_runs(tmp_path: Path, way: str) -> None:
    study = Study.create(tmp_path / "here", "Pilot", ("en", "de"))
    made = run(study)
    register(study, "judge-1", "judge", "Judge DE", {}, "me")
    made.out("judgments").write_text(line(1))
    collect(study, made.path)
    there = tmp_path / "dort drüben" / "s"
    if way == "copied while it is open":
        shutil.copytree(study.folder, there)
        study.close()
    else:
        study.close()
        if way == "moved":
            there.parent.mkdir()
            study.folder.rename(there)
        else:
            packed = shutil.make_archive(str(tmp_path / "packed"), "zip", study.folder)
            shutil.unpack_archive(packed, there)
    again = Study.open(there)
    assert (again.name, len(judgments(again)), len(all_runs(again))) == ("Pilot", 1, 1)
    (view,) = Watch(again).poll()
    assert view.path == there / "runs" / "judge-1"
    with RunDir(view.path).out("judgments").open("a") as file:
        file.write(line(2))
    assert collect(again, view.path) == 1
    again.close()
