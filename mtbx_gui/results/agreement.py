"""How often judge and people, and people among themselves, give the same verdict (Table 3 of the paper).

Votes are pooled in a group, never averaged over its cells; the alternatives are named by their rule.
Input are `counts` (votes per item and label) and `verdicts` (label codes, -1 = none), of one judge only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mtbx_gui.results.intervals import bootstrap, ratio, wilson
from mtbx_gui.results.labels import TIE, Scheme, merge_counts, merge_verdicts
from mtbx_gui.results.values import (
    NO_TWO_VOTES,
    NO_VERDICT,
    BoolArray,
    FloatArray,
    IntArray,
    Interval,
    Share,
)

BoundRule = Literal["plurality", "unique", "tie", "drop"]
"""What an item without a unique majority counts in the upper bound: its largest label, 0, the label tie, or
nothing at all."""

RCEMR = ("roleplay", "coding", "extraction", "math", "reasoning")
ALL_GROUP, RCEMR_GROUP = "All", "RCEMR"


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One row of Table 3: a turn (None = both) and a group with its three shares."""

    turn: int | None
    group: str
    judge_human: Share
    human_human: Share
    upper_bound: Share


def judge_human(counts: IntArray, verdicts: IntArray, questions: IntArray | None = None) -> Share:
    """Votes that equal the judge's verdict, of all votes on items with a verdict (Table 3, "GPT-4").

    With `questions` (an integer per item) the interval is a bootstrap by question, else Wilson's.
    """
    x, v, kept = _judged(counts, verdicts)
    agree = x[np.arange(len(x)), v]
    return _share(agree, x.sum(axis=1), NO_VERDICT, questions, kept)


def human_human(counts: IntArray, questions: IntArray | None = None) -> Share:
    """Pairs of votes on the same item that agree, of all such pairs (Table 3, "Hum.")."""
    kept = counts.sum(axis=1) >= 2
    x = counts[kept]
    n = x.sum(axis=1)
    return _share((x * (x - 1) // 2).sum(axis=1), n * (n - 1) // 2, NO_TWO_VOTES, questions, kept)


def upper_bound(
    counts: IntArray, verdicts: IntArray, rule: BoundRule = "plurality", questions: IntArray | None = None
) -> Share:
    """What the best judge with one label per item could reach on exactly the votes of `judge_human`.

    Ties between labels are never broken by name; `rule` tells what such items count.
    """
    x, _, kept = _judged(counts, verdicts)
    n = x.sum(axis=1)
    best = x.max(axis=1) if len(x) else np.zeros(0, dtype=np.int64)
    if rule != "plurality":
        split = (x == best[:, None]).sum(axis=1) > 1
        if rule == "unique":
            best = np.where(split, 0, best)
        elif rule == "tie":
            if x.shape[1] <= TIE:
                return Share(0, 0, reason="the label tie does not exist in this scheme")
            best = np.where(split, x[:, TIE], best)
        else:
            best, n = best[~split], n[~split]
            kept = _only(kept, ~split)
    return _share(best, n, NO_VERDICT, questions, kept)


def vote_pairs(counts: IntArray, verdicts: IntArray, setup: Literal["S1", "S2"]) -> tuple[Share, Share]:
    """FastChat's vote-pair agreement (judge-human, human-human), `compute_agreement.py`, in labels L3.

    S1 keeps ties; S2 drops every comparison with a tie on either side.
    """
    scheme: Scheme = 3 if setup == "S1" else 2
    merged, judged = merge_counts(counts, scheme), merge_verdicts(verdicts, scheme)
    return judge_human(merged, judged), human_human(merged)


def table3(
    counts: IntArray,
    verdicts: IntArray,
    turns: IntArray,
    categories: Sequence[str],
    *,
    scheme: Scheme = 4,
    bound: BoundRule = "plurality",
    questions: IntArray | None = None,
    wanted_turns: Sequence[int | None] = (1, 2),
    order: Sequence[str] | None = None,
) -> list[AgreementRow]:
    """Table 3: for each turn the groups All, RCEMR and every category, in `order` or as first met.

    `counts` is items x 4, the others have one entry per item. With `questions` intervals are bootstrapped.
    """
    merged, judged = merge_counts(counts, scheme), merge_verdicts(verdicts, scheme)
    rows = []
    for turn in wanted_turns:
        here = np.ones(len(turns), dtype=bool) if turn is None else turns == turn
        for group, members in groups(categories, order):
            mask = here & members
            part = questions[mask] if questions is not None else None
            x, v = merged[mask], judged[mask]
            rows.append(
                AgreementRow(
                    turn,
                    group,
                    judge_human(x, v, part),
                    human_human(x, part),
                    upper_bound(x, v, bound, part),
                )
            )
    return rows


def groups(categories: Sequence[str], order: Sequence[str] | None = None) -> list[tuple[str, BoolArray]]:
    """The groups of a table with a mask over the items: All, RCEMR, then the categories in `order`."""
    names = np.asarray(categories, dtype=object)
    found: list[tuple[str, BoolArray]] = [(ALL_GROUP, np.ones(len(names), dtype=bool))]
    found.append((RCEMR_GROUP, np.isin(names, RCEMR)))
    found += [(name, np.asarray(names == name)) for name in order or dict.fromkeys(categories)]
    return found


def _judged(counts: IntArray, verdicts: IntArray) -> tuple[IntArray, IntArray, BoolArray]:
    kept = (verdicts >= 0) & (counts.sum(axis=1) >= 1)
    return counts[kept], verdicts[kept], kept


def _only(kept: BoolArray, inner: BoolArray) -> BoolArray:
    """`kept` restricted to those of its true entries for which `inner` is true."""
    narrowed = kept.copy()
    narrowed[np.flatnonzero(kept)[~inner]] = False
    return narrowed


def _share(
    agree: IntArray, total: IntArray, reason: str, questions: IntArray | None, kept: BoolArray
) -> Share:
    all_agree, all_total = int(agree.sum()), int(total.sum())
    if all_total == 0:
        return Share(0, 0, reason=reason)
    macro = float((agree / total).mean())
    if questions is None:
        return Share(all_agree, all_total, wilson(all_agree, all_total), macro)
    return Share(all_agree, all_total, _by_question(agree, total, questions[kept], ratio), macro)


def _by_question(
    agree: IntArray, total: IntArray, questions: IntArray, statistic: Callable[[FloatArray], FloatArray]
) -> Interval | None:
    _, index = np.unique(questions, return_inverse=True)
    size = int(index.max()) + 1
    sums = np.column_stack([np.bincount(index, agree, size), np.bincount(index, total, size)])
    return bootstrap(sums.astype(np.float64), statistic)
