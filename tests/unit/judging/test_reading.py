from pathlib import Path

import pytest

from mtbx_gui.judging.offer import plan_offer
from mtbx_gui.judging.reading import JudgedTurn, judged_turns, readings
from mtbx_gui.study.importing.importer import import_path
from mtbx_gui.study.judgments import add_judgments
from mtbx_gui.study.records import Judgment
from mtbx_gui.study.study import Study

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
NORTH, SOUTH = "assistant-north", "assistant-south"


def game(
    number: int, verdict: str | None, repetition: int = 1, reason: str | None = None, judge: str = "judge one"
) -> Judgment:
    text = f"I compared them.\nFinal: **[[{verdict}]]**" if verdict else ""
    return Judgment(
        key=f"{judge}{number}{verdict}{repetition}",
        mode="pair",
        judge=judge,
        prompt_name="pair-v2",
        question_id="201",
        language="de",
        turn=1,
        repetition=repetition,
        model_1=NORTH,
        model_2=SOUTH,
        game=number,
        score=None,
        verdict=verdict,
        reason=reason,
        user_prompt="Wer?",
        text=text,
        detail={"attempts": 2, "cost": 0.01, "usage": {"prompt_tokens": 9, "completion_tokens": 3}},
    )


def score(value: float | None, repetition: int = 1, reason: str | None = None) -> Judgment:
    return Judgment(
        key=f"score{repetition}",
        mode="single",
        judge="judge one",
        prompt_name="single-v1",
        question_id="201",
        language="de",
        turn=2,
        repetition=repetition,
        model_1=NORTH,
        model_2=None,
        game=0,
        score=value,
        verdict=None,
        reason=reason,
        user_prompt="Wie gut?",
        text=f"Gut.\nBewertung: [[{value}]]" if value else "$ERROR$",
    )


def line(study: Study, *new: Judgment) -> JudgedTurn:
    add_judgments(study, new, "ada")
    (found,) = judged_turns(study)
    return found


@pytest.mark.parametrize(
    ("verdicts", "summary", "meaning"),
    [
        (("A", "B"), NORTH, "model_1"),
        (("B", "A"), SOUTH, "model_2"),
        (("C", "C"), "tie", "tie"),
        (("D", "D"), "both bad", "both_bad"),
        (("A", "A"), "inconsistent", "inconsistent"),
    ],
)
def test_both_orders_become_one_outcome(
    study: Study, verdicts: tuple[str, str], summary: str, meaning: str
) -> None:
    found = line(study, game(1, verdicts[0]), game(2, verdicts[1]))
    assert (found.summary, found.meaning) == (summary, meaning)
    assert found.order_flips == (summary == "inconsistent")
    assert not found.no_verdict
    assert not found.repetition_flips
    assert found.category


def test_a_failed_call_is_no_verdict_and_never_a_tie(study: Study) -> None:
    found = line(study, game(1, "A"), game(2, None, reason="api_error"))
    assert (found.summary, found.meaning, found.no_verdict) == ("no verdict: api_error", "error", True)


def test_a_missing_order_is_told(study: Study) -> None:
    assert line(study, game(2, "A")).summary == "order 1 is missing"


def test_repetitions_stand_in_one_line_and_their_flips_are_found(study: Study) -> None:
    found = line(study, game(1, "A"), game(2, "B"), game(1, "A", 2), game(2, "A", 2))
    assert found.summary == f"{NORTH} · inconsistent"
    assert found.repetition_flips
    assert [(one.title, one.note) for one in readings(study, found)] == [
        ("Repetition 1 · order 1", f"A is {NORTH}"),
        ("Repetition 1 · order 2", f"A is {SOUTH}"),
        ("Repetition 2 · order 1", f"A is {NORTH}"),
        ("Repetition 2 · order 2", f"A is {SOUTH}"),
    ]


def test_scores_of_repetitions_are_averaged_in_sight(study: Study) -> None:
    found = line(study, score(6), score(7, 2), score(7, 3))
    assert found.summary == "6.67 (6 · 7 · 7)"
    assert found.score == pytest.approx(20 / 3)
    assert found.meaning == "score"


def test_a_missing_score_is_no_number(study: Study) -> None:
    found = line(study, score(6), score(None, 2, "api_error"))
    assert found.summary == "6 · no verdict: api_error"
    assert found.score == 6
    assert found.no_verdict


def test_judges_are_never_pooled(study: Study) -> None:
    new = [game(number, "A", judge=judge) for judge in ("judge one", "judge two") for number in (1, 2)]
    add_judgments(study, new, "ada")
    assert [(found.judge, len(found.judgments)) for found in judged_turns(study)] == [
        ("judge one", 2),
        ("judge two", 2),
    ]


def test_a_reading_has_the_texts_the_outcome_and_where_the_verdict_stands(study: Study) -> None:
    found = line(study, game(1, "A"), game(2, "D"))
    assert [judgment.text for judgment in found.judgments] == ["", ""], "the list does without the texts"
    first, second = readings(study, found)
    assert first.judgment.user_prompt == "Wer?"
    assert (first.title, first.note, first.outcome, first.meaning, first.tag) == (
        "Order 1",
        f"A is {NORTH}",
        f"A: {NORTH}",
        "model_1",
        "[[A]]",
    )
    assert (second.outcome, second.tag) == ("D: both bad", "[[D]]")
    assert first.facts == ("9 + 3 tokens", "0.0100 $", "2 attempts")
    assert second.facts[0] == "FastChat reads no winner (error)"


def test_what_can_be_planned(study: Study) -> None:
    offer = plan_offer(study)
    assert offer.models == (NORTH, SOUTH)
    assert offer.languages == ("en", "de", "fr", "it", "es")
    assert set(offer.answered.values()) == {16}
    assert offer.prompt_languages == {
        "mtbx-3": ("de", "en", "es", "fr", "it"),
        "mtbx-4": ("de", "en", "es", "fr", "it"),
    }
    assert offer.reference_sets == ("demo-reference", "question")
    assert offer.categories[0] == "writing"


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data are not at {DATA}")
def test_imported_judgments_can_be_read(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "real", "Real", ("en",))
    import_path(study, DATA / "judgments" / "phi-3")
    turns = judged_turns(study)
    failed = [turn for turn in turns if turn.no_verdict]
    assert {turn.summary for turn in failed} == {"no verdict: api_error"}
    assert {turn.question_id for turn in failed} == {"124", "125"}
    singles = [turn for turn in turns if turn.mode == "single"]
    assert len(singles) == 160
    read = [one for turn in singles[:20] for one in readings(study, turn)]
    assert all(one.tag == f"[[{one.outcome}]]" for one in read)
    study.close()
