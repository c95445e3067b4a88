"""Which piece of code in the translation belongs to which in the source, even when its fences are damaged."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from mtbx_gui.curation.codelines import is_prose_block
from mtbx_gui.curation.codetokens import CodeToken, language_of, tokens
from mtbx_gui.curation.segments import code_regions, fences

EXACT_MOST = 2000
"""Beyond so many changed tokens the comparison may be coarse, to stay fast."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A code block of the source and its counterpart in the target (None when it can't be found).

    Spans are code points in their texts; `language` is the source's, used for both.
    """

    source: tuple[int, int]
    target: tuple[int, int] | None
    language: str


@lru_cache(maxsize=1024)
def pair_blocks(source: str, target: str) -> tuple[Pair, ...]:
    """The source's code blocks with their counterparts in the target."""
    fenced = [f for f in fences(source)]
    theirs = fences(target)
    if [fence.closed for fence in theirs] != [fence.closed for fence in fenced]:
        theirs = fences(target, loose=True)
    pairs: list[Pair] = []
    for place, fence in enumerate(fenced):
        body = source[fence.body_start : fence.body_end]
        if is_prose_block(body, fence.info):
            continue
        hint = fence.info.split()[0] if fence.info else ""
        span = (fence.body_start, fence.body_end)
        if len(theirs) == len(fenced):
            found: tuple[int, int] | None = (theirs[place].body_start, theirs[place].body_end)
        else:
            found = _find_lines(body, target)
        pairs.append(Pair(span, found, language_of(body, hint)))
    for region in code_regions(source):
        if region.kind == "code":
            body = source[region.start : region.end]
            pairs.append(Pair((region.start, region.end), _find_lines(body, target), language_of(body)))
    return tuple(pairs)


@dataclass(frozen=True, slots=True)
class TokenDiff:
    """How the target's code tokens differ; all tokens carry offsets in the whole texts."""

    same: tuple[tuple[CodeToken, CodeToken], ...]
    replaced: tuple[tuple[tuple[CodeToken, ...], tuple[CodeToken, ...]], ...]


@lru_cache(maxsize=1024)
def diff_tokens(source: str, target: str, pair: Pair) -> TokenDiff:
    """Compare a pair's tokens outside comments, strings and visible text."""
    ours = _code_tokens(source, pair.source, pair.language)
    theirs = _code_tokens(target, pair.target, pair.language) if pair.target is not None else []
    same: list[tuple[CodeToken, CodeToken]] = []
    replaced: list[tuple[tuple[CodeToken, ...], tuple[CodeToken, ...]]] = []
    for tag, a, b, c, d in _opcodes([t.text for t in ours], [t.text for t in theirs]):
        if tag == "equal":
            same.extend(zip(ours[a:b], theirs[c:d], strict=True))
        else:
            replaced.append((tuple(ours[a:b]), tuple(theirs[c:d])))
    return TokenDiff(tuple(same), tuple(replaced))


def _opcodes(ours: list[str], theirs: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """As of a SequenceMatcher, but what both sides begin and end with is not compared word by word."""
    least = min(len(ours), len(theirs))
    head = next((n for n in range(least) if ours[n] != theirs[n]), least)
    tail = next((n for n in range(least - head) if ours[-1 - n] != theirs[-1 - n]), least - head)
    if head:
        yield "equal", 0, head, 0, head
    inner, other = ours[head : len(ours) - tail], theirs[head : len(theirs) - tail]
    matcher = SequenceMatcher(None, inner, other, autojunk=max(len(inner), len(other)) > EXACT_MOST)
    for tag, a, b, c, d in matcher.get_opcodes():
        yield tag, a + head, b + head, c + head, d + head
    if tail:
        yield "equal", len(ours) - tail, len(ours), len(theirs) - tail, len(theirs)


def _code_tokens(text: str, span: tuple[int, int], language: str) -> list[CodeToken]:
    start, end = span
    return [
        CodeToken(token.kind, token.text, start + token.start, start + token.end)
        for token in tokens(text[start:end], language)
        if token.kind in ("word", "number", "operator")
    ]


def _find_lines(body: str, target: str) -> tuple[int, int] | None:
    """The stretch of target lines from the first to the last shared one, widened by what is missing."""
    ours = [line.strip() for line in body.split("\n")]
    lines = target.split("\n")
    theirs = [line.strip() for line in lines]
    matcher = SequenceMatcher(lambda line: len(line) < 2, ours, theirs, autojunk=len(ours) > EXACT_MOST // 4)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    shared = sum(1 for block in blocks for line in ours[block.a : block.a + block.size] if len(line) > 1)
    if shared < 0.3 * sum(len(line) > 1 for line in ours):
        return None
    first = max(0, blocks[0].b - blocks[0].a)
    last = min(len(lines), blocks[-1].b + len(ours) - blocks[-1].a)
    start = sum(len(line) + 1 for line in lines[:first])
    return start, start + len("\n".join(lines[first:last]))
