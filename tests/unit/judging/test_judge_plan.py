import json
from collections import Counter
from datetime import date

import pytest
from pydantic import ValidationError

from mtbx_gui.judging.calls import refill
from mtbx_gui.judging.choice import JudgeChoice
from mtbx_gui.judging.plan import NothingToJudge, build_plan
from mtbx_gui.judging.profiles import JudgeProfile, ProfileError, save_profile
from mtbx_gui.judging.prompts import PromptError, shipped_set
from mtbx_gui.study.answers import add_answers, answers
from mtbx_gui.study.ids import content_key
from mtbx_gui.study.judgments import add_judgments
from mtbx_gui.study.records import Answer, Judgment
from mtbx_gui.study.study import Study

NORTH, SOUTH = "assistant-north", "assistant-south"


def choice(**changes: object) -> JudgeChoice:
    return JudgeChoice.model_validate({"profile": "demo judge", **changes})


def calls(study: Study, **changes: object) -> list[dict[str, object]]:
    return build_plan(study, choice(**changes)).run.inputs["calls"]


def answer(model: str, question_id: str, language: str, *turns: str) -> Answer:
    return Answer(content_key(model, question_id, language, turns), model, question_id, language, turns)


def judged(study: Study, rows: list[dict[str, object]], reason: str | None = None) -> None:
    fields = ("key", "mode", "question_id", "language", "turn", "repetition", "model_1", "model_2", "game")
    new = [
        Judgment(
            **{name: row[name] for name in fields},  # type: ignore[arg-type]
            judge="demo judge",
            prompt_name=str(row["template"]).rpartition("/")[2],
            score=5.0 if reason is None and row["mode"] == "single" else None,
            verdict="A" if reason is None and row["mode"] == "pair" else None,
            reason=reason,
            user_prompt="",
            text="",
        )
        for row in rows
    ]
    assert add_judgments(study, new, "ada") == len(rows)


@pytest.mark.usefixtures("demo")
def test_single_judging_takes_every_turn_of_every_answer(study: Study) -> None:
    rows = calls(study)
    assert len(rows) == 2 * 5 * 16 * 2
    assert len({row["key"] for row in rows}) == len(rows)
    assert Counter(row["turn"] for row in rows) == {1: 160, 2: 160}
    assert {row["game"] for row in rows} == {0}
    assert {row["verdicts"] for row in rows} == {"single"}


@pytest.mark.usefixtures("demo")
def test_pairs_are_judged_in_both_orders_always(study: Study) -> None:
    plan = build_plan(study, choice(mode="pair", languages=["de"], repetitions=3, prompt_set="mtbx-4"))
    rows = plan.run.inputs["calls"]
    assert len(rows) == 16 * 2 * 2 * 3
    assert {(row["model_1"], row["model_2"]) for row in rows} == {(NORTH, SOUTH)}
    assert {row["verdicts"] for row in rows} == {"pair4"}
    texts = {row["id"]: row["text"] for row in plan.run.inputs["texts"]}
    found = {(a.model, a.question_id): a.turns for a in answers(study, ["de"])}
    first = {
        row["game"]: row for row in rows if row["question_id"] == rows[0]["question_id"] and row["turn"] == 1
    }
    north = found[(NORTH, rows[0]["question_id"])][0]
    assert texts[first[1]["values"]["answer_a"]] == north
    assert texts[first[2]["values"]["answer_b"]] == north
    assert [row["repetition"] for row in rows] == sorted(row["repetition"] for row in rows)


@pytest.mark.usefixtures("demo")
def test_prompts_follow_the_language_of_the_item_or_one_language_for_all(study: Study) -> None:
    assert {row["template"].split("/")[1] for row in calls(study, languages=["it"])} == {"it"}
    english = calls(study, languages=["it"], prompt_language="en")
    assert {row["template"].split("/")[1] for row in english} == {"en"}
    assert {row["key"] for row in english}.isdisjoint(row["key"] for row in calls(study, languages=["it"]))


@pytest.mark.usefixtures("demo")
def test_math_reasoning_and_coding_are_judged_with_a_reference(study: Study) -> None:
    guided = {
        row["template"].rpartition("/")[2]: "ref_answer_1" in row["values"]
        for row in calls(study, languages=["fr"])
    }
    assert guided == {
        "single-v1": False,
        "single-v1-multi-turn": False,
        "single-math-v1": True,
        "single-math-v1-multi-turn": True,
    }
    none = calls(study, languages=["fr"], guided_categories=[])
    assert {row["template"].rpartition("/")[2] for row in none} == {"single-v1", "single-v1-multi-turn"}


