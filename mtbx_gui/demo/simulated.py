"""Simulated annotators for the tour: they rate by rule with keyed noise and are always called so."""

import hashlib
from typing import Literal

from mtbx_gui.demo.judge_features import assess

SIMULATED = tuple(f"simulated-{number}" for number in (1, 2, 3))
"""The pseudonyms; no person stands behind them."""

_NOISE = 1.5
_BAD = 3.0
_CLOSE = 0.35


def simulated_choice(
    annotator: str, question: str, answer_a: str, answer_b: str, reference: str | None, language: str
) -> Literal["A", "B", "tie", "both_bad"]:
    """What a simulated annotator presses for two answers shown as A and B.

    Each answer's quality is the demo judge's plus noise drawn by annotator and answer, so that annotators
    disagree, side plays no part, and the same card always gets the same vote.
    """
    quality = {}
    for side, answer in (("A", answer_a), ("B", answer_b)):
        digest = hashlib.sha256(f"{annotator}\0{question}\0{answer}".encode()).digest()
        noise = (int.from_bytes(digest[:4], "big") / 2**32 - 0.5) * 2 * _NOISE
        quality[side] = assess(question, answer, reference, language).quality + noise
    if max(quality.values()) < _BAD:
        return "both_bad"
    if abs(quality["A"] - quality["B"]) < _CLOSE:
        return "tie"
    return "A" if quality["A"] > quality["B"] else "B"
