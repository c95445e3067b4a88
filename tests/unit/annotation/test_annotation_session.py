"""What an annotator notices: turn 2 after turn 1, votes that stay, undo, skips, revisions, comments, time."""

import dataclasses
from typing import Any

import pytest

from mtbx_gui.annotation.card import Card, Place
from mtbx_gui.annotation.session import RatingError, RatingSession
from mtbx_gui.study.study import Study
from mtbx_gui.study.votes import add_vote, vote_history, votes

MODELS = ("zeta-7b", "alpha-7b")


def up(session: RatingSession) -> Card:
    card = session.card
    assert card is not None
    return card


def everything_in(value: Any) -> str:
    """All that can be read out of a card, nested values and representation included."""
    return repr(value) + repr(dataclasses.asdict(value))


def test_turn_2_follows_turn_1_of_the_same_pair(make_study: Any) -> None:
    session = RatingSession(make_study(), "anna", "de")
    seen = []
    while (card := session.card) is not None:
        seen.append(card.place)
        session.vote("A")
    assert seen == [Place(number, turn) for number in range(1, 9) for turn in (1, 2)]


def test_a_card_in_turn_2_still_holds_turn_1(make_study: Any) -> None:
    session = RatingSession(make_study(), "anna", "de")
    first = up(session)
    session.vote("tie")
    second = up(session)
    assert (len(first.answer_a), len(second.answer_a), len(second.answer_b)) == (1, 2, 2)
    assert second.questions[0] == first.questions[0]
    assert second.answer_a[0].split(" auf ")[0] == second.answer_a[1].split(" auf ")[0], "one model per side"
    assert len(second.references) == len(second.judge_references) == 2


def test_no_card_and_no_past_vote_holds_a_model_s_name(make_study: Any) -> None:
    session = RatingSession(make_study(), "anna", "de")
    while session.card is not None:
        assert not any(name in everything_in(session.card) for name in MODELS)
        upcoming = session.upcoming()
        assert upcoming is None or not any(name in everything_in(upcoming) for name in MODELS)
        session.vote("B")
    assert not any(name in everything_in(given) for given in session.given() for name in MODELS)


@pytest.mark.parametrize("pressed", ["A", "B"])
def test_a_vote_names_the_model_that_stood_there(make_study: Any, pressed: Any) -> None:
    study = make_study()
    session = RatingSession(study, "anna", "de")
    meant = {}
    while (card := session.card) is not None:
        shown = card.answer_a if pressed == "A" else card.answer_b
        number = int(shown[-1].split()[1])
        meant[(card.question_id, card.place.turn)] = MODELS[number]
        session.vote(pressed)
    stored = votes(study)
    assert len(stored) == 16
    for vote in stored:
        assert getattr(vote, vote.choice) == meant[(vote.question_id, vote.turn)]
        assert (vote.left_model == getattr(vote, vote.choice)) == (pressed == "A")
    assert {vote.choice for vote in stored} == {"model_1", "model_2"}, "both models stood on that side"


def test_tie_both_bad_and_skip_are_stored_as_such(make_study: Any) -> None:
    study = make_study()
    session = RatingSession(study, "anna", "de")
    for pressed in ("tie", "both_bad", "skip"):
        session.vote(pressed)
    assert sorted(vote.choice for vote in votes(study)) == ["both_bad", "tie"]
    assert sorted(v.choice for v in votes(study, include_skips=True)) == ["both_bad", "skip", "tie"]


def test_a_session_goes_on_where_it_was_left(make_study: Any) -> None:
    study = make_study()
    session = RatingSession(study, "anna", "de")
    for _ in range(5):
        session.vote("A")
    before = up(session)
    study.close()
    with_other_process = RatingSession(Study.open(study.folder), "anna", "de")
    assert up(with_other_process) == before
    assert with_other_process.progress.voted == 5


def test_another_annotator_starts_from_the_beginning_with_an_order_of_their_own(make_study: Any) -> None:
    study = make_study(questions=24)
    first = RatingSession(study, "anna", "de")
    first.vote("A")
    second = RatingSession(study, "bert", "de")
    assert second.progress.voted == 0
    orders = [[session._ballot(p).pair.question_id for p in session.places] for session in (first, second)]
    assert orders[0] != orders[1]


