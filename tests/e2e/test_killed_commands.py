"""Commands are killed at random moments: their runs go on, nothing is judged twice or lost."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtbx_gui.actions import demo_services
from mtbx_gui.actions.demo import create_demo
from mtbx_gui.actions.follow import follow
from mtbx_gui.cli import main
from mtbx_gui.rundir.state import RunState
from mtbx_gui.runs.watch import Watch
from mtbx_gui.study.judgments import judgments
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import add_edit, fields, history

KILLS = 20
ASSISTANTS = ("assistant-north", "assistant-south")
LANGUAGES = ("en", "de", "fr", "it")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Path]:
    create_demo(tmp_path / "demo").close()
    yield tmp_path / "demo"
    demo_services.stop()


def command(*arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "mtbx_gui.cli", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
    )


def test_twenty_killed_commands_leave_every_judgment_exactly_once(demo: Path) -> None:
    demo_services.ensure()
    draw = random.Random(3)
    for _ in range(KILLS):
        model, language = draw.choice(ASSISTANTS), draw.choice(LANGUAGES)
        process = command(
            "judge", "--study", str(demo), "--judge", "demo", "--models", model, "--lang", language
        )
        time.sleep(draw.random() * 1.5)
        process.send_signal(signal.SIGKILL)
        process.wait()
    study = Study.open(demo)
    for view in Watch(study).poll():
        follow(study, view.run_id)
    study.close()
    arguments = ["judge", "--study", str(demo), "--judge", "demo", "--lang", ",".join(LANGUAGES), "--json"]
    assert main(arguments) in (0, 2)
    study = Study.open(demo)
    found = judgments(study, "single")
    stored = study.connection.execute("SELECT COUNT(*) FROM judgment").fetchone()[0]
    places = {(j.model_1, j.question_id, j.language, j.turn) for j in found}
    study.close()
    assert len(found) == len(places) == stored == 16 * 2 * len(LANGUAGES) * len(ASSISTANTS)


def test_a_killed_follower_changes_nothing_for_the_run(demo: Path) -> None:
    demo_services.ensure()
    assert main(["translate", "--study", str(demo), "--lang", "es", "--translator", "demo", "--detach"]) == 0
    study = Study.open(demo)
    (view,) = Watch(study).poll()
    for _ in range(3):
        process = command("runs", "follow", view.run_id, "--study", str(demo))
        time.sleep(0.3)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert follow(study, view.run_id).state is RunState.FINISHED
    spanish = fields(study, ["es"])
    assert spanish
    assert all(len(history(study, field.field_id)) == 1 for field in spanish)
    study.close()


WRITER = """
import os, sys
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import add_edit
study = Study.open(sys.argv[1])
number = int(sys.argv[3])
while True:
    number += 1
    add_edit(study, int(sys.argv[2]), f"edit {number}", "me")
    os.write(1, f"{number}\\n".encode())
"""


def test_edits_survive_twenty_kills(demo: Path) -> None:
    study = Study.open(demo)
    field = fields(study, ["it"])[0].field_id
    add_edit(study, field, "edit 0", "me")
    draw = random.Random(5)
    number = 0
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(demo), str(field), str(number)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first
        time.sleep(draw.random() * 0.1)
        process.send_signal(signal.SIGKILL)
        told = (first + process.communicate()[0]).split()
        texts = [fact.text for fact in history(study, field) if fact.role == "edit"]
        assert texts == [f"edit {n}" for n in range(len(texts))]
        assert int(told[-1]) + 1 <= len(texts) <= int(told[-1]) + 2
        number = len(texts) - 1
    study.close()
