"""Three real models' answers in five languages, rated to the end: every pair once, every side in balance."""

from collections import Counter
from itertools import cycle
from pathlib import Path

import pytest

from mtbx_gui.annotation.pairing import offers
from mtbx_gui.annotation.session import RatingSession
from mtbx_gui.study.importing.importer import import_path
from mtbx_gui.study.study import Study
from mtbx_gui.study.votes import votes

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.mark.skipif(not (DATA / "lumiopen").is_dir(), reason=f"the real answers are not at {DATA}")
def test_real_answers_are_rated_to_the_end(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "study", languages=("en", "de", "fr", "it", "es"))
    for part in ("mt-bench-x", "lumiopen/answers"):
        import_path(study, DATA / part)
    found = offers(study)
    assert [(offer.language, len(offer.models), offer.pairs) for offer in found] == [
        (language, 3, 240) for language in ("de", "en", "es", "fr", "it")
    ]
    study.connection.execute("PRAGMA synchronous = OFF")
    session = RatingSession(study, "spatz", "de")
    choices = cycle(("A", "B", "tie", "both_bad"))
    while session.card is not None:
        assert session.card.language == "de"
        session.vote(next(choices))  # type: ignore[arg-type]
    stored = votes(study)
    assert len(stored) == 480
    left = Counter((v.model_1, v.model_2, v.turn, v.left_model == v.model_1) for v in stored)
    assert len(left) == 12
    assert all(abs(count - 40) <= 1 for count in left.values())
    assert session.progress.open == 0
    study.close()
