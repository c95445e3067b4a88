"""Positional bias of a judge, and the substitution of inconsistent verdicts by those of later repetitions.

Input is the table of outcomes (items x repetitions, codes of `labels`) of one judge and one prompt set.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtbx_gui.results.intervals import wilson
from mtbx_gui.results.labels import ERROR, INCONSISTENT, LABELS, MISSING, NOT_JUDGED
from mtbx_gui.results.values import NO_GAMES, BoolArray, IntArray, Number, Share


@dataclass(frozen=True, slots=True)
class BiasRow:
    """Positional bias of one category in one repetition; `first`, `second` and `other` split `inconsistent`.

    `valid` counts consistent and inconsistent game pairs; `errors` are apart and never in a share.
    """

    category: str
    repetition: int
    inconsistent: int
    valid: int
    errors: int
    first: int
    second: int
    other: int

    @property
    def share(self) -> float | None:
        """Inconsistent / valid (0..1), or None when no game pair could be read."""
        return self.inconsistent / self.valid if self.valid else None


@dataclass(frozen=True, slots=True)
class BiasSummary:
    """Positional bias of one category over the repetitions (Table 2).

    `mean` is the mean of the per-repetition shares, `pooled` all repetitions in one; `missing` are the items
    without a verdict after substitution of `items`; `mitigated` is the first run's bias less that share.
    """

    category: str
    mean: Number
    pooled: Share
    errors: int
    first: int
    second: int
    other: int
    missing: int
    items: int
    mitigated: Number


def substitute_inconsistent(
    outcomes: IntArray, repetitions: Sequence[int], first_run: int = 1
) -> tuple[IntArray, IntArray]:
    """The first consistent verdict of each item in runs `first_run`, `first_run` + 1, …, forward only.

    Returns the verdicts (label codes; -1 where no run has one) and the repetition each came from (0 = none).
    Columns must be in ascending order of `repetitions`.
    """
    numbers = np.asarray(repetitions, dtype=np.int64)
    items = outcomes.shape[0]
    usable = (outcomes >= 0) & (outcomes < len(LABELS)) & (numbers >= first_run)[None, :]
    verdicts = np.full(items, MISSING, dtype=np.int64)
    taken_from = np.zeros(items, dtype=np.int64)
    if outcomes.shape[1] == 0:
        return verdicts, taken_from
    found = usable.any(axis=1)
    column = usable.argmax(axis=1)
    rows = np.flatnonzero(found)
    verdicts[rows] = outcomes[rows, column[rows]]
    taken_from[rows] = numbers[column[rows]]
    return verdicts, taken_from


def positional_bias(
    outcomes: IntArray, directions: IntArray, repetitions: Sequence[int], categories: Sequence[str]
) -> list[BiasRow]:
    """Positional bias per category and repetition, both turns together (Table 2).

    `directions` is items x repetitions: above 0 toward the answer shown first, below 0 toward the second.
    """
    names = np.asarray(categories, dtype=object)
    rows = []
    for category in dict.fromkeys(categories):
        here = names == category
        for column, repetition in enumerate(repetitions):
            codes, toward = outcomes[here, column], directions[here, column]
            if (codes != NOT_JUDGED).any():
                rows.append(_bias_row(category, repetition, codes, toward))
    return rows


def _bias_row(category: str, repetition: int, codes: IntArray, toward: IntArray) -> BiasRow:
    inconsistent = codes == INCONSISTENT
    consistent = (codes >= 0) & (codes < len(LABELS))
    return BiasRow(
        category,
        int(repetition),
        _count(inconsistent),
        _count(inconsistent) + _count(consistent),
        _count(codes == ERROR),
        _count(inconsistent & (toward > 0)),
        _count(inconsistent & (toward < 0)),
        _count(inconsistent & (toward == 0)),
    )


def summarise_bias(
    rows: Sequence[BiasRow],
    outcomes: IntArray,
    repetitions: Sequence[int],
    categories: Sequence[str],
    first_run: int = 1,
) -> list[BiasSummary]:
    """Positional bias per category over all repetitions, the largest mean first, as in Table 2."""
    verdicts, _ = substitute_inconsistent(outcomes, repetitions, first_run)
    names = np.asarray(categories, dtype=object)
    judged = (outcomes != NOT_JUDGED).any(axis=1)
    summaries = []
    for category in dict.fromkeys(row.category for row in rows):
        mine = [row for row in rows if row.category == category]
        shares = [row.share for row in mine if row.share is not None]
        here = judged & (names == category)
        items, missing = _count(here), _count(here & (verdicts == MISSING))
        start = next((row.share for row in mine if row.repetition == first_run), None)
        wrong, valid = sum(row.inconsistent for row in mine), sum(row.valid for row in mine)
        summaries.append(
            BiasSummary(
                category,
                Number(float(np.mean(shares))) if shares else Number(None, NO_GAMES),
                Share(wrong, valid, wilson(wrong, valid), reason="" if valid else NO_GAMES),
                sum(row.errors for row in mine),
                sum(row.first for row in mine),
                sum(row.second for row in mine),
                sum(row.other for row in mine),
                missing,
                items,
                Number(start - missing / items)
                if start is not None and items
                else Number(None, f"no game pair in run {first_run}"),
            )
        )
    summaries.sort(key=lambda s: (s.mean.value is None, -(s.mean.value or 0.0)))
    return summaries


def _count(mask: BoolArray) -> int:
    return int(np.count_nonzero(mask))
