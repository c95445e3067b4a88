"""Agreement corrected for chance: Fleiss' kappa for unequal raters, Krippendorff's alpha, Gwet's AC1.

Every function takes the table of votes `counts` (items x labels, whole numbers) and nothing else.
"""

import math
from dataclasses import dataclass

import numpy as np

from mtbx_gui.results.values import EMPTY, NO_TWO_VOTES, NO_VARIATION, FloatArray, IntArray, Number

FLEISS_TEST = "Fleiss' kappa, two-sided z test with the standard error under chance agreement"


@dataclass(frozen=True, slots=True)
class Kappa:
    """Fleiss' kappa with its test; None where undefined, and `reason` tells why.

    `se` is the standard error under chance agreement, `items` those with at least two votes,
    `votes_per_item` their mean number of votes.
    """

    kappa: float | None
    se: float | None
    z: float | None
    p: float | None
    items: int
    votes_per_item: float | None
    reason: str = ""


def fleiss(counts: IntArray) -> Kappa:
    """Fleiss' kappa generalised to unequal numbers of votes, over the items with at least two.

    Equal numbers give Fleiss 1971 with the variance of Fleiss, Nee & Landis 1979.
    """
    x = _at_least(counts, 2)
    items = len(x)
    if items == 0:
        return Kappa(None, None, None, None, 0, None, NO_TWO_VOTES)
    n = x.sum(axis=1)
    per_item = float(n.mean())
    if np.count_nonzero(x.sum(axis=0)) < 2:
        return Kappa(None, None, None, None, items, per_item, NO_VARIATION)
    po = float(_item_agreement(x, n).mean())
    p = (x / n[:, None]).mean(axis=0)
    s2, s3 = float((p**2).sum()), float((p**3).sum())
    kappa = (po - s2) / (1 - s2)
    under_root = max(0.0, s2 + s2 * s2 - 2 * s3)
    se = math.sqrt(float((2 / (n * (n - 1))).sum())) / items * math.sqrt(under_root) / (1 - s2)
    if se == 0:
        return Kappa(kappa, None, None, None, items, per_item, "the standard error is 0, so there is no z")
    z = kappa / se
    return Kappa(kappa, se, z, math.erfc(abs(z) / math.sqrt(2)), items, per_item)


def krippendorff_alpha(counts: IntArray) -> Number:
    """Krippendorff's alpha for nominal labels, over the items with at least two votes (Krippendorff 2011)."""
    x = _at_least(counts, 2)
    if len(x) == 0:
        return Number(None, NO_TWO_VOTES)
    n = x.sum(axis=1)
    total = int(n.sum())
    labels = x.sum(axis=0)
    if np.count_nonzero(labels) < 2:
        return Number(None, NO_VARIATION)
    observed = float(((x * (n[:, None] - x)).sum(axis=1) / (n - 1)).sum()) / total
    expected = (total * total - int((labels * labels).sum())) / (total * (total - 1))
    return Number(1 - observed / expected)


def gwet_ac1(counts: IntArray) -> Number:
    """Gwet's AC1; the number of labels is that of the scheme (`counts.shape[1]`), not of those observed.

    Raises ValueError for a scheme with fewer than two labels.
    """
    scheme = counts.shape[1]
    if scheme < 2:
        raise ValueError("A scheme has at least two labels.")
    rated = _at_least(counts, 1)
    if len(rated) == 0:
        return Number(None, EMPTY)
    x = _at_least(counts, 2)
    if len(x) == 0:
        return Number(None, NO_TWO_VOTES)
    share = (rated / rated.sum(axis=1)[:, None]).mean(axis=0)
    expected = float((share * (1 - share)).sum()) / (scheme - 1)
    observed = float(_item_agreement(x, x.sum(axis=1)).mean())
    return Number((observed - expected) / (1 - expected))


def _at_least(counts: IntArray, votes: int) -> IntArray:
    kept: IntArray = counts[counts.sum(axis=1) >= votes]
    return kept


def _item_agreement(x: IntArray, n: IntArray) -> FloatArray:
    """P_i: the share of an item's pairs of votes that agree."""
    return np.asarray((x * (x - 1)).sum(axis=1) / (n * (n - 1)), dtype=np.float64)
