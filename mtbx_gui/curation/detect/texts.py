"""Rules about the text as a whole: empty, left in the source language, in another language, oddly long."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mtbx_gui.curation.detect.case import Case, Finding, Span, listing
from mtbx_gui.curation.rules import Rule
from mtbx_gui.curation.segments import fence_lines, prose
from mtbx_gui.study.language_id import identify

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_BREAK = re.compile(r"(?<=[.!?…])[\"'”»)\]]*\s+|\n+|[:;](?=\s)|[\"“”„«»]|(?<![^\W\d_])['‘‚]|['’](?![^\W\d_])")
_QUOTES = re.compile(r"\"[^\"\n]+\"|“[^”\n]+”|„[^“”\n]+[“”]|«[^»\n]+»|(?<!\w)[‘'][^'’\n]{3,}['’](?!\w)")
SCATTERED_SURE = 0.995
_NAMED_QUOTE = re.compile(
    r"\b(?:English|Latin|German|French|Italian|Spanish|Greek|Portuguese|Dutch|Polish|Japanese|Chinese|Russian)"
    r"\s+(?:idiom|phrase|expression|saying|proverb|motto|sentence|words?|term|quote|quotation|title|line)s?\b"
    r"[^\"“'«\n.?!]{0,30}[\"“'«]([^\"”'»\n]{4,80})[\"”'»]"
)
"""A quotation whose language is named beside it: what is talked about is the wording itself."""

_FORMULA = re.compile(r"[=<>^\\/|{}\[\]+*]|\d")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of prose between sentence ends, colons and quotes."""

    start: int
    end: int
    text: str
    words: int
    quoted: bool


@lru_cache(maxsize=2048)
def segments(text: str) -> tuple[Segment, ...]:
    """The prose of `text` cut at sentences, lines, colons and quotes; code and placeholders are no prose."""
    plain = prose(text)
    quotes = quoted_spans(plain)
    found: list[Segment] = []
    last = 0
    for start, end in [*(match.span() for match in _BREAK.finditer(plain)), (len(plain), len(plain))]:
        piece = plain[last:start]
        words = len(_WORD.findall(piece))
        if words:
            first = last + len(piece) - len(piece.lstrip())
            stop = last + len(piece.rstrip())
            quoted = any(a <= first and stop <= b for a, b in quotes)
            found.append(Segment(first, stop, plain[first:stop], words, quoted))
        last = end
    return tuple(found)


def quoted_spans(plain: str) -> list[Span]:
    """Quotations within a line, marks included."""
    return [match.span() for match in _QUOTES.finditer(plain)]


def empty(case: Case, rule: Rule) -> Iterator[Finding]:
    """Nothing there although the source says something."""
    if case.source.strip() and not case.text.strip():
        yield Finding()


def untranslated(case: Case, rule: Rule) -> Iterator[Finding]:
    """Source text left as it was: the whole field, or whole sentences of it."""
    least, sure = int(rule.params["least_words"]), float(rule.params["probability"])
    ours = _normal(prose(case.source))
    if _normal(prose(case.text)) == ours:
        count = len(_WORD.findall(ours))
        guess = identify(ours)
        if count >= least and (
            (guess.language == case.source_language and guess.probability > sure) or count >= 12
        ):
            yield Finding(_joined(case.text, segments(case.text)), detail="all")
        elif 3 <= count < least and guess.language == case.source_language and guess.probability > sure:
            yield Finding(_joined(case.text, segments(case.text)), detail="all", confidence=0.7)
        return
    left: list[Segment] = []
    for segment in segments(case.text):
        if segment.words >= least and not segment.quoted and f" {_normal(segment.text)} " in f" {ours} ":
            guess = identify(segment.text)
            if guess.language == case.source_language and guess.probability > sure:
                left.append(segment)
    if left:
        yield Finding(_joined(case.text, left), detail=f"{len(left)}")


def wrong_language(case: Case, rule: Rule) -> Iterator[Finding]:
    """Sentences in a language that is neither the target's nor kept from the source."""
    least, sure = int(rule.params["least_words"]), float(rule.params["probability"])
    ours = f" {_normal(prose(case.source))} "
    spans: list[Span] = []
    found: list[str] = []
    for segment in segments(case.text):
        if segment.words < least or _is_formula(segment) or f" {_normal(segment.text)} " in ours:
            continue
        guess = identify(segment.text)
        if guess.language in ("", case.language) or guess.probability <= sure:
            continue
        if _is_confusable(guess.language, case.language) and segment.words < 2 * least:
            continue
        if _source_has(ours, guess.language, case.source, least, sure) and segment.quoted:
            continue
        spans.append(_span(segment))
        found.append(guess.language.upper())
    if spans:
        yield Finding(tuple(spans), found=", ".join(dict.fromkeys(found)))
        return
    yield from _scattered(case, ours, least)