def test_undo_goes_back_as_far_as_there_are_votes_and_across_sessions(make_study: Any) -> None:
    study = make_study(questions=3)
    session = RatingSession(study, "anna", "de")
    shown = []
    for _ in range(4):
        shown.append(up(session))
        session.vote("B")
    again = RatingSession(study, "anna", "de")
    for card in reversed(shown):
        assert again.undo() == card.place
        assert up(again) == card
    assert again.undo() is None
    assert not again.can_undo
    assert votes(study) == []


def test_redo_gives_the_same_votes_again_until_something_else_is_voted(make_study: Any) -> None:
    study = make_study(questions=3)
    session = RatingSession(study, "anna", "de")
    for pressed in ("A", "tie", "B"):
        session.vote(pressed)
    session.undo()
    session.undo()
    assert session.redo() == Place(1, 2)
    assert up(session).place == Place(2, 1)
    assert [vote.displayed for vote in vote_history(study, "anna")] == ["A", "tie"]
    session.vote("both_bad")
    assert not session.can_redo
    assert session.redo() is None


def test_a_revision_is_a_new_fact_and_leads_back_to_where_one_was(make_study: Any) -> None:
    study = make_study()
    session = RatingSession(study, "anna", "de")
    for _ in range(5):
        session.vote("A")
    here, first = up(session).place, session.places[0]
    session.revise(first)
    assert session.revising
    assert up(session).given == "A"
    session.vote("B")
    assert up(session).place == here
    assert not session.revising
    events = [v for v in vote_history(study, "anna") if (v.question_id, v.turn) == _what(session, first)]
    assert [v.displayed for v in events] == ["A", "B"]
    assert events[1].supersedes == events[0].uuid
    assert events[0].left_model == events[1].left_model
    newest = session.given(1)[0]
    assert newest.revised and newest.after_turn_2 and newest.place == first
    session.undo()
    assert up(session).place == first
    assert up(session).given == "A"


def test_leaving_a_called_back_card_changes_nothing(make_study: Any) -> None:
    study = make_study()
    session = RatingSession(study, "anna", "de")
    session.vote("A")
    before, here = vote_history(study, "anna"), up(session)
    session.revise(Place(1, 1))
    session.go_back()
    assert up(session) == here
    assert vote_history(study, "anna") == before


def test_skipped_cards_come_up_again_on_request_only(make_study: Any) -> None:
    study = make_study(questions=3)
    session = RatingSession(study, "anna", "de")
    for pressed in ("skip", "A", "A", "skip", "A", "skip"):
        session.vote(pressed)
    assert session.card is None
    assert (session.progress.voted, session.progress.skipped, session.progress.open) == (3, 3, 0)
    assert RatingSession(study, "anna", "de").card is None
    session.revisit_skipped()
    assert up(session).place == Place(1, 1)
    session.vote("B")
    assert up(session).place == Place(2, 2)
    session.vote("skip")
    assert up(session).place == Place(3, 2)
    session.vote("tie")
    assert session.card is None
    assert session.progress.skipped == 1


def test_a_revisit_shows_the_side_that_was_seen_even_if_the_draw_is_another_now(make_study: Any) -> None:
    study = make_study()
    session = RatingSession(study, "anna", "de")
    card = up(session)
    vote = session.vote("A")
    other = vote.model_2 if vote.left_model == vote.model_1 else vote.model_1
    turned = dataclasses.replace(vote, uuid="imported", left_model=other, displayed="B")
    add_vote(study, turned, "anna")
    session.refresh()
    session.revise(card.place)
    assert up(session).answer_a == card.answer_b
    assert up(session).given == "B"


def test_pairs_with_a_missing_turn_or_answer_are_left_out(make_study: Any) -> None:
    from mtbx_gui.study.answers import add_answers
    from mtbx_gui.study.records import Answer

    study = make_study(questions=4)
    add_answers(study, [Answer("x", "third", "81", "de", ("nur eine Runde",))], "test")
    add_answers(study, [Answer("y", "third", "82", "de", ("eins", "zwei"))], "test")
    session = RatingSession(study, "anna", "de")
    assert len(session.places) == 2 * (4 + 2)
    limited = RatingSession(study, "anna", "de", pairs=[("alpha-7b", "third")])
    assert [limited._ballot(place).pair.question_id for place in limited.places] == ["82", "82"]


def test_a_study_without_pairs_has_no_card(make_study: Any) -> None:
    session = RatingSession(make_study(models=("only",)), "anna", "de")
    assert session.card is None
    assert session.upcoming() is None
    with pytest.raises(RatingError, match="Every pair"):
        session.vote("A")