@pytest.mark.usefixtures("demo")
def test_a_planned_call_can_be_filled_again_to_the_same_prompt(study: Study) -> None:
    plan = build_plan(study, choice(mode="pair", languages=["es"]))
    texts = {row["id"]: row["text"] for row in plan.run.inputs["texts"]}
    templates = {
        f"mtbx-3/es/{name}": shipped_set("mtbx-3").get("es", name)
        for name in {row["name"] for row in plan.run.inputs["templates"]}
    }
    rows = json.loads(json.dumps(plan.run.inputs["calls"]))
    for row in rows:
        assert refill(row, templates, texts).sha256 == row["prompt_sha256"]


@pytest.mark.usefixtures("demo")
def test_keys_differ_in_everything_that_makes_a_call(study: Study, demo: JudgeProfile) -> None:
    base = {row["key"] for row in calls(study, mode="pair", languages=["en"], repetitions=2)}
    assert len(base) == 16 * 2 * 2 * 2
    save_profile(study, demo.model_copy(update={"seed": 7}), "ada")
    seeded = {row["key"] for row in calls(study, mode="pair", languages=["en"], repetitions=2)}
    save_profile(study, demo.model_copy(update={"id": "other"}), "ada")
    other = {
        row["key"] for row in calls(study, mode="pair", languages=["en"], repetitions=2, profile="other")
    }
    assert len(base | seeded | other) == 3 * len(base)
    save_profile(study, demo.model_copy(update={"base_url": "http://127.0.0.1:10/v1"}), "ada")
    assert {row["key"] for row in calls(study, mode="pair", languages=["en"], repetitions=2)} == base


@pytest.mark.usefixtures("demo")
def test_only_what_is_missing_is_planned(study: Study) -> None:
    rows = calls(study, languages=["de"])
    judged(study, rows[:20])
    plan = build_plan(study, choice(languages=["de"]))
    assert (plan.estimate.calls, plan.estimate.done) == (len(rows) - 20, 20)
    assert {row["key"] for row in plan.run.inputs["calls"]} == {row["key"] for row in rows[20:]}
    assert build_plan(study, choice(languages=["de"], repetitions=2)).estimate.calls == 2 * len(rows) - 20
    judged(study, rows[20:])
    with pytest.raises(NothingToJudge, match="All 64 judgments of this plan are in the study already"):
        build_plan(study, choice(languages=["de"])).check_startable()


@pytest.mark.usefixtures("demo")
def test_a_changed_answer_is_judged_again(study: Study) -> None:
    judged(study, calls(study, languages=["de"]))
    question_id = answers(study, ["de"])[0].question_id
    add_answers(study, [answer(NORTH, question_id, "de", "ganz neu", "noch neuer")], "ada")
    assert [(row["question_id"], row["model_1"]) for row in calls(study, languages=["de"])] == [
        (question_id, NORTH),
        (question_id, NORTH),
    ]


@pytest.mark.usefixtures("demo")
def test_a_call_that_failed_is_planned_again_under_a_key_of_its_own(study: Study) -> None:
    seen: set[object] = set()
    for _ in range(3):
        rows = calls(study, languages=["de"], models=[NORTH], categories=["math"])
        assert len(rows) == 4
        assert seen.isdisjoint(row["key"] for row in rows)
        seen |= {row["key"] for row in rows}
        judged(study, rows, "api_error")
    rows = calls(study, languages=["de"], models=[NORTH], categories=["math"])
    judged(study, rows)
    assert calls(study, languages=["de"], models=[NORTH], categories=["math"]) == []


@pytest.mark.usefixtures("demo")
def test_missing_and_bad_answers_are_listed(study: Study) -> None:
    ids = sorted({a.question_id for a in answers(study, ["en"])}, key=int)
    add_answers(study, [answer("third", ids[0], "en", "good", "$ERROR$")], "ada")
    add_answers(study, [answer("third", ids[1], "en", " ")], "ada")
    plan = build_plan(study, choice(models=["third"], languages=["en"]))
    left = Counter((entry.why, entry.turn) for entry in plan.estimate.left_out)
    assert left == {("no_answer", 1): 14, ("no_answer", 2): 15, ("bad_judged", 1): 1, ("bad_judged", 2): 1}
    assert plan.estimate.calls == 3
    skipped = build_plan(study, choice(models=["third"], languages=["en"], on_bad_answers="skip"))
    assert skipped.estimate.calls == 1
    assert skipped.estimate.left_out_sentences() == [
        "29 turns without an answer.",
        "2 turns with an empty or failed answer.",
    ]


