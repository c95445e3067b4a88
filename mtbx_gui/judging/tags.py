"""What the inside of one bracket tag says: a value, a reason why it is none, or nothing.

It looks at one tag only; which tag counts is decided in verdicts.py.
"""

import re
from dataclasses import dataclass
from typing import Literal

from mtbx_gui.judging.verdict_words import (
    ASSISTANT_WORDS,
    FILLER_WORDS,
    OF_WORDS,
    OR_WORDS,
    POINT_WORDS,
    RATING_WORDS,
    VERDICT_WORDS,
)

VerdictMode = Literal["single", "pair3", "pair4"]
Letter = Literal["A", "B", "C", "D"]
Reason = Literal[
    "empty",
    "content_filter",
    "truncated",
    "refusal",
    "api_error",
    "no_verdict",
    "unbracketed",
    "conflict",
    "ambiguous",
    "echoed_instructions",
    "placeholder",
    "label_not_allowed",
    "out_of_range",
    "unparseable",
]

LOWEST, HIGHEST = 1.0, 10.0
DECISIVE: frozenset[str] = frozenset({"conflict", "ambiguous", "label_not_allowed", "out_of_range"})
"""Reasons that speak for a line: the judge did put a verdict there, but none that counts."""

NUMBER = r"[+\-\u2212\u2013]?(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)"


def _any(words: "frozenset[str] | tuple[str, ...]", escape: bool = True) -> str:
    return "|".join(sorted((re.escape(w) if escape else w for w in words), key=len, reverse=True))


_LABELS = _any(RATING_WORDS | VERDICT_WORDS)
_SCORE = re.compile(
    rf"(?:(?:{_LABELS})\s*[:=]?\s*)?(?P<value>{NUMBER})\.?"
    rf"(?:\s*(?:{_any(OF_WORDS)})\s*(?P<scale>[0-9]+))?(?:\s*(?:{_any(POINT_WORDS, escape=False)}))?"
)
_COMMAS = re.compile(rf"{NUMBER}(?:\s*[,;]\s*{NUMBER})+")
_WHOLE_SCALE = re.compile(rf"1\s*(?:[-\u2013\u2212]|\.\.+|\u2026|{_any(OR_WORDS)})\s*10")
_NUMBERS = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_LETTER = re.compile(rf"(?:(?:{_LABELS}|{_any(ASSISTANT_WORDS)})\s*[:=]?\s*)*(?P<value>[a-d])\.?")
_LETTER_COMMAS = re.compile(r"[a-d](?:\s*[,;]\s*[a-d])+")
_LETTER_CHOICE = re.compile(r"[a-d](?:\s*(?:[,;/|]|\b(?:or|oder|ou|o)\b)\s*(?:(?:or|oder|ou|o)\b\s*)?[a-d])+")
_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|#")


@dataclass(frozen=True, slots=True)
class TagReading:
    """Exactly one of `score`, `letter` and `reason` is set."""

    score: float | None = None
    letter: Letter | None = None
    reason: Reason | None = None

    @property
    def decisive(self) -> bool:
        """Whether the tag holds a verdict, good or not; a placeholder or other text does not."""
        return self.reason is None or self.reason in DECISIVE


def read_tag(content: str, mode: VerdictMode) -> TagReading:
    """Read what stands between the brackets of a normalised text. Never raises."""
    inside = content.casefold().strip().strip("\"'“”„«»‹›<>{}()").strip().rstrip(".:;!").strip()
    if not inside:
        return TagReading(reason="unparseable")
    if _is_placeholder(inside):
        return TagReading(reason="placeholder")
    return _score(inside) if mode == "single" else _letter(inside, mode)


def _is_placeholder(inside: str) -> bool:
    words = _WORDS.findall(inside)
    bare = _WORDS.sub("", inside).strip(" \t-_:=.…?")
    return bool(words) and not bare and all(w in RATING_WORDS | VERDICT_WORDS | FILLER_WORDS for w in words)


def _score(inside: str) -> TagReading:
    if match := _SCORE.fullmatch(inside):
        if match["scale"] is not None and match["scale"] != "10":
            return TagReading(reason="ambiguous")
        number = match["value"].replace(",", ".").replace("\u2212", "-").replace("\u2013", "-")
        value = float(number)
        return TagReading(score=value) if LOWEST <= value <= HIGHEST else TagReading(reason="out_of_range")
    if _COMMAS.fullmatch(inside):
        return TagReading(reason="conflict")
    if _WHOLE_SCALE.fullmatch(inside):
        return TagReading(reason="placeholder")
    return TagReading(reason="ambiguous" if len(_NUMBERS.findall(inside)) > 1 else "unparseable")


def _letter(inside: str, mode: VerdictMode) -> TagReading:
    if match := _LETTER.fullmatch(inside):
        if match["value"] == "d" and mode == "pair3":
            return TagReading(reason="label_not_allowed")
        letters: dict[str, Letter] = {"a": "A", "b": "B", "c": "C", "d": "D"}
        return TagReading(letter=letters[match["value"]])
    if _LETTER_COMMAS.fullmatch(inside) and len(set(re.findall("[a-d]", inside))) < 3:
        return TagReading(reason="conflict")
    if _LETTER_CHOICE.fullmatch(inside):
        options = re.findall(r"\b[a-d]\b", inside)
        return TagReading(reason="placeholder" if len(set(options)) > 2 else "ambiguous")
    return TagReading(reason="unparseable")
