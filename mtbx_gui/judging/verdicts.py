"""Reads a judge's verdict out of its reply: a score, a letter, or the reason why there is none.

It never raises, never guesses, and never answers 0, -1 or a tie for want of a verdict.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from mtbx_gui.judging.normalise import plain_lines
from mtbx_gui.judging.tags import (
    NUMBER,
    Letter,
    Reason,
    TagReading,
    VerdictMode,
    read_tag,
)
from mtbx_gui.judging.verdict_words import (
    ASSISTANT_WORDS,
    EXAMPLE_PHRASES,
    IF_WORDS,
    RATING_WORDS,
    VERDICT_WORDS,
)

__all__ = ["PARSER_VERSION", "Letter", "ParsedVerdict", "Reason", "VerdictMode", "parse_verdict"]

PARSER_VERSION = "1"
"""Stored with every judgment; changes whenever the same text could be read in another way."""

API_ERROR = "$ERROR$"
"""What FastChat writes in place of a judgment it did not get."""

_TAG = re.compile(r"\[\s{0,3}\[([^\[\]]{0,120})\]\s{0,3}\](\s*/\s*(?P<scale>[0-9]+))?")
_SINGLE_TAG = re.compile(r"(?<!\w)\[([^\[\]]{0,120})\](?!\()(\s*/\s*(?P<scale>[0-9]+))?")
_AFTER_SINGLE = re.compile(r"[\s\]\"'“”„«».,;:!)]*")
_LABELS = "|".join(sorted(map(re.escape, RATING_WORDS | VERDICT_WORDS), key=len, reverse=True))
_ASSISTANTS = "|".join(sorted(map(re.escape, ASSISTANT_WORDS), key=len, reverse=True))
_BEFORE_SINGLE = re.compile(rf"(?:^|[:=]|\b(?:{_LABELS})\w{{0,2}}\b.*)[\s\"'“”„«(\[]*$", re.IGNORECASE)
_EXAMPLE = re.compile(
    rf"(?:^|\W)(?:{'|'.join(EXAMPLE_PHRASES)})[\s,:]*[\"“”„«'‹]*\s*(?:\w+\s*:?\s*)?[\"“”„«'‹]*$",
    re.IGNORECASE,
)
_CONDITIONS = {
    letter: re.compile(rf"[\"'“”„«»]*\s*,?\s*(?i:{'|'.join(IF_WORDS)})\b[^.\n]{{0,40}}\b{letter}\b")
    for letter in "ABCD"
}
_ONLY_JOINED = re.compile(r"\W*(?:and|or|und|oder|et|ou|e|o|y)?\W*", re.IGNORECASE)
_BARE = {
    "single": rf"{NUMBER}(?:\s*/\s*10)?",
    "pair": rf"(?:(?:{_ASSISTANTS})\s+)?[A-D]",
}
_OPENING, _CLOSING = r"[\s\"'“”„«(\[{<]*", r"[\s\"'“”„«)\]}>.,;!]*"

_FILTERED = frozenset({"content_filter", "content-filter", "safety"})
_CUT = frozenset({"length", "max_tokens", "model_length"})


@dataclass(frozen=True, slots=True)
class ParsedVerdict:
    """Exactly one of `score` (1 to 10), `verdict` (A to D) and `reason` is set.

    `line` is the place in `text.splitlines()`, counted from 0, where the verdict was read; None without one.
    """

    score: float | None = None
    verdict: Letter | None = None
    reason: Reason | None = None
    line: int | None = None

    @property
    def value(self) -> float | str | None:
        """The score or the letter; None when there is a reason instead."""
        return self.score if self.score is not None else self.verdict


@dataclass(frozen=True, slots=True)
class _Tag:
    line: int
    before: str
    letter: Letter | None
    reading: TagReading


def parse_verdict(
    mode: VerdictMode, text: str | None, finish_reason: str | None = None, refusal: str | None = None
) -> ParsedVerdict:
    """Read one reply. `mode` says what may come: a number, A to C (pair3), or A to D (pair4).

    `finish_reason` and `refusal` are those of the reply. Never raises.
    """
    before = _before_any_pattern(text, finish_reason, refusal)
    if before is not None:
        return ParsedVerdict(reason=before)
    lines = plain_lines(text) if isinstance(text, str) else []
    if not any(lines):
        return ParsedVerdict(reason="empty")
    tags = _double_tags(lines, mode)
    deciding = [tag for tag in tags if tag.reading.decisive]
    if not deciding:
        deciding = _single_tags(lines, mode)
    if deciding:
        return _decide([tag for tag in deciding if tag.line == deciding[-1].line])
    if tags:
        return ParsedVerdict(reason=tags[-1].reading.reason)
    return ParsedVerdict(reason="unbracketed" if _unbracketed(lines, mode) else "no_verdict")


def _before_any_pattern(text: object, finish_reason: object, refusal: object) -> Reason | None:
    finish = finish_reason.casefold() if isinstance(finish_reason, str) else ""
    if isinstance(refusal, str) and refusal.strip():
        return "refusal"
    if finish in _FILTERED:
        return "content_filter"
    if finish in _CUT:
        return "truncated"
    if finish == "error" or (isinstance(text, str) and text.strip() == API_ERROR):
        return "api_error"
    if not isinstance(text, str) or not text.strip():
        return "empty"
    return None


def _decide(tags: list[_Tag]) -> ParsedVerdict:
    readings = {tag.reading for tag in tags}
    if len(readings) > 1:
        return ParsedVerdict(reason="conflict")
    reading = tags[-1].reading
    if reading.reason is not None:
        return ParsedVerdict(reason=reading.reason)
    return ParsedVerdict(score=reading.score, verdict=reading.letter, line=tags[-1].line)


def _double_tags(lines: list[str], mode: VerdictMode) -> list[_Tag]:
    text = "\n".join(lines)
    found: list[_Tag] = []
    for match in _TAG.finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        before, after = text[start : match.start()], text[match.end() : end if end >= 0 else None]
        reading = _with_scale(read_tag(match[1], mode), match["scale"])
        line = text.count("\n", 0, match.start())
        letter: Letter | None = "D" if reading.reason == "label_not_allowed" else reading.letter
        found.append(_Tag(line, before, letter, _in_context(reading, before, after)))
    return _without_option_lists(found)


def _with_scale(reading: TagReading, scale: str | None) -> TagReading:
    """[[4]]/5 is not a 4 of 10."""
    if reading.score is not None and scale is not None and scale != "10":
        return TagReading(reason="ambiguous")
    return reading


def _in_context(reading: TagReading, before: str, after: str) -> TagReading:
    """A tag that the instructions hold themselves, as an example or an option, is no verdict."""
    if reading.score is not None and _EXAMPLE.search(before):
        return TagReading(reason="echoed_instructions")
    if reading.letter is not None and _CONDITIONS[reading.letter].match(after):
        return TagReading(reason="echoed_instructions")
    return reading


def _without_option_lists(tags: list[_Tag]) -> list[_Tag]:
    """Mark every list of options, A, B, C (and D) one after the other, as an echo of the instructions."""
    marked = list(tags)
    for start in range(len(tags) - 2):
        if not _lists_options(tags[start : start + 3]):
            continue
        end = start + 3
        if end < len(tags) and _lists_options(tags[start + 1 : end + 1], "BCD"):
            end += 1
        for place in range(start, end):
            marked[place] = replace(tags[place], reading=TagReading(reason="echoed_instructions"))
    return marked


def _lists_options(tags: list[_Tag], letters: str = "ABC") -> bool:
    """Whether the tags spell `letters` on one line, on a line each, or on a line that only goes on."""
    if any(tag.letter != letter for tag, letter in zip(tags, letters, strict=True)):
        return False
    steps = [after.line - before.line for before, after in pairwise(tags)]
    if max(steps) > 2:
        return False
    one_each = all(steps)
    goes_on = all(
        step == 0 or _ONLY_JOINED.fullmatch(tag.before) for step, tag in zip(steps, tags[1:], strict=True)
    )
    return one_each or goes_on


def _single_tags(lines: list[str], mode: VerdictMode) -> list[_Tag]:
    """Single brackets count on the last line with text only, where they stand like a verdict."""
    place = max(number for number, line in enumerate(lines) if line)
    line = _TAG.sub(" ", lines[place])
    found: list[_Tag] = []
    stands = False
    for match in _SINGLE_TAG.finditer(line):
        before, after = line[: match.start()], line[match.end() :]
        reading = _in_context(_with_scale(read_tag(match[1], mode), match["scale"]), before, after)
        if reading.decisive:
            found.append(_Tag(place, before, reading.letter, reading))
            stands = bool(_AFTER_SINGLE.fullmatch(after) and _BEFORE_SINGLE.search(before))
    return found if stands else []


def _unbracketed(lines: list[str], mode: VerdictMode) -> bool:
    bare = _BARE["single" if mode == "single" else "pair"]
    labelled = re.compile(rf"\b(?:{_LABELS})\s*[:=]\s*{_OPENING}{bare}(?!\w)", re.IGNORECASE)
    alone = re.compile(rf"{_OPENING}{bare}{_CLOSING}", re.IGNORECASE)
    last = [line for line in lines if line][-1]
    return bool(alone.fullmatch(last)) or any(labelled.search(line) for line in lines)
