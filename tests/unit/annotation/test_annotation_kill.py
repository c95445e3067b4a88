"""SIGKILL in the middle of rating: what was acknowledged is there, once, and the study opens."""

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from mtbx_gui.annotation.session import RatingSession
from mtbx_gui.study.study import Study
from mtbx_gui.study.votes import vote_history

KILLS = 20
SCRIPT = Path(__file__).parent / "work" / "rate_until_killed.py"


def test_no_vote_is_lost_or_doubled_by_twenty_kills(make_study: Any) -> None:
    study = make_study(models=("one", "two", "three"), questions=100)
    study.close()
    chance = random.Random(20261123)
    acknowledged: list[str] = []
    for _ in range(KILLS):
        acknowledged += rate_and_kill(study.folder, chance.randrange(8), chance.random() * 0.004)
    study = Study.open(study.folder)
    stored = vote_history(study, "anna")
    uuids = [vote.uuid for vote in stored]
    assert len(acknowledged) > KILLS
    assert set(acknowledged) <= set(uuids)
    assert len(uuids) == len(set(uuids))
    assert len(uuids) - len(acknowledged) <= KILLS, (
        "at most the vote in flight at each kill was not said aloud"
    )
    turns = Counter((v.question_id, v.turn, v.model_1, v.model_2) for v in stored)
    assert set(turns.values()) == {1}
    session = RatingSession(study, "anna", "de")
    assert session.progress.voted + session.progress.skipped == len(uuids)
    assert session.card is not None
    assert session.card.place == session.places[len(uuids)], "rating goes on right after the last stored vote"


def rate_and_kill(folder: Path, before: int, then_seconds: float) -> list[str]:
    """Ask for some votes, then for one more and kill in the midst of it; the votes that were acknowledged."""
    rating = subprocess.Popen(
        [sys.executable, SCRIPT, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert rating.stdin is not None
    assert rating.stdout is not None
    lines = [rating.stdout.readline()]
    for _ in range(before):
        rating.stdin.write("vote\n")
        lines.append(rating.stdout.readline())
    rating.stdin.write("vote\n")
    try:
        rating.wait(timeout=then_seconds)
    except subprocess.TimeoutExpired:
        rating.kill()
    lines += rating.communicate()[0].splitlines(keepends=True)
    assert rating.returncode == -9, "the process rated until it was killed"
    assert lines[0] == "ready\n"
    return [line.strip() for line in lines[1:] if line.endswith("\n")]
