"""What the demo judge can tell about an answer without understanding it: language, length, loops, overlap.

Pure functions over texts. No judgement is made here beyond the rough quality they add up to.
"""

import json
import math
import re
from dataclasses import dataclass
from functools import cache

from mtbx_gui.assets import resources

LOWEST, HIGHEST = 1.0, 10.0
_WORST_NON_EMPTY = 2.0
_ENOUGH_WORDS = 180  # an answer longer than this gains nothing more
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
_SHORT = 12  # words: in so short a text one sure little word decides
_CLEARLY = 1.3
_LOOP_WINDOW = 4
_LOOP_MIN_WORDS = 40
_LOOP_DISTINCT = 0.5


@dataclass(frozen=True)
class JudgeLanguage:
    """What the demo judge knows of one language."""

    code: str
    function_words: frozenset[str]
    letters: frozenset[str]
    language_names: dict[str, str]
    sentences: dict[str, str]


@dataclass(frozen=True)
class Assessment:
    """One answer's features.

    `language` is "" when unknown; `coverage` is 0 to 1, or None without a reference; `quality` is a rough
    grade from 1.0 (empty) to 10.0.
    """

    words: int
    language: str
    empty: bool
    wrong_language: bool
    looping: bool
    coverage: float | None
    quality: float


@cache
def judge_languages() -> dict[str, JudgeLanguage]:
    """The languages of resources/demo/demo_judge.json by code, English first."""
    data = json.loads((resources() / "demo" / "demo_judge.json").read_text(encoding="utf-8"))
    return {
        code: JudgeLanguage(
            code,
            frozenset(entry["function_words"]),
            frozenset(entry["letters"]),
            entry["language_names"],
            entry["sentences"],
        )
        for code, entry in data["languages"].items()
    }


def words_of(text: str) -> list[str]:
    """Words and numbers in lower case, in order."""
    return [word.lower() for word in _WORD.findall(text)]


def language_of(text: str) -> str:
    """The language by its frequent little words and accented letters, code left out; "" when undecided.

    What several languages share counts for each of them as a fraction, and a single letter (a variable?) or
    an accent for half a word.
    """
    prose = _FENCE.sub(" ", text).lower()
    words = words_of(prose)
    marks = dict.fromkeys(judge_languages(), 0.0)
    for sign in (*words, *(letter for letter in prose if not letter.isascii())):
        for code, weight in _weights().get(sign, ()):
            marks[code] += weight
    ranked = sorted(marks, key=lambda code: marks[code], reverse=True)
    best, second = marks[ranked[0]], marks[ranked[1]]
    if best < (1.0 if len(words) <= _SHORT else 2.0):
        return ""
    return ranked[0] if best > _CLEARLY * second else ""


def is_looping(text: str) -> bool:
    """At least 40 words of which the four-word passages are mostly repeats."""
    words = words_of(text)
    if len(words) < _LOOP_MIN_WORDS:
        return False
    windows = list(zip(*(words[shift:] for shift in range(_LOOP_WINDOW)), strict=False))
    return len(set(windows)) / len(windows) < _LOOP_DISTINCT


def coverage_of(reference: str, answer: str) -> float:
    """The share, 0 to 1, of the reference's content words found in the answer; numbers count triple."""
    wanted = {word: 3.0 if word.isdigit() else 1.0 for word in _content(reference)}
    if not wanted:
        return 0.0
    held = set(words_of(answer))
    return sum(weight for word, weight in wanted.items() if word in held) / sum(wanted.values())


def assess(question: str, answer: str, reference: str | None, asked_in: str) -> Assessment:
    """The features of one answer to a question in the language `asked_in`, and the quality they add up to."""
    words = len(words_of(answer))
    language = language_of(answer)
    empty = words == 0
    wrong = bool(language and asked_in and language != asked_in and words >= 5)
    looping = is_looping(answer)
    coverage = coverage_of(reference, answer) if reference is not None and _content(reference) else None
    quality = LOWEST if empty else _quality(words, coverage_of(question, answer), coverage, wrong, looping)
    return Assessment(words, language, empty, wrong, looping, coverage, quality)


def _quality(words: int, relevance: float, coverage: float | None, wrong: bool, looping: bool) -> float:
    length = min(1.0, math.log1p(words) / math.log1p(_ENOUGH_WORDS))
    if coverage is None:
        quality = _WORST_NON_EMPTY + 5.5 * length + 2.5 * relevance
    else:
        quality = _WORST_NON_EMPTY + 6.0 * coverage + 1.5 * length + 0.5 * relevance
    if wrong:
        quality = _WORST_NON_EMPTY + 0.2 * (quality - _WORST_NON_EMPTY)
    if looping:
        quality = _WORST_NON_EMPTY + 0.25 * (quality - _WORST_NON_EMPTY)
    return min(HIGHEST, quality)


def _content(text: str) -> set[str]:
    """Numbers and words of four letters or more that are no little words of any language."""
    little = _little_words()
    return {word for word in words_of(text) if word.isdigit() or (len(word) >= 4 and word not in little)}


@cache
def _little_words() -> frozenset[str]:
    return frozenset().union(*(language.function_words for language in judge_languages().values()))


@cache
def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    """For each little word and telling letter, the languages it speaks for and how much."""
    holders: dict[str, list[str]] = {}
    for code, language in judge_languages().items():
        for sign in language.function_words | language.letters:
            holders.setdefault(sign, []).append(code)
    return {
        sign: tuple((code, (0.5 if len(sign) == 1 else 1.0) / len(codes)) for code in codes)
        for sign, codes in holders.items()
    }