def _scattered(case: Case, ours: str, least: int) -> Iterator[Finding]:
    """Lists and dialogues: pieces too short to be judged alone, all together clearly in another language."""
    pieces = [
        segment
        for segment in segments(case.text)
        if segment.words >= 2 and not _is_formula(segment) and f" {_normal(segment.text)} " not in ours
    ]
    joined = " ".join(segment.text for segment in pieces)
    words = joined.split()
    if sum(segment.words for segment in pieces) < 2 * least or any(s.words >= 2 * least for s in pieces):
        return
    if sum(word[:1].isupper() for word in words) > 0.5 * len(words):
        return
    guess = identify(joined)
    if guess.language in ("", case.language) or guess.probability < SCATTERED_SURE:
        return
    if not _is_confusable(guess.language, case.language):
        yield Finding(_joined(case.text, pieces), found=guess.language.upper(), confidence=0.9)


def length(case: Case, rule: Rule) -> Iterator[Finding]:
    """The translation is implausibly long or short for its source."""
    if len(fence_lines(case.source)) != len(fence_lines(case.text)):
        return
    ours, theirs = len(_normal(prose(case.source))), len(_normal(prose(case.text)))
    if not theirs or ours < int(rule.params["least_characters"]):
        return
    ratio = theirs / ours
    slack = float(rule.params["slack_characters"]) / ours
    if ratio < float(rule.params["low"]) - slack or ratio > float(rule.params["high"]) + slack:
        yield Finding(detail=f"{ratio:.0%}")


def _joined(text: str, found: Sequence[Segment]) -> tuple[Span, ...]:
    """The segments' spans; those of one line with nothing but marks between them become one."""
    spans: list[Span] = []
    for segment in found:
        gap = text[spans[-1][1] : segment.start] if spans else "\n"
        if "\n" in gap or _WORD.search(gap):
            spans.append(_span(segment))
        else:
            spans[-1] = (spans[-1][0], segment.end)
    return tuple(spans)


def _span(segment: Segment) -> Span:
    return segment.start, segment.end


@lru_cache(maxsize=1024)
def foreign_spans(
    text: str, language: str, least_words: int = 4, probability: float = 0.95
) -> tuple[Span, ...]:
    """Passages of `text` in a language other than its own: a quotation or a whole line that is to be kept."""
    found: list[Span] = []
    for segment in segments(text):
        if segment.words < least_words or _is_formula(segment):
            continue
        line = text[text.rfind("\n", 0, segment.start) + 1 :].partition("\n")[0].strip(" \"'“”„«».!?")
        if not segment.quoted and line != segment.text.strip(" \"'“”„«».!?"):
            continue
        guess = identify(segment.text, least_words)
        if guess.language not in ("", language) and guess.probability > probability:
            found.append(_span(segment))
    for match in _NAMED_QUOTE.finditer(prose(text)):
        if not any(a < match.end(1) and match.start(1) < b for a, b in found):
            found.append(match.span(1))
    return tuple(sorted(found))


def foreign_translated(case: Case, rule: Rule) -> Iterator[Finding]:
    """A passage the source gives in a third language is no longer there."""
    least, sure = int(rule.params["least_words"]), float(rule.params["probability"])
    there = f" {_normal(case.text)} "
    lost = [
        case.source[start:end]
        for start, end in foreign_spans(case.source, case.source_language, least, sure)
        if f" {_normal(case.source[start:end])} " not in there
        and identify(case.source[start:end], least).language != case.language
    ]
    if lost:
        yield Finding(missing=listing(lost), confidence=0.9)


def _normal(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _is_formula(segment: Segment) -> bool:
    return len(_FORMULA.findall(segment.text)) > segment.words / 2


_NEAR = (frozenset({"es", "pt"}), frozenset({"it", "la"}), frozenset({"de", "nl"}), frozenset({"fr", "la"}))


def _is_confusable(found: str, wanted: str) -> bool:
    """Neighbouring languages need a longer text to be told apart."""
    return any({found, wanted} <= pair for pair in _NEAR) or found == "la"


def _source_has(ours: str, language: str, source: str, least: int, sure: float) -> bool:
    """Whether the source itself quotes a passage in that language."""
    return any(
        identify(segment.text).language == language
        for segment in segments(source)
        if segment.words >= least and identify(segment.text).probability > sure
    )
