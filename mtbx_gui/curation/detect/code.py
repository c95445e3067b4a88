"""Rules about program code: words changed, layout broken, fences missing. Comments and strings are let be."""

import re
from collections import Counter
from collections.abc import Iterator

from mtbx_gui.curation.codetokens import CodeToken, fixed_words, words
from mtbx_gui.curation.detect.blocks import Pair, diff_tokens, pair_blocks
from mtbx_gui.curation.detect.case import Case, Finding, Span, listing
from mtbx_gui.curation.rules import Rule
from mtbx_gui.curation.segments import code_regions, fence_lines, fences, regions

_STRANGE = re.compile("[\u00a0\u2007\u2009\u202f\ufeff«»“”„‘’‚]")
_TIGHT = frozenset(":;,")
_FREE_SPACING = frozenset({"text", "json", "html", "xml", "yaml", "css", "sql"})
"""Languages in which a space before a colon or semicolon changes nothing."""
_SENTENCE = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+){2,}[.!?]?")


def holds_code(case: Case, rule: Rule) -> Iterator[Finding]:
    """The source holds program code (blocks or inline)."""
    spans = [(r.start, r.end) for r in regions(case.source) if r.block or r.kind == "inline_code"]
    if spans:
        yield Finding(tuple(spans), detail=str(len(spans)))


def code_tokens(case: Case, rule: Rule) -> Iterator[Finding]:
    """Words or operators of the source's code lost, or new ones in the target's code.

    With `renames` in the parameters it reports only names that were renamed consistently; otherwise the rest.
    """
    renames_only = bool(rule.params.get("renames"))
    spans: list[Span] = []
    found: list[str] = []
    missing: list[str] = []
    for pair in pair_blocks(case.source, case.text):
        if pair.target is None:
            lost = [] if renames_only else _lost_words(case, pair)
            missing += lost
            continue
        renamed = _renamed(case, pair)
        for ours, theirs in diff_tokens(case.source, case.text, pair).replaced:
            is_rename = len(ours) == len(theirs) and all(
                renamed.get(a.text) == b.text for a, b in zip(ours, theirs, strict=True)
            )
            if is_rename != renames_only:
                continue
            spans += _joined(theirs, case.text)
            missing += [token.text for token in ours]
            found += [token.text for token in theirs]
    if not renames_only:
        lost, new, new_spans = _inline_code(case)
        missing += lost
        found += new
        spans += new_spans
    if missing or found:
        yield Finding(tuple(spans), found=_named(found), missing=_named(missing))


def code_layout(case: Case, rule: Rule) -> Iterator[Finding]:
    """Indentation changed, no-break spaces or typographic quotes in code, a space put before a colon."""
    spans: list[Span] = []
    told: list[str] = []
    for pair in pair_blocks(case.source, case.text):
        if pair.target is None:
            continue
        for name, found in (
            ("indentation", _indents(case, pair)),
            ("space before punctuation", _spaces(case, pair)),
            ("typographic characters", _strange(case, pair)),
        ):
            if found:
                told.append(name)
                spans += found
    if spans:
        yield Finding(tuple(spans), found=listing(told))


def fence_mismatch(case: Case, rule: Rule) -> Iterator[Finding]:
    """Lines of ``` lost, damaged or too many."""
    ours, theirs = fence_lines(case.source), fence_lines(case.text)
    good = {(start, end) for start, end, _ in theirs}
    damaged = [span for span in _loose_marks(case.text) if span not in good] if ours else []
    if len(ours) != len(theirs):
        extra = [(start, end) for start, end, _ in theirs] if len(theirs) > len(ours) else []
        yield Finding(tuple(damaged or extra), found=str(len(theirs)), missing=str(len(ours)))
        return
    changed = [
        (start, end)
        for (_, _, hint), (start, end, info) in zip(ours, theirs, strict=True)
        if hint and info and hint.lower() != info.lower()
    ]
    if changed:
        yield Finding(
            tuple(changed), found=listing([case.text[a:b].strip() for a, b in changed]), missing="–"
        )


def _named(tokens: list[str]) -> str:
    """Words for the message; operators only when no word changed."""
    shown = [token for token in tokens if token[:1].isalpha() or token[:1] == "_"] or tokens
    return listing(shown) or "–"


def _lost_words(case: Case, pair: Pair) -> list[str]:
    """Words of a block that has no counterpart and that occur nowhere in the target."""
    body = case.source[slice(*pair.source)]
    there = set(re.findall(r"[^\W\d]\w*", case.text))
    return sorted(words(body, pair.language) - there)


