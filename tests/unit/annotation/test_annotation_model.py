"""Any sequence of votes, undo, redo, revisions, restarts leaves in the study what a plain list would hold."""

import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mtbx_gui.annotation.card import Place
from mtbx_gui.annotation.session import RatingSession
from mtbx_gui.study.records import Displayed
from mtbx_gui.study.study import Study
from mtbx_gui.study.votes import votes

CHOICES = st.sampled_from(["A", "B", "tie", "both_bad", "skip"])
PAIRS, TURNS = 3, 2
PLACES = [Place(*place) for place in itertools.product(range(1, PAIRS + 1), range(1, TURNS + 1))]


class Rating(RuleBasedStateMachine):
    """The model: a list of (place, choice), a list of what was undone."""

    def __init__(self, fill_study: Callable[..., None]) -> None:
        super().__init__()
        self.fill_study = fill_study

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.study = Study.create(Path(self.folder.name) / "study", languages=("de",))
        self.study.connection.execute("PRAGMA synchronous = OFF")
        self.fill_study(self.study, ("one", "two"), PAIRS)
        self.log: list[tuple[Place, Displayed]] = []
        self.undone: list[tuple[Place, Displayed]] = []
        self.session = RatingSession(self.study, "anna", "de")

    def effective(self) -> dict[Place, Displayed]:
        return dict(self.log)

    @precondition(lambda self: self.session.card is not None)
    @rule(pressed=CHOICES)
    def vote(self, pressed: Displayed) -> None:
        card = self.session.card
        assert card is not None
        self.session.vote(pressed)
        self.log.append((card.place, pressed))
        self.undone.clear()
        if self.session.card is not None:
            assert self.session.card.place != card.place

    @rule()
    def undo(self) -> None:
        place = self.session.undo()
        if not self.log:
            assert place is None
            return
        self.undone.append(self.log.pop())
        assert place == self.undone[-1][0]
        assert self.session.card is not None
        assert self.session.card.place == place

    @rule()
    def redo(self) -> None:
        place = self.session.redo()
        if not self.undone:
            assert place is None
            return
        self.log.append(self.undone.pop())
        assert place == self.log[-1][0]

    @rule(place=st.sampled_from(PLACES))
    def revise(self, place: Place) -> None:
        self.session.revise(place)
        assert self.session.card is not None
        assert self.session.card.place == place

    @rule()
    def go_back(self) -> None:
        self.session.go_back()

    @rule()
    def revisit_skipped(self) -> None:
        self.session.revisit_skipped()
        if "skip" in self.effective().values():
            assert self.session.card is not None

    @rule()
    def restart(self) -> None:
        self.session.flush()
        self.session = RatingSession(self.study, "anna", "de")
        self.undone.clear()
        first_open = next((place for place in PLACES if place not in self.effective()), None)
        assert (self.session.card and self.session.card.place) == first_open

    @invariant()
    def study_holds_the_model(self) -> None:
        if not hasattr(self, "session"):
            return
        stored = {
            (vote.question_id, vote.turn): vote.displayed for vote in votes(self.study, include_skips=True)
        }
        expected = {
            (self.session._ballot(place).pair.question_id, place.turn): pressed
            for place, pressed in self.effective().items()
        }
        assert stored == expected
        card = self.session.card
        if card is None:
            assert set(self.effective()) == set(PLACES)
        else:
            assert card.given == self.effective().get(card.place)

    def teardown(self) -> None:
        if hasattr(self, "study"):
            self.study.close()
            self.folder.cleanup()


def test_any_sequence_leaves_what_a_plain_list_would_hold(fill_study: Callable[..., None]) -> None:
    run_state_machine_as_test(
        lambda: Rating(fill_study),
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
