"""The window is killed at random moments: no vote or edit is lost or doubled, and it opens again."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from mtbx_gui.actions.demo import create_demo
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import fields, history
from mtbx_gui.study.votes import vote_history, votes

DRIVER = Path(__file__).with_name("drive.py")
KILLS = 20
STEP_S = 0.01
PATIENCE_S = 60.0
EDIT_KILLS = 8
JOURNAL_S = 1.25
"""Typing older than this, by the window's own clock, is promised to be there again."""


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
            if acknowledged.is_file() and len(set(acknowledged.read_text().splitlines())) > after:
                break
            time.sleep(STEP_S)
        time.sleep(more_s)
    finally:
        process.send_signal(signal.SIGKILL)
        error = process.communicate()[1].decode()
    assert process.returncode == -signal.SIGKILL, error
    assert acknowledged.is_file(), f"the window did nothing: {error}"
    return acknowledged.read_text().splitlines()


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


@dataclass(frozen=True)
class Typed:
    """What stood in the editor after a key; `saved` when the person had gone on to the next field."""

    at: float
    field: int
    text: str
    saved: bool


def promised(done: list[Typed]) -> dict[int, str]:
    """By field, the newest text that a kill after the last of `done` must not take away.

    A text counts as older than the journal's second only when the window did three more things after it.
    """
    kept: dict[int, str] = {}
    for place, one in enumerate(done):
        later = done[place + 3 :]
        if one.saved or (later and later[-1].at - one.at > JOURNAL_S):
            kept[one.field] = one.text
    return kept


def check_edits(folder: Path, kept: dict[int, str], saved: list[Typed]) -> None:
    """Every promised text begins the text in effect; nothing saved is missing or stored twice."""
    study = Study.open(folder)
    try:
        now = {field.field_id: field.edit or "" for field in fields(study)}
        for field_id, text in kept.items():
            assert now[field_id].startswith(text), f"{text!r} is lost from {now[field_id]!r}"
            stored = [fact.text for fact in history(study, field_id) if fact.role == "edit"]
            assert len(stored) == len(set(stored)), "a text is stored twice"
            assert {one.text for one in saved if one.field == field_id} <= set(stored)
    finally:
        study.close()


def test_edits_survive_kills_of_the_window_but_for_the_last_second(tmp_path: Path) -> None:
    create_demo(tmp_path / "demo").close()
    draw = random.Random(11)
    kept: dict[int, str] = {}
    saved: list[Typed] = []
    unsaved = 0
    for number in range(EDIT_KILLS + 1):
        last = number == EDIT_KILLS
        lines = killed(
            "curate", tmp_path / "demo", tmp_path / "done", 1, 0.0 if last else 0.3 + 3 * draw.random()
        )
        check_edits(tmp_path / "demo", kept, saved)
        done = [Typed(**json.loads(line)) for line in lines]
        kept |= promised(done)
        saved += [one for one in done if one.saved]
        unsaved += any(not one.saved and one.text == kept.get(one.field) for one in done)
    assert unsaved, "every kill met saved texts only"
