"""Placeholders, tags, verdict marks, URLs: exactly those of the source must stand in the translation."""

import re
from collections import Counter
from collections.abc import Iterator

from mtbx_gui.curation.detect.case import Case, Finding, Span, listing
from mtbx_gui.curation.rules import Rule
from mtbx_gui.curation.segments import HTML_TAG, regions

_EXACT = frozenset({"placeholder", "verdict", "special", "printf", "url", "email"})
_COMMAND = re.compile(r"\\(?!text\b|mbox\b|mathrm\b)[A-Za-z]+")


def holds_placeholders(case: Case, rule: Rule) -> Iterator[Finding]:
    """The source holds placeholders, tags, URLs or formulas."""
    pieces = _pieces(case.source)
    if pieces:
        yield Finding(tuple(span for _, span in pieces), found=listing([text for text, _ in pieces]))


def placeholders(case: Case, rule: Rule) -> Iterator[Finding]:
    """The multisets of both sides differ."""
    ours, theirs = _pieces(case.source), _pieces(case.text)
    wanted, there = Counter(text for text, _ in ours), Counter(text for text, _ in theirs)
    missing = list((wanted - there).elements())
    surplus = there - wanted
    spans: list[Span] = []
    for text, span in reversed(theirs):
        if surplus[text] > 0:
            surplus[text] -= 1
            spans.append(span)
    found = list((there - wanted).elements())
    if missing or found:
        yield Finding(tuple(spans), found=listing(found) or "–", missing=listing(missing) or "–")


def _pieces(text: str) -> list[tuple[str, Span]]:
    """What is compared, with its span: a formula by its commands, a tag only when it is one of HTML."""
    found: list[tuple[str, Span]] = []
    for region in regions(text):
        piece = text[region.start : region.end]
        span = (region.start, region.end)
        if region.kind in _EXACT:
            found.append((piece, span))
        elif region.kind == "tag" and HTML_TAG.fullmatch(piece):
            found.append((re.split(r"[\s/>]", piece.lstrip("</"))[0].lower().join(("<", ">")), span))
        elif region.kind == "latex":
            found.extend((command, span) for command in _COMMAND.findall(piece))
    return found