def _renamed(case: Case, pair: Pair) -> dict[str, str]:
    """Source name -> target name, for names that may be renamed and are, every time and to one new name."""
    diff = diff_tokens(case.source, case.text, pair)
    body = case.source[slice(*pair.source)]
    kept = fixed_words(body, pair.language)
    known = words(body, pair.language)
    pairs: Counter[tuple[str, str]] = Counter()
    for ours, theirs in diff.replaced:
        if len(ours) == len(theirs):
            for a, b in zip(ours, theirs, strict=True):
                if a.kind == b.kind == "word":
                    pairs[a.text, b.text] += 1
    stayed = {a.text for a, _ in diff.same}
    sources, targets = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    return {
        a: b
        for a, b in pairs
        if a not in kept and a not in stayed and b not in known and sources[a] == targets[b] == 1
    }


def _joined(theirs: tuple[CodeToken, ...], text: str) -> list[Span]:
    """The tokens' spans, joined where only blanks of the same line lie between them."""
    spans: list[Span] = []
    for token in theirs:
        if spans and not text[spans[-1][1] : token.start].strip(" "):
            spans[-1] = (spans[-1][0], token.end)
        else:
            spans.append((token.start, token.end))
    return spans


def _inline_code(case: Case) -> tuple[list[str], list[str], list[Span]]:
    """Inline code of the source that is gone, and inline code of the target that is new."""

    def pieces(text: str) -> list[tuple[str, Span]]:
        return [
            (text[r.start : r.end].strip("` \n"), (r.start, r.end))
            for r in regions(text)
            if r.kind == "inline_code"
        ]

    ours, theirs = pieces(case.source), pieces(case.text)
    lost = [code for code, _ in ours if code not in case.text and not _SENTENCE.fullmatch(code)]
    if not lost:
        return [], [], []
    known = Counter(code for code, _ in ours)
    new = [(code, span) for code, span in theirs if code not in known]
    return lost, [code for code, _ in new], [span for _, span in new]


def _indents(case: Case, pair: Pair) -> list[Span]:
    """Leading white space of target lines that differs from that of their source lines."""
    assert pair.target is not None
    indents: dict[int, tuple[str, str, Span]] = {}
    for ours, theirs in diff_tokens(case.source, case.text, pair).same:
        line, start = _line_start(case.source, ours.start)
        _, there = _line_start(case.text, theirs.start)
        before, after = case.source[start : ours.start], case.text[there : theirs.start]
        if before.strip() or after.strip():
            continue
        indents[line] = (before, after, (there, max(theirs.start, there + 1)))
    shifts = {len(after) - len(before) for before, after, _ in indents.values()}
    if len(shifts) == 1 and len(indents) > 1 and all("\t" not in a + b for a, b, _ in indents.values()):
        return []
    return [span for before, after, span in indents.values() if before != after]


def _line_start(text: str, place: int) -> tuple[int, int]:
    start = text.rfind("\n", 0, place) + 1
    return text.count("\n", 0, start), start


def _spaces(case: Case, pair: Pair) -> list[Span]:
    if pair.language in _FREE_SPACING:
        return []
    return [
        (theirs.start - 1, theirs.end)
        for ours, theirs in diff_tokens(case.source, case.text, pair).same
        if ours.text in _TIGHT
        and _blank(case.text, theirs.start - 1)
        and not _blank(case.source, ours.start - 1)
    ]


def _blank(text: str, place: int) -> bool:
    return place >= 0 and text[place].isspace() and text[place] != "\n"


def _strange(case: Case, pair: Pair) -> list[Span]:
    """No-break spaces and typographic quotes in the target's code, not in its comments or strings."""
    assert pair.target is not None
    start, end = pair.target
    if not _STRANGE.search(case.text, start, end):
        return []
    from mtbx_gui.curation.codetokens import tokens

    free = [
        (start + token.start, start + token.end)
        for token in tokens(case.text[start:end], pair.language)
        if token.kind in ("comment", "string", "text")
    ]
    ours = set(_STRANGE.findall(case.source[slice(*pair.source)]))
    return [
        match.span()
        for match in _STRANGE.finditer(case.text, start, end)
        if match[0] not in ours and not any(a <= match.start() < b for a, b in free)
    ]


def _loose_marks(text: str) -> Iterator[Span]:
    """The lines that open or close a block, damaged ones included, where undamaged ones don't hide them."""
    inside = [(r.body_start, r.body_end) for r in code_regions(text)]
    for fence in fences(text, loose=True):
        for start, end in ((fence.start, fence.body_start), (fence.body_end, fence.end)):
            if start < end and not any(a < start < b for a, b in inside):
                yield start, start + len(text[start:end].rstrip("\n"))