@pytest.mark.parametrize("name", ["", "   ", "a" * 61, "a\x07b"])
def test_a_pseudonym_that_cannot_be_used_is_refused(make_study: Any, name: str) -> None:
    with pytest.raises(RatingError) as refused:
        RatingSession(make_study(), name, "de")
    assert refused.value.next_step


def test_the_upcoming_card_is_the_one_that_comes(make_study: Any) -> None:
    session = RatingSession(make_study(questions=3), "anna", "de")
    for pressed in ("A", "skip", "tie", "B", "both_bad", "A"):
        upcoming = session.upcoming()
        session.vote(pressed)
        assert session.card == upcoming


def test_a_comment_goes_with_the_vote_and_a_changed_one_is_a_new_fact(make_study: Any) -> None:
    study = make_study()
    session = RatingSession(study, "anna", "de")
    session.set_comment("beide knapp")
    session.vote("tie")
    assert up(session).comment == ""
    session.revise(Place(1, 1))
    assert up(session).comment == "beide knapp"
    session.set_comment("beide sehr knapp")
    session.go_back()
    events = vote_history(study, "anna")
    assert [(event.choice, event.comment) for event in events] == [
        ("tie", "beide knapp"),
        ("tie", "beide sehr knapp"),
    ]
    assert events[0].active_ms == events[1].active_ms


def test_a_comment_without_a_vote_is_kept_over_a_restart_and_over_undo(make_study: Any) -> None:
    study = make_study()
    session = RatingSession(study, "anna", "de")
    session.set_comment("noch zu klären")
    session.flush()
    again = RatingSession(study, "anna", "de")
    assert up(again).comment == "noch zu klären"
    again.vote("A")
    again.undo()
    assert up(again).comment == "noch zu klären"
    again.vote("B")
    again.flush()
    assert vote_history(study, "anna")[-1].comment == "noch zu klären"
    assert up(RatingSession(study, "anna", "de")).comment == ""


def _what(session: RatingSession, place: Place) -> tuple[str, int]:
    return session._ballot(place).pair.question_id, place.turn


def test_time_counts_only_in_front_and_while_there_are_signs_of_life(make_study: Any, clock: Any) -> None:
    session = RatingSession(make_study(), "anna", "de", clock=clock)
    clock.pass_(10)
    session.away()
    clock.pass_(1000)
    session.here()
    clock.pass_(5)
    session.touch()
    clock.pass_(500)  # counts as 60: then the person is taken to be away
    session.touch()
    clock.pass_(2)
    assert session.vote("A").active_ms == 77_000
    clock.pass_(3)
    assert session.vote("A").active_ms == 3_000


def test_time_on_a_card_that_was_left_goes_on_when_it_comes_up_again(make_study: Any, clock: Any) -> None:
    session = RatingSession(make_study(), "anna", "de", clock=clock)
    session.vote("A")
    clock.pass_(7)
    session.revise(Place(1, 1))
    clock.pass_(4)
    assert session.vote("B").active_ms == 4_000
    clock.pass_(5)
    assert session.vote("A").active_ms == 12_000


def test_pace_is_the_median_of_votes_and_leaves_skips_out(make_study: Any, clock: Any) -> None:
    session = RatingSession(make_study(), "anna", "de", clock=clock)
    for seconds, pressed in ((10, "A"), (20, "B"), (1, "skip"), (50, "tie")):
        clock.pass_(seconds)
        session.vote(pressed)  # type: ignore[arg-type]
    progress = session.progress
    assert progress.pace == 20
    assert progress.open == 12
    assert progress.seconds_left == 240


def test_a_vote_that_cannot_be_written_leaves_the_card_up(make_study: Any, monkeypatch: Any) -> None:
    from mtbx_gui.study import study as study_module
    from mtbx_gui.study.errors import StudyError

    study = make_study()
    session = RatingSession(study, "anna", "de")
    session.vote("A")
    card, progress = session.card, session.progress
    monkeypatch.setattr(study_module, "BUSY_SECONDS", 0.05)
    study.connection.execute("PRAGMA busy_timeout = 20")
    other = Study.open(study.folder)
    with other.write() as db:
        db.execute("SELECT 1")
        for act in (lambda: session.vote("B"), session.undo):
            with pytest.raises(StudyError):
                act()
            assert (session.card, session.progress) == (card, progress)
    other.close()
    session.vote("B")
    assert session.progress.voted == 2
