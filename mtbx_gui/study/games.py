"""Game resolution: two games of a pair, one per order, become one verdict or "inconsistent"."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["model_1", "model_2", "tie", "both_bad"]
Outcome = Literal["model_1", "model_2", "tie", "both_bad", "inconsistent"]

_FIRST_GAME: dict[str, Verdict] = {"A": "model_1", "B": "model_2", "C": "tie", "D": "both_bad"}
_SECOND_GAME: dict[str, Verdict] = {"A": "model_2", "B": "model_1", "C": "tie", "D": "both_bad"}


@dataclass(frozen=True, slots=True)
class GameOutcome:
    """A pair's verdict over both orders; None with the reason when a game has no verdict."""

    verdict: Outcome | None
    reason: str | None = None


def map_back(letter: str | None, game: int) -> Verdict | None:
    """A game's letter with the order taken out. Game 1 shows model_1 as A, game 2 model_2 as A."""
    if letter is None:
        return None
    return (_FIRST_GAME if game == 1 else _SECOND_GAME)[letter]


def resolve(
    g1: str | None, g2: str | None, reasons: tuple[str | None, str | None] = (None, None)
) -> GameOutcome:
    """The verdict of both games (letters as the judge wrote them).

    Equal verdicts after un-swapping are consistent; unequal ones "inconsistent"; a game without a verdict
    gives None with its reason.
    """
    if g1 is None or g2 is None:
        missing = reasons[0] if g1 is None else reasons[1]
        return GameOutcome(None, missing or "no verdict in one of the games")
    first, second = map_back(g1, 1), map_back(g2, 2)
    return GameOutcome(first if first == second else "inconsistent")


def implied_direction(g1: str, g2: str) -> int:
    """Toward which position an inconsistent pair leans: +1 first, -1 second, 0 neither.

    A counts +1, B -1, C and D 0, summed over both games.
    """
    total = sum({"A": 1, "B": -1}.get(letter, 0) for letter in (g1, g2))
    return (total > 0) - (total < 0)
