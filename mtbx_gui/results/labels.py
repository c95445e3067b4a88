"""The labels that people and judges give, and how the schemes L4, L3 and L2 merge them. Reads no data."""

from typing import Literal

import numpy as np

from mtbx_gui.results.values import IntArray

Scheme = Literal[4, 3, 2]

MODEL_1, MODEL_2, TIE, BOTH_BAD, INCONSISTENT, ERROR, NOT_JUDGED = 0, 1, 2, 3, 4, 5, -1
"""Codes of an outcome; the first four are also the columns of a table of votes."""

LABELS = ("model_1", "model_2", "tie", "both_bad")
OUTCOMES = (*LABELS, "inconsistent")
MISSING = -1
"""The code of an item without a verdict."""

SCHEMES: dict[int, tuple[str, ...]] = {
    4: LABELS,
    3: ("model_1", "model_2", "tie"),
    2: ("model_1", "model_2"),
}


def merge_counts(counts: IntArray, scheme: Scheme) -> IntArray:
    """Votes per label (items x 4) in a scheme: L3 adds both_bad to tie, L2 drops ties and both_bad."""
    if scheme == 4:
        return counts
    if scheme == 3:
        return np.column_stack([counts[:, 0], counts[:, 1], counts[:, 2] + counts[:, 3]])
    return counts[:, :2]


def merge_verdicts(verdicts: IntArray, scheme: Scheme) -> IntArray:
    """Judge verdicts (label codes, -1 = none) in a scheme; in L2 a tie is no verdict."""
    if scheme == 4:
        return verdicts
    merged = np.where(verdicts == BOTH_BAD, TIE, verdicts)
    return merged if scheme == 3 else np.where(merged == TIE, MISSING, merged)
