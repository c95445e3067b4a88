"""Numbers and currencies: the same on both sides, once written habits of the languages are taken out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mtbx_gui.curation.detect.case import Case, Finding, Span, listing
from mtbx_gui.curation.rules import Rule, lexicon
from mtbx_gui.curation.segments import fence_lines, prose

_NUMBER = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:[.,'’\u00a0\u202f\u2009 ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)(?!\d)"
)
_ROMAN = re.compile(r"(?<!\w)(?=[IVX])(X{0,2})(IX|IV|V?I{0,3})(?:(?:er|e|ème|re)\b|(?!\w))")
_ROMAN_ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_HALF_DAY = re.compile(r"\s*(?:[:.]\d\d)?\s*(?P<half>[ap])\.?\s?m\b\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, its possible values, and where it stands."""

    text: str
    values: frozenset[float]
    span: Span


def numbers(case: Case, rule: Rule) -> Iterator[Finding]:
    """Numbers of the source missing in the target, or new there."""
    if len(fence_lines(case.source)) != len(fence_lines(case.text)):
        return
    words = lexicon("numbers")
    ours = list(_numbers(prose(case.source), case.source_language))
    theirs = list(_numbers(prose(case.text), case.language))
    missing, surplus = _match(ours, theirs)
    spelt = _spelt(prose(case.text), words.get(case.language, {}))
    spelt_source = _spelt(prose(case.source), words.get(case.source_language, {}))
    missing = [n for n in missing if not n.values & spelt]
    surplus = [n for n in surplus if not n.values & spelt_source and not _is_marker(case.text, n)]
    missing = [n for n in missing if not _is_marker(case.source, n)]
    foreign = _foreign_format(case, ours, theirs) if case.language in rule.params["decimal_comma"] else []
    if missing or surplus or foreign:
        yield Finding(
            tuple(n.span for n in [*surplus, *foreign]),
            found=listing([n.text for n in [*surplus, *foreign]]) or "–",
            missing=listing([n.text for n in missing]) or "–",
        )


def currency(case: Case, rule: Rule) -> Iterator[Finding]:
    """A currency of the source was exchanged for another one."""
    names = rule.params["names"]
    ours, theirs = _currencies(prose(case.source), names), _currencies(prose(case.text), names)
    new = {code: spans for code, spans in theirs.items() if code not in ours}
    lost = [code for code in ours if code not in theirs]
    if new and ours:
        spans = [span for found in new.values() for span in found]
        yield Finding(tuple(spans), found=listing(sorted(new)), missing=listing(sorted(lost)) or "–")


def _foreign_format(case: Case, ours: list[Number], theirs: list[Number]) -> list[Number]:
    """Numbers still written as in English (1,250 or 2.5 litres) in a language with a decimal comma."""
    known = {n.text for n in ours}
    found = []
    for number in theirs:
        if number.text not in known or re.match(r"[-,/.]?\d", case.text[number.span[1] : number.span[1] + 2]):
            continue
        before = case.text[: number.span[0]].rstrip()[-12:]
        measured = re.match(r"\s?(?:[%€$£°]|[^\W\d_])", case.text[number.span[1] : number.span[1] + 2])
        named = re.search(r"[A-Z][\w+#-]*$|\b[vV]ersi\w+$|[=<>(\[^*/+-]$", before)
        if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", number.text) or (
            re.fullmatch(r"\d+\.\d+", number.text) and measured and not named
        ):
            found.append(number)
    return found


@lru_cache(maxsize=1024)
def _numbers(text: str, language: str) -> tuple[Number, ...]:
    found = []
    for match in _NUMBER.finditer(text):
        values = set(_values(match[0], language))
        after = text[match.end() : match.end() + 3]
        half = _HALF_DAY.match(text, match.end())
        if half:
            values |= {value % 12 + (12 if half["half"].lower() == "p" else 0) for value in values}
        if (after[:1] in "'’" and len(match[0]) == 2) or text[
            max(0, match.start() - 1) : match.start()
        ] in "'’":
            values |= {1900 + value for value in values} | {2000 + value for value in values}
        if re.match(r"['’]?s\b", after):
            values |= {value % 100 for value in values if 1000 <= value < 2100}
        found.append(Number(match[0], frozenset(values), match.span()))
    return tuple(found)


def _values(written: str, language: str) -> Iterator[float]:
    """The values a written number can have; both readings where a language's habit leaves a doubt."""
    bare = re.sub(r"['’\u00a0\u202f\u2009 ]", "", written)
    yield_any = False
    for thousands, decimal in ((",", "."), (".", ",")):
        plain = bare.replace(thousands, "").replace(decimal, ".")
        grouped = re.fullmatch(
            rf"\d{{1,3}}(?:\{thousands}\d{{3}})*(?:\{decimal}\d+)?|\d*(?:\{decimal}\d+)?", bare
        )
        if grouped and plain.strip("."):
            yield_any = True
            yield float(plain)
    if not yield_any:
        digits = re.sub(r"\D", "", bare)
        if digits:
            yield float(digits)


def _match(ours: list[Number], theirs: list[Number]) -> tuple[list[Number], list[Number]]:
    """Match one to one by a common value, then let repetitions pass; the rest is missing or new."""
    left = list(theirs)
    missing = []
    for number in ours:
        partner = next((other for other in left if other.values & number.values), None)
        if partner is None:
            missing.append(number)
        else:
            left.remove(partner)
    known = frozenset().union(*(n.values for n in ours)) if ours else frozenset()
    there = frozenset().union(*(n.values for n in theirs)) if theirs else frozenset()
    return [n for n in missing if not n.values & there], [n for n in left if not n.values & known]


def _spelt(text: str, table: dict[str, float]) -> frozenset[float]:
    """Values written as words, as Roman numerals, or as decades."""
    found = {
        float(table[word]) for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.lower()) if word in table
    }
    for match in _ROMAN.finditer(text):
        value = 10 * len(match[1]) + _ROMAN_ONES.index(match[2])
        found.add(float(value))
    for decade in [value for value in found if 20 <= value <= 90 and value % 10 == 0]:
        found.add(1900 + decade)
    return frozenset(found)


def _is_marker(text: str, number: Number) -> bool:
    """A list marker at a line's start ("2." or "2)") counts little: lists are renumbered freely."""
    line_start = text.rfind("\n", 0, number.span[0]) + 1
    return not text[line_start : number.span[0]].strip() and text[number.span[1] : number.span[1] + 1] in ".)"


@lru_cache(maxsize=8)
def _pattern(names: tuple[tuple[str, str], ...]) -> list[tuple[str, re.Pattern[str]]]:
    return [(code, re.compile(pattern, re.IGNORECASE)) for code, pattern in names]


def _currencies(text: str, names: dict[str, str]) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for code, pattern in _pattern(tuple(sorted(names.items()))):
        spans = [match.span() for match in pattern.finditer(text)]
        if spans:
            found[code] = spans
    return found
