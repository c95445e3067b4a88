"""What an annotator may see: cards, places and their own past votes. No model name is ever in here."""

from dataclasses import dataclass
from typing import NamedTuple

from mtbx_gui.study.records import Choice, Displayed


class Place(NamedTuple):
    """A card's place in the annotator's order: the number of the pair (from 1) and the turn (from 1)."""

    number: int
    turn: int


@dataclass(frozen=True, slots=True)
class Card:
    """One turn of one pair as it is shown: A stands left, B right.

    `questions`, `answer_a` and `answer_b` hold the turns up to and including this one; `references` and
    `judge_references` hold what exists of them. `given` is the choice in effect as it was pressed, `comment`
    the text of the comment field.
    """

    place: Place
    pairs: int
    turns: int
    question_id: str
    language: str
    questions: tuple[str, ...]
    answer_a: tuple[str, ...]
    answer_b: tuple[str, ...]
    references: tuple[str, ...]
    judge_references: tuple[str, ...]
    given: Displayed | None
    comment: str


@dataclass(frozen=True, slots=True)
class Given:
    """One of the annotator's votes in effect, for the overview.

    `revised`: an earlier vote on the same turn was superseded. `after_turn_2`: a vote on turn 1 given when
    the second turn had been voted on already.
    """

    place: Place
    question_id: str
    displayed: Displayed
    comment: str
    at: str
    active_seconds: float
    revised: bool
    after_turn_2: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the annotator is, in turns. `pace`: median active seconds per vote, None below three votes."""

    turns: int
    voted: int
    skipped: int
    pace: float | None

    @property
    def open(self) -> int:
        """Turns without a vote or a skip."""
        return self.turns - self.voted - self.skipped

    @property
    def seconds_left(self) -> float | None:
        """Active seconds for what is open, at the present pace."""
        return None if self.pace is None else self.pace * self.open


def canonical(displayed: Displayed, first_on_left: bool) -> Choice:
    """The choice with the sides taken out: which model is meant by "A" or "B"."""
    if displayed == "A":
        return "model_1" if first_on_left else "model_2"
    if displayed == "B":
        return "model_2" if first_on_left else "model_1"
    return displayed
