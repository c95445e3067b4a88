"""Where a text holds something a translator must not touch: code, placeholders, tags, URLs, formulas.

Finds and names regions by code-point offsets; it neither changes texts nor judges them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from mtbx_gui.curation.codelines import code_runs, is_prose_block

RegionKind = Literal[
    "fence",
    "code",
    "inline_code",
    "latex",
    "tag",
    "special",
    "verdict",
    "placeholder",
    "printf",
    "url",
    "email",
]

BLOCK_KINDS: frozenset[str] = frozenset({"fence", "code"})
"""Kinds that take whole lines and hold code."""

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})(?P<info>[^`\n]*)$", re.MULTILINE)
_LOOSE_FENCE = re.compile(
    r"^(?P<indent>[ \t]*)(?P<mark>[`´'’]{2,}|~{3,})(?P<info>[ \t]*[\w+#-]*[ \t]*)$", re.MULTILINE
)

HTML_TAG = re.compile(
    r"</?(?:a|abbr|article|aside|audio|b|blockquote|body|br|button|canvas|center|code|dd|div|dl|dt|em|fieldset|font"
    r"|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|kbd|label|legend|li|link|main|mark|meta|nav|ol"
    r"|option|p|pre|q|s|samp|script|section|select|small|span|strike|strong|style|sub|sup|svg|table|tbody|td"
    r"|textarea|tfoot|th|thead|title|tr|tt|u|ul|video)\b[^<>]*>",
    re.IGNORECASE,
)
"""A tag of HTML, as against other words in angle brackets."""

_INLINE: tuple[tuple[RegionKind, re.Pattern[str]], ...] = (
    ("inline_code", re.compile(r"(?<!`)(?P<t>`+)(?!`)(?:(?!\n[ \t]*\n)[\s\S])+?(?<!`)(?P=t)(?!`)")),
    (
        "latex",
        re.compile(
            r"\$\$[\s\S]+?\$\$|\\\([\s\S]+?\\\)|\\\[[\s\S]+?\\\]|\\begin\{(?P<env>\w+\*?)\}[\s\S]*?\\end\{(?P=env)\}"
            r"|(?<![\\$\w])\$(?![\s$\d])[^$\n]*?(?<![\s\\])\$(?![\d\w$])"
            r"|(?<![\\$\w])\$(?=[^$\n]*[\\^_={}])(?!\s)[^$\n]*?(?<![\s\\])\$(?![\d\w$])"
        ),
    ),
    ("special", re.compile(r"<\|[^|<>\s]+\|>|<\|(?=[^|<>\n]+\|>)|\|>|\[/?INST\]|<</?SYS>>|\{%[^%\n]*%\}")),
    (
        "tag",
        re.compile(
            r"<!--[\s\S]*?-->"
            r"|</?[A-Za-z][\w:-]*(?:\s+[\w:-]+\s*=\s*(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'<>]+))*\s*/?>"
        ),
    ),
    ("verdict", re.compile(r"\[\[[^\[\]\n]*\]\]")),
    ("placeholder", re.compile(r"\$\{[^{}\n]+\}|\{\{[^{}\n]+\}\}")),
    ("placeholder", re.compile(r"\{(?:[A-Za-z_][\w.]*|\d*)(?:![rsa])?(?::[^{}\s]{0,12})?\}")),
    ("url", re.compile(r"\b(?:(?:https?|ftp)://|www\.(?=\w))[^\s<>\"«»“”„`]+")),
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    ("printf", re.compile(r"(?<![\d%\w])%(?:\(\w+\)|\d+\$)?[-+0#]*\d*(?:\.\d+)?[sdifgxXeEr](?!\w)")),
)


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of text that stays as it is. For blocks, `body` is the code without its fence lines."""

    kind: RegionKind
    start: int
    end: int
    language: str = ""
    body_start: int = 0
    body_end: int = 0

    @property
    def block(self) -> bool:
        """Whether it takes whole lines."""
        return self.kind in BLOCK_KINDS


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: the offsets of its lines, its info word, and whether it is closed."""

    start: int
    end: int
    body_start: int
    body_end: int
    info: str
    closed: bool


def fences(text: str, loose: bool = False) -> list[Fence]:
    """Fenced blocks in order. With `loose`, damaged marks (``python, ´´´) count too."""
    found: list[Fence] = []
    marks = [m for m in (_LOOSE_FENCE if loose else _FENCE).finditer(text)]
    place = 0
    while place < len(marks):
        opening = marks[place]
        closing = next((m for m in marks[place + 1 :] if _closes(opening, m, loose)), None)
        body_start = min(opening.end() + 1, len(text))
        info = opening["info"].strip()
        if closing is None:
            found.append(Fence(opening.start(), len(text), body_start, len(text), info, False))
            break
        body_end = max(body_start, closing.start())
        found.append(Fence(opening.start(), closing.end(), body_start, body_end, info, True))
        place = marks.index(closing) + 1
    return found


def fence_lines(text: str) -> list[tuple[int, int, str]]:
    """Every line that is a whole, undamaged fence mark: start, end, info word."""
    return [(m.start(), m.end(), m["info"].strip()) for m in _FENCE.finditer(text)]


def _closes(opening: re.Match[str], mark: re.Match[str], loose: bool) -> bool:
    if mark["info"].strip():
        return False
    same = mark["mark"][0] == opening["mark"][0]
    return loose or (same and len(mark["mark"]) >= len(opening["mark"]))


@lru_cache(maxsize=2048)
def regions(text: str) -> tuple[Region, ...]:
    """All protected regions of `text`: in order, without overlap, offsets in code points."""
    found = list(code_regions(text))
    taken = _Taken((r.start, r.end) for r in found)
    for line in _prose_fence_lines(text):
        if taken.free(*line):
            found.append(Region("tag", *line))
            taken.add(*line)
    for kind, pattern in _INLINE:
        for match in pattern.finditer(text):
            start, end = match.span()
            if kind == "url":
                end = start + len(_trim_url(match[0]))
            if kind == "latex" and not _is_formula(match[0]):
                continue
            if taken.free(start, end):
                found.append(Region(kind, start, end, "", start, end))
                taken.add(start, end)
    return tuple(sorted(found, key=lambda region: region.start))


@lru_cache(maxsize=2048)
def code_regions(text: str) -> tuple[Region, ...]:
    """Fenced and unfenced code in order; a fence around plain prose is left out."""
    found: list[Region] = []
    outside: list[tuple[int, int]] = []
    last = 0
    for fence in fences(text):
        outside.append((last, fence.start))
        last = fence.end
        if is_prose_block(text[fence.body_start : fence.body_end], fence.info):
            continue
        language = fence.info.split()[0].lower() if fence.info else ""
        found.append(Region("fence", fence.start, fence.end, language, fence.body_start, fence.body_end))
    outside.append((last, len(text)))
    for start, end in outside:
        for first, stop in code_runs(text[start:end]):
            found.append(Region("code", start + first, start + stop, "", start + first, start + stop))
    return tuple(sorted(found, key=lambda region: region.start))


def prose(text: str, blank: str = " ") -> str:
    """The text with every protected region blanked out, offsets unchanged; lines stay lines."""
    return mask(text, regions(text), blank)


def mask(text: str, cut: Sequence[Region], blank: str = " ") -> str:
    """Overwrite the regions by `blank` (one character), keeping newlines and offsets."""
    parts: list[str] = []
    last = 0
    for region in cut:
        parts.append(text[last : region.start])
        parts.append("".join("\n" if c == "\n" else blank for c in text[region.start : region.end]))
        last = region.end
    parts.append(text[last:])
    return "".join(parts)


def _prose_fence_lines(text: str) -> Iterator[tuple[int, int]]:
    for fence in fences(text):
        if is_prose_block(text[fence.body_start : fence.body_end], fence.info):
            yield fence.start, max(fence.start, fence.body_start - 1)
            if fence.closed:
                yield fence.body_end, fence.end


def _trim_url(url: str) -> str:
    while url:
        last = url[-1]
        if last in ".,;:!?'*’" or any(
            last == close and url.count(close) > url.count(opening)
            for opening, close in (("(", ")"), ("[", "]"), ("{", "}"))
        ):
            url = url[:-1]
        else:
            break
    return url


def _is_formula(text: str) -> bool:
    """Whether $…$ is mathematics rather than two prices."""
    if not text.startswith("$") or text.startswith("$$"):
        return True
    inner = text[1:-1]
    return bool(re.search(r"[\\^_={}<>+]", inner)) or bool(re.fullmatch(r"[A-Za-z](?:\([A-Za-z]\))?", inner))


class _Taken:
    """Which offsets belong to a region already."""

    def __init__(self, spans: Iterator[tuple[int, int]]) -> None:
        self._spans = list(spans)

    def free(self, start: int, end: int) -> bool:
        return start < end and not any(start < stop and first < end for first, stop in self._spans)

    def add(self, start: int, end: int) -> None:
        self._spans.append((start, end))
