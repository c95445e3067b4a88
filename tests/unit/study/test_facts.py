"""Votes, judgments, answers, settings and runs: the newest fact that is not withdrawn is in effect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtbx_gui.study import settings
from mtbx_gui.study.answers import add_answers, answers
from mtbx_gui.study.games import implied_direction, resolve
from mtbx_gui.study.ids import bare_id, like
from mtbx_gui.study.judgments import add_judgments, judgments
from mtbx_gui.study.records import Answer, Judgment, Vote
from mtbx_gui.study.runs import all_runs, register
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import add_edit, ensure_field, field, history, withdraw
from mtbx_gui.study.votes import add_vote, vote_history, votes, withdraw_vote


def vote(uuid: str, choice: str = "model_1", turn: int = 1) -> Vote:
    shown = {"model_1": "A", "model_2": "B"}.get(choice, choice)
    return Vote(uuid, "ann", "81", "de", turn, "a", "b", "a", shown, choice, "2026-01-01T00:00:00Z")  # type: ignore[arg-type]


def test_the_newest_vote_counts_and_history_is_kept(study: Study) -> None:
    first = add_vote(study, vote("1"), "ann")
    add_vote(study, vote("2", "tie"), "ann")
    assert add_vote(study, vote("1"), "ann") == first
    assert [v.choice for v in votes(study)] == ["tie"]
    assert [v.choice for v in vote_history(study, "ann")] == ["model_1", "tie"]


def test_a_withdrawn_vote_gives_way_to_the_one_before(study: Study) -> None:
    add_vote(study, vote("1"), "ann")
    second = add_vote(study, vote("2", "both_bad"), "ann")
    withdraw_vote(study, second, "ann")
    assert [v.choice for v in votes(study)] == ["model_1"]


def test_a_skip_is_no_vote(study: Study) -> None:
    add_vote(study, vote("1"), "ann")
    add_vote(study, vote("2", "skip"), "ann")
    assert votes(study) == []
    assert [v.choice for v in votes(study, include_skips=True)] == ["skip"]


def test_a_later_answer_is_in_effect(study: Study) -> None:
    add_answers(study, [Answer("1", "m", "81", "de", ("x", "y"))], "me")
    assert add_answers(study, [Answer("1", "m", "81", "de", ("x", "y"))], "me") == 0
    add_answers(study, [Answer("2", "m", "81", "de", ("z", "y"))], "me")
    assert [answer.turns for answer in answers(study)] == [("z", "y")]


def test_a_judgment_has_a_value_or_a_reason_never_both(study: Study) -> None:
    def single(score: float | None, reason: str | None) -> Judgment:
        return Judgment("k", "single", "j", "p", "81", "de", 1, 1, "m", None, 0, score, None, reason, "", "")

    for score, reason in ((None, None), (5.0, "empty")):
        with pytest.raises(ValueError, match="exactly one"):
            add_judgments(study, [single(score, reason)], "me")
    assert add_judgments(study, [single(5.0, None)], "me") == 1
    assert judgments(study)[0].score == 5.0


def test_another_prompt_set_supersedes_nothing(study: Study) -> None:
    for key, prompt_set, score in (("1", "mtbx-3", 4.0), ("2", "mtbx-4", 9.0), ("3", "mtbx-3", 5.0)):
        one = Judgment(
            key, "single", "j", "single-v1", "81", "de", 1, 1, "m", None, 0, score, None, None, "", "",
            {"prompt_set": prompt_set},
        )  # fmt: skip
        add_judgments(study, [one], "me")
    assert [(j.detail["prompt_set"], j.score) for j in judgments(study)] == [("mtbx-4", 9.0), ("mtbx-3", 5.0)]


def test_edits_are_history_and_can_be_withdrawn(study: Study) -> None:
    with study.write() as db:
        number = ensure_field(db, "de", "turn", "81", "", 0)
    one = add_edit(study, number, "one", "me")
    two = add_edit(study, number, "two", "me")
    assert add_edit(study, number, "two", "me") is None
    assert two is not None and one is not None
    withdraw(study, two, "me")
    assert field(study, number).effective == "one"
    assert [(fact.text, fact.withdrawn) for fact in history(study, number)] == [("one", False), ("two", True)]


def test_settings_are_facts(study: Study) -> None:
    settings.put(study, "k", {"a": 1}, "me")
    settings.put(study, "k", {"a": 1}, "me")
    settings.put(study, "k", {"a": 2}, "me")
    assert settings.get(study, "k") == {"a": 2}
    assert study.connection.execute("SELECT COUNT(*) FROM setting").fetchone()[0] == 2
    assert settings.languages(study) == ["en", "de"]


def test_a_run_is_registered_once(study: Study) -> None:
    for _ in range(2):
        register(study, "judge-1", "judge", "Judge DE", {"a": 1}, "me")
    assert [run.run_id for run in all_runs(study)] == ["judge-1"]


@pytest.mark.parametrize(
    ("g1", "g2", "verdict", "direction"),
    [
        ("A", "B", "model_1", 0),
        ("B", "A", "model_2", 0),
        ("C", "C", "tie", 0),
        ("D", "D", "both_bad", 0),
        ("B", "B", "inconsistent", -1),
        ("A", "C", "inconsistent", 1),
        ("C", "D", "inconsistent", 0),
    ],
)
def test_games_are_mapped_back_before_they_are_compared(
    g1: str, g2: str, verdict: str, direction: int
) -> None:
    assert resolve(g1, g2).verdict == verdict
    assert implied_direction(g1, g2) == direction


def test_a_game_without_verdict_is_no_tie() -> None:
    assert resolve(None, "C", ("api_error", None)).reason == "api_error"
    assert resolve("A", None).verdict is None


@given(st.integers(1, 999), st.sampled_from(["int", "text", "suffix"]), st.sampled_from(["de", "it"]))
def test_an_id_keeps_its_style(number: int, style: str, language: str) -> None:
    sample = {"int": 5, "text": "5", "suffix": "5_EN"}[style]
    written = like(sample, str(number), language)
    assert type(written) is type(sample)
    assert bare_id(written) == str(number)
