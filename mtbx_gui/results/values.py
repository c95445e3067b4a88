"""What a statistic comes back as: a number with its n and interval, or None with the reason. Never nan."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

EMPTY = "nothing to count"
NO_SCORE = "no score"
NO_VOTE = "no vote"
NO_TWO_VOTES = "no item with two votes"
NO_VARIATION = "no variation: all votes are the same"
NO_DECISIVE = "no decisive vote"
NO_VERDICT = "no judge verdict on an item with votes"
NO_GAMES = "no pair of games that could be read"
ONE_REPETITION = "one repetition only"
ONE_QUESTION = "one question only"


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval on the scale of its statistic."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Number:
    """A statistic, or None with the reason why there is none; `interval` where one is defined."""

    value: float | None
    reason: str = ""
    interval: Interval | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a value that is not finite, or a missing one without a reason."""
        if self.value is None and not self.reason:
            raise ValueError("A missing value needs its reason.")
        if self.value is not None and not np.isfinite(self.value):
            raise ValueError(f"{self.value} is not a value; give None and the reason.")


@dataclass(frozen=True, slots=True)
class Share:
    """`agree` of `total` (integers, so that nothing is rounded), with the 95 % interval of the share.

    `macro` is the mean of the items' shares where that alternative is defined.
    """

    agree: int
    total: int
    interval: Interval | None = None
    macro: float | None = None
    reason: str = ""

    @property
    def value(self) -> float | None:
        """Agree / total (0..1), or None when the total is 0; `reason` tells why."""
        return self.agree / self.total if self.total else None
