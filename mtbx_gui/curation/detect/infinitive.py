"""Infinitives used as instructions ("Scrivere un post", "Den Text übersetzen.") to the reader."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mtbx_gui.curation.detect.case import Case, Finding, Span, listing
from mtbx_gui.curation.detect.texts import quoted_spans
from mtbx_gui.curation.rules import Rule, lexicon
from mtbx_gui.curation.segments import prose

_SENTENCE = re.compile(r"[^.!?\n:]*(?:\.(?=\w)[^.!?\n:]*)*[.!?:]*")
_LEAD = re.compile(r"^[\s\"'“”„«»*•#>\-–]*(?:\(?\w{1,2}[.)]\s+)?[\s\"'“”„«»*•–-]*")
_WORD = re.compile(r"[^\W\d_]+")
_LIST = re.compile(r"^\s*(?:[-*•–]|\(?\w{1,2}[.)])\s+")
_LONG_FORMS = frozenset({"judge_reference", "sample"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of prose; `start` is where its first word stands."""

    start: int
    text: str
    listed: bool
    quoted: bool


def infinitive(case: Case, rule: Rule) -> Iterator[Finding]:
    """Sentences that open (German: end) with an infinitive where the source has an imperative."""
    ours, theirs = sentences(case.source), sentences(case.text)
    spans: list[Span] = []
    found: list[str] = []
    for place, sentence in enumerate(theirs):
        if sentence.quoted or (sentence.listed and case.kind in _LONG_FORMS):
            continue
        span = _final(sentence) if case.language == "de" else _initial(sentence, case.language)
        if span is None:
            continue
        source = ours[place] if len(ours) == len(theirs) else None
        if source is not None and not _imperative(source.text):
            continue
        if source is None and not any(_imperative(sentence.text) for sentence in ours):
            continue
        spans.append(span)
        found.append(case.text[span[0] : span[1]])
    if spans:
        yield Finding(
            tuple(spans), found=listing(found), confidence=0.85 if len(ours) == len(theirs) else 0.7
        )


@lru_cache(maxsize=2048)
def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of the prose, from their first word on."""
    plain = prose(text)
    quotes = quoted_spans(plain)
    found: list[Sentence] = []
    for match in _SENTENCE.finditer(plain):
        lead = _LEAD.match(match[0])
        start = match.start() + (lead.end() if lead else 0)
        said = plain[start : match.end()]
        if _WORD.search(said):
            quoted = any(a <= start < b for a, b in quotes)
            found.append(Sentence(start, said, bool(_LIST.match(match[0])), quoted))
    return tuple(found)


def _initial(sentence: Sentence, language: str) -> Span | None:
    """The sentence's first word when it is an infinitive with something after it."""
    match = _WORD.match(sentence.text)
    if match is None or not match[0][0].isupper() or len(re.findall(r"\w+", sentence.text)) < 3:
        return None
    if sentence.text.rstrip().endswith("?") or not is_infinitive(match[0].lower(), language):
        return None
    return sentence.start, sentence.start + match.end()


def _final(sentence: Sentence) -> Span | None:
    """The last word of a German sentence without a finite verb, when it is an infinitive."""
    table = lexicon("infinitive")["de"]
    said = [match for match in _WORD.finditer(sentence.text)]
    if len(said) < 2 or not sentence.text.rstrip().endswith((".", "!", ":")) or "?" in sentence.text:
        return None
    words = [match[0].lower() for match in said]
    last = said[-1]
    if (
        not last[0].islower()
        or not re.search(table["final"], last[0])
        or set(words[:-1]) & set(table["finite"])
    ):
        return None
    if set(words) & set(table["subordinate"]) and "," in sentence.text:
        return None
    if _lemma(words[-1], "de") != words[-1] or said[0][0].lower() == last[0]:
        return None
    return sentence.start + last.start(), sentence.start + last.end()


@lru_cache(maxsize=4096)
def is_infinitive(word: str, language: str) -> bool:
    """Whether `word` (lower case) is an Italian, French or Spanish infinitive, also with a clitic."""
    table: dict[str, Any] = lexicon("infinitive")[language]
    for form in (word, *_without_clitic(word, table["clitics"])):
        if form in table["not"]:
            return False
        if form in table["listed"]:
            return True
        for ending, other in table["probe"]:
            stem = form.removesuffix(ending)
            if len(stem) > 1 and stem != form and _is_form_of(stem + other, form, language):
                return True
    return False


def _without_clitic(word: str, clitics: list[str]) -> Iterator[str]:
    for clitic in clitics:
        stem = word.removesuffix(clitic)
        if stem != word and stem.endswith("r"):
            yield from (stem, stem + "e")


def _is_form_of(form: str, infinitive: str, language: str) -> bool:
    import simplemma

    return bool(simplemma.is_known(form, lang=language)) and _lemma(form, language) == infinitive


@lru_cache(maxsize=4096)
def _lemma(word: str, language: str) -> str:
    import simplemma

    return str(simplemma.lemmatize(word, lang=language))


def _imperative(source: str) -> bool:
    """Whether an English sentence may be an imperative: no article, pronoun, auxiliary or gerund opens it."""
    first = _WORD.search(source)
    if first is None or source.rstrip().endswith("?"):
        return False
    word = first[0].lower()
    if word in ("please", "now", "then", "also", "next", "finally"):
        return True
    return word not in lexicon("infinitive")["source_not_imperative"] and not word.endswith("ing")