@pytest.mark.usefixtures("demo")
def test_cells_of_the_matrix_can_be_left_out(study: Study) -> None:
    rows = calls(study, languages=["de", "fr"], unticked=[(NORTH, "fr")])
    assert Counter((row["model_1"], row["language"]) for row in rows) == {
        (NORTH, "de"): 32,
        (SOUTH, "de"): 32,
        (SOUTH, "fr"): 32,
    }
    assert {
        row["language"] for row in calls(study, mode="pair", languages=["de", "fr"], unticked=[(NORTH, "fr")])
    } == {"de"}


def test_pairs_can_be_all_those_with_a_baseline_or_chosen_ones() -> None:
    names = ("c", "a", "b")
    assert choice(mode="pair").pairs_of(names) == [("a", "b"), ("a", "c"), ("b", "c")]
    baseline = choice(mode="pair", pairs="baseline", baseline="b")
    assert baseline.pairs_of(names) == [("a", "b"), ("b", "c")]
    chosen = choice(mode="pair", pairs="chosen", chosen_pairs=[("c", "a"), ("a", "z")])
    assert chosen.pairs_of(names) == [("a", "c")]


@pytest.mark.parametrize(
    "changes",
    [
        {"mode": "pair", "pairs": "baseline"},
        {"repetitions": 0},
        {"workers": 65},
        {"cap": 0},
        {"turns": [3]},
        {"turns": []},
        {"mode": "pair", "pairs": "chosen", "chosen_pairs": [("a", "a")]},
        {"mode": "triple"},
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        choice(**changes)


def test_the_estimate_has_a_cost_range_from_the_price_list(study: Study) -> None:
    one = build_plan(
        study, choice(profile="gpt-4.1-2025-04-14", languages=["en"]), date(2026, 11, 23)
    ).estimate
    cost = (one.prompt_tokens * 2 + one.reply_tokens * 8) / 1e6
    assert one.calls == 64
    assert one.reply_tokens == 64 * 150
    assert one.cost_low == pytest.approx(cost * 0.6)
    assert one.cost_high == pytest.approx(cost * 1.4)
    assert one.warnings == ("gpt-4.1-2025-04-14 will be shut down on 2027-01-14, in 52 days.",)


def test_without_a_price_the_cost_is_unknown_and_a_cap_is_refused(study: Study) -> None:
    save_profile(study, JudgeProfile(id="own", model="m", base_url="http://127.0.0.1:9/v1"), "ada")
    free = build_plan(study, choice(profile="own", languages=["en"]))
    assert (free.estimate.cost_low, free.estimate.cost_high) == (None, None)
    assert "price of m is unknown" in free.estimate.warnings[0]
    free.check_startable()
    with pytest.raises(NothingToJudge, match="A cap needs a price"):
        build_plan(study, choice(profile="own", languages=["en"], cap=5)).check_startable()


def test_what_is_too_long_for_the_judge_is_said_before_the_start(study: Study, demo: JudgeProfile) -> None:
    save_profile(study, demo.model_copy(update={"context_length": 1064}), "ada")
    plan = build_plan(study, choice(mode="pair", languages=["en"]))
    long = [entry for entry in plan.estimate.left_out if entry.why == "too_long"]
    assert long
    assert plan.estimate.calls == 2 * (32 - len(long))
    assert f"{len(long)} turns too long for the judge's context." in plan.estimate.left_out_sentences()


def test_a_judge_that_was_shut_down_is_not_asked(study: Study) -> None:
    plan = build_plan(study, choice(profile="gpt-4.1-2025-04-14"), date(2027, 2, 1))
    with pytest.raises(NothingToJudge, match="was shut down on 2027-01-14"):
        plan.check_startable()


@pytest.mark.usefixtures("demo")
def test_names_that_do_not_exist_are_told(study: Study) -> None:
    with pytest.raises(ProfileError, match='no judge profile "nobody"'):
        build_plan(study, choice(profile="nobody"))
    with pytest.raises(PromptError, match='no prompt set "none"'):
        build_plan(study, choice(prompt_set="none"))
    missing = build_plan(study, choice(prompt_language="pl", languages=["de"]))
    with pytest.raises(NothingToJudge, match='no prompt "single-v1" in PL'):
        missing.check_startable()
    with pytest.raises(NothingToJudge, match=r"nothing to judge\. 32 turns without an answer"):
        build_plan(study, choice(models=["nobody"], languages=["de"], categories=[])).check_startable()


@pytest.mark.usefixtures("demo")
def test_a_reference_that_is_missing_leaves_the_turn_out(study: Study) -> None:
    plan = build_plan(study, choice(reference_set="other", languages=["de"]))
    assert sum(entry.why == "no_reference" for entry in plan.estimate.left_out) == 2 * 6 * 2
    assert {row["template"].rpartition("/")[2] for row in plan.run.inputs["calls"]} == {
        "single-v1",
        "single-v1-multi-turn",
    }
