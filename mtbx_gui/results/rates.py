"""Win, loss, tie and both-bad shares (Figure 3), and which model is preferred among the decided verdicts."""

from dataclasses import dataclass

import numpy as np

from mtbx_gui.results.intervals import binomial_p, wilson
from mtbx_gui.results.labels import INCONSISTENT, MODEL_1, MODEL_2, TIE
from mtbx_gui.results.values import NO_DECISIVE, NO_GAMES, NO_VOTE, IntArray, Interval


@dataclass(frozen=True, slots=True)
class VerdictShares:
    """Shares of model_1 wins, model_2 wins, tie and both bad (and inconsistent where asked), summing to 1.

    `counts` are the verdicts behind them, summed over `runs` repetitions (people: 1 run). `shares` is None
    when there is nothing to share out, and `reason` tells why.
    """

    shares: tuple[float, ...] | None
    counts: tuple[int, ...]
    runs: int
    reason: str = ""

    @property
    def total(self) -> int:
        """How many verdicts were counted."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Preference:
    """Decided verdicts only: model_2's wins among them, with Wilson interval and exact binomial p."""

    wins_1: int
    wins_2: int
    interval: Interval | None
    p: float | None
    reason: str = ""

    @property
    def decided(self) -> int:
        """How many verdicts chose one of the models."""
        return self.wins_1 + self.wins_2

    @property
    def share_1(self) -> float | None:
        """model_1's share of the decided verdicts (0..1); `interval` belongs to it."""
        return self.wins_1 / self.decided if self.decided else None


def people_shares(counts: IntArray) -> VerdictShares:
    """Shares of the four labels among effective votes; `counts` is items x 4."""
    summed = tuple(int(n) for n in counts.sum(axis=0))
    total = sum(summed)
    if total == 0:
        return VerdictShares(None, summed, 1, NO_VOTE)
    return VerdictShares(tuple(n / total for n in summed), summed, 1)


def judge_shares(
    outcomes: IntArray, inconsistent: bool = False, inconsistent_is_tie: bool = False
) -> VerdictShares:
    """Mean over repetitions of the per-repetition shares of consistent verdicts.

    `outcomes` is items x repetitions (codes of `labels`). `inconsistent` adds a fifth share;
    `inconsistent_is_tie` is FastChat's rule. A repetition without any verdict leaves the mean.
    """
    width = INCONSISTENT + 1 if inconsistent else INCONSISTENT
    codes = np.where(outcomes == INCONSISTENT, TIE, outcomes) if inconsistent_is_tie else outcomes
    per_run = np.array(
        [[int((run == code).sum()) for code in range(width)] for run in codes.T], dtype=np.int64
    ).reshape(-1, width)
    totals = per_run.sum(axis=1)
    used = per_run[totals > 0]
    summed = tuple(int(n) for n in per_run.sum(axis=0))
    if len(used) == 0:
        return VerdictShares(None, summed, 0, NO_GAMES)
    mean = (used / used.sum(axis=1)[:, None]).mean(axis=0)
    return VerdictShares(tuple(float(share) for share in mean), summed, len(used))


def preference(wins_1: int, wins_2: int) -> Preference:
    """The decisive preference of model_1 against model_2."""
    decided = wins_1 + wins_2
    if decided == 0:
        return Preference(0, 0, None, None, NO_DECISIVE)
    return Preference(wins_1, wins_2, wilson(wins_1, decided), binomial_p(wins_1, decided))


def people_preference(counts: IntArray) -> Preference:
    """The decisive preference among votes (items x 4)."""
    return preference(int(counts[:, MODEL_1].sum()), int(counts[:, MODEL_2].sum()))


def judge_preference(verdicts: IntArray) -> Preference:
    """The decisive preference among a judge's verdicts, one per item (after substitution)."""
    return preference(int((verdicts == MODEL_1).sum()), int((verdicts == MODEL_2).sum()))
