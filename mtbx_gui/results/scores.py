"""Mean single scores per model, language, category and turn, over repetitions of the same judging.

A unit is one turn of one question in one language: its value is the mean of its scores over the repetitions.
A cell is the mean over its units, so that no question counts more for having been judged more often.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np

from mtbx_gui.results.intervals import bootstrap, ratio
from mtbx_gui.results.selection import ScoreTable
from mtbx_gui.results.values import NO_SCORE, ONE_REPETITION, BoolArray, IntArray, Number

RULE = (
    "mean over questions of the mean over repetitions; 95 % interval: bootstrap by question "
    "(2,000 resamples, percentile)"
)


@dataclass(frozen=True, slots=True)
class ScoreCell:
    """One mean score. None in a dimension means that it is pooled.

    `mean` is on the judge's 1-10 scale with its interval; `sd` the standard deviation (n - 1) of the
    repetitions' means; `without_score` the judgments that hold none.
    """

    model: str
    language: str | None
    category: str | None
    turn: int | None
    mean: Number
    sd: Number
    questions: int
    judgments: int
    without_score: int
    repetitions: int


def score_cells(
    table: ScoreTable,
    *,
    by_language: bool = True,
    by_category: bool = False,
    turns: Iterable[int | None] = (1, 2),
) -> list[ScoreCell]:
    """The cells of a table, models first, then languages, categories, turns (None = both turns)."""
    languages: list[int | None] = [*range(len(table.languages))] if by_language else [None]
    categories: list[int | None] = [*range(len(table.categories))] if by_category else [None]
    cells = []
    for m, lang, cat in product(range(len(table.models)), languages, categories):
        base = table.model == m
        if lang is not None:
            base &= table.language == lang
        if cat is not None:
            base &= table.category == cat
        for turn in turns:
            mask = base if turn is None else base & (table.turn == turn)
            cells.append(
                _cell(
                    table,
                    mask,
                    table.models[m],
                    None if lang is None else table.languages[lang],
                    None if cat is None else table.categories[cat],
                    turn,
                )
            )
    return cells


def _cell(
    table: ScoreTable,
    mask: BoolArray,
    model: str,
    language: str | None,
    category: str | None,
    turn: int | None,
) -> ScoreCell:
    judgments = int(mask.sum())
    rows = np.flatnonzero(mask & np.isfinite(table.score))
    without = judgments - len(rows)
    if len(rows) == 0:
        gap = Number(None, NO_SCORE)
        return ScoreCell(model, language, category, turn, gap, gap, 0, judgments, without, 0)
    score = table.score[rows]
    repetition = table.repetition[rows]
    question = table.question[rows]
    unit = (question * (len(table.languages) + 1) + table.language[rows]) * 16 + table.turn[rows]
    unit_mean, first = _means(unit, score)
    sums = _sums_by(question[first], unit_mean)
    interval = bootstrap(sums, ratio)
    per_run = [float(score[repetition == r].mean()) for r in np.unique(repetition)]
    sd = Number(float(np.std(per_run, ddof=1))) if len(per_run) > 1 else Number(None, ONE_REPETITION)
    return ScoreCell(
        model,
        language,
        category,
        turn,
        Number(float(unit_mean.mean()), interval=interval),
        sd,
        len(sums),
        judgments,
        without,
        len(per_run),
    )


def _means(group: IntArray, value: np.ndarray) -> tuple[np.ndarray, IntArray]:
    """The mean of `value` per group, and the first row of each group."""
    _, first, index = np.unique(group, return_index=True, return_inverse=True)
    return np.bincount(index, value) / np.bincount(index), first


def _sums_by(question: IntArray, value: np.ndarray) -> np.ndarray:
    """Per question: the sum of its units' means, and their number."""
    _, index = np.unique(question, return_inverse=True)
    return np.column_stack([np.bincount(index, value), np.bincount(index).astype(np.float64)])
