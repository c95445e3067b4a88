"""Cut-don't-wrap protection: what must not be translated is cut out of the text and put back afterwards.

Code is never sent; comments and docstrings travel as texts of their own and are spliced back by offset.
Nothing here talks to a translator.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mtbx_gui.curation.codetokens import comment_texts, language_of
from mtbx_gui.curation.segments import Region, regions

_TAG = re.compile(r"<\s*x\s+id\s*=\s*[\"'“”„«»]?\s*(\d+)\s*[\"'“”„«»]?\s*/?\s*>(?:\s*</\s*x\s*>)?")
_ESCAPED_TAG = re.compile(r"&lt;(\s*x\s+id\s*=[^<>&]*?)&gt;")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\r\ud800-\udfff\ufffe\uffff]")
_LETTERS = re.compile(r"[^\W\d_]")
_IDENTIFIER = re.compile(r"\b(?:[A-Za-z]+_\w+|_\w+|[a-z]+[A-Z]\w*|[A-Za-z]+\d\w*|\w+(?:\.\w+)*\(\))")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


@dataclass(frozen=True, slots=True)
class Cut:
    """What stands behind `<x id="N"/>`; `slots` are its comments: (start, end, number of the text)."""

    id: int
    text: str
    block: bool
    slots: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """One text to translate: the XML that is sent, and the white space around it that is not."""

    xml: str
    before: str = ""
    after: str = ""
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Protected:
    """A field ready to be sent. `texts[0]` is the prose when `prose_sent`, the rest are comments in order."""

    source: str
    skeleton: Sent
    prose_sent: bool
    comments: tuple[Sent, ...]
    cuts: dict[int, Cut] = field(default_factory=dict)

    @property
    def texts(self) -> tuple[str, ...]:
        """The XML texts to translate, in order; empty when nothing in the field is to be translated."""
        prose = (self.skeleton.xml,) if self.prose_sent else ()
        return prose + tuple(sent.xml for sent in self.comments)

    @property
    def characters(self) -> int:
        """Code points that a translator bills: tags and entities are not counted."""
        return sum(bare_length(text) for text in self.texts)


@dataclass(frozen=True, slots=True)
class Restored:
    """A translation put together again; no `problems` when every tag came back once and in its place."""

    text: str
    problems: tuple[str, ...] = ()


def protect(text: str, keep: Sequence[tuple[int, int]] = ()) -> Protected:
    """Cut out everything `segments.regions` finds and the spans in `keep` (foreign passages)."""
    cuts: dict[int, Cut] = {}
    comments: list[Sent] = []
    parts: list[str] = []
    last = 0
    for start, end, region in _pieces(text, keep):
        parts.append(_escape(text[last:start], cuts))
        parts.append(_cut(text, start, end, region, cuts, comments))
        last = end
    parts.append(_escape(text[last:], cuts))
    skeleton = _sent("".join(parts))
    return Protected(text, skeleton, _translatable(skeleton.xml), tuple(comments), cuts)


def restore(protected: Protected, answers: Sequence[str]) -> Restored:
    """Put the cuts back into the translated XML texts (`len(answers) == len(protected.texts)`).

    Tags that were lost are reported; code blocks are put back where they stood. Raises ValueError for a wrong
    number of answers.
    """
    if len(answers) != len(protected.texts):
        raise ValueError(f"{len(protected.texts)} texts were sent, {len(answers)} came back")
    problems: list[str] = []
    rest = [_ESCAPED_TAG.sub(r"<\1>", answer) for answer in answers]
    prose = rest.pop(0) if protected.prose_sent else protected.skeleton.xml
    comments = [
        _restore_comment(sent, answer, protected.cuts, problems)
        for sent, answer in zip(protected.comments, rest, strict=True)
    ]
    prose = protected.skeleton.before + prose.strip() + protected.skeleton.after
    if protected.prose_sent:
        prose = _mend_blocks(protected, prose, problems)
        _compare_tags(protected, prose, problems)
    return Restored(_fill(prose, protected.cuts, comments), tuple(problems))


def paragraphs(xml: str) -> list[str]:
    """An XML text cut at blank lines: texts at even places, the blank lines between them at odd ones."""
    return re.split(r"(\n[ \t]*\n\s*)", xml)


def bare_length(xml: str) -> int:
    """Code points of an XML text without tags, entities counted as what they stand for."""
    return len(_ENTITY.sub("&", _TAG.sub("", xml)))


def is_translatable(xml: str) -> bool:
    """Whether there is any letter outside the tags."""
    return _translatable(xml)


def _pieces(text: str, keep: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, Region | None]]:
    """Spans to cut, in order, without overlap; a kept passage gives way to regions inside it."""
    found: list[tuple[int, int, Region | None]] = [(r.start, r.end, r) for r in regions(text)]
    for start, end in keep:
        if start < end and not any(start < stop and first < end for first, stop, _ in found):
            found.append((start, end, None))
    yield from sorted(found, key=lambda piece: piece[0])


def _cut(
    text: str, start: int, end: int, region: Region | None, cuts: dict[int, Cut], comments: list[Sent]
) -> str:
    body = text[start:end]
    number = len(cuts) + 1
    block = region is not None and region.block
    cuts[number] = Cut(number, body, block)
    if region is not None and region.block:
        code = text[region.body_start : region.body_end]
        shift = region.body_start - start
        slots = []
        for first, stop in comment_texts(code, language_of(code, region.language)):
            sent = _comment(code[first:stop], cuts)
            if _translatable(sent.xml):
                slots.append((shift + first, shift + stop, len(comments)))
                comments.append(sent)
        cuts[number] = Cut(number, body, block, tuple(slots))
    return f'<x id="{number}"/>'


def _comment(text: str, cuts: dict[int, Cut]) -> Sent:
    """A comment, its identifiers and inline code cut out as well."""
    spans = [(r.start, r.end) for r in regions(text) if not r.block]
    for match in _IDENTIFIER.finditer(text):
        if not any(match.start() < stop and first < match.end() for first, stop in spans):
            spans.append(match.span())
    parts: list[str] = []
    last = 0
    for start, end in sorted(spans):
        parts.append(_escape(text[last:start], cuts))
        number = len(cuts) + 1
        cuts[number] = Cut(number, text[start:end], False)
        parts.append(f'<x id="{number}"/>')
        last = end
    parts.append(_escape(text[last:], cuts))
    return _sent("".join(parts))


def _escape(text: str, cuts: dict[int, Cut]) -> str:
    """XML text; characters XML can't carry become cuts."""
    parts: list[str] = []
    last = 0
    for match in _NOT_XML.finditer(text):
        parts.append(_entities(text[last : match.start()]))
        number = len(cuts) + 1
        cuts[number] = Cut(number, match[0], False)
        parts.append(f'<x id="{number}"/>')
        last = match.end()
    parts.append(_entities(text[last:]))
    return "".join(parts)


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unescape(xml: str) -> str:
    def plain(match: re.Match[str]) -> str:
        name = match[0][1:-1]
        if name in _NAMED:
            return _NAMED[name]
        code = int(name[2:], 16) if name[1] == "x" else int(name[1:])
        return chr(code) if code <= 0x10FFFF else match[0]

    return _ENTITY.sub(plain, xml)


def _sent(xml: str) -> Sent:
    inner = xml.strip()
    start = xml.find(inner) if inner else len(xml)
    ids = tuple(int(match[1]) for match in _TAG.finditer(inner))
    return Sent(inner, xml[:start], xml[start + len(inner) :], ids)


def _translatable(xml: str) -> bool:
    return bool(_LETTERS.search(_ENTITY.sub("", _TAG.sub("", xml))))


def _restore_comment(sent: Sent, answer: str, cuts: dict[int, Cut], problems: list[str]) -> str:
    """A comment's new text; the source's own when the answer would break the code around it."""
    ids = tuple(int(match[1]) for match in _TAG.finditer(answer))
    said = _fill(re.sub(r"\s*[\n\r]\s*", " ", answer.strip()), cuts, [])
    original = _fill(sent.xml, cuts, [])
    if sorted(ids) != sorted(sent.ids):
        problems.append(f'comment "{_short(original)}": its tags came back as {list(ids)}')
        return sent.before + original + sent.after
    if re.search(r"\*/|\"\"\"|'''|-->", said) and not re.search(r"\*/|\"\"\"|'''|-->", original):
        problems.append(f'comment "{_short(original)}": the translation would end the comment')
        return sent.before + original + sent.after
    return sent.before + (said or original) + sent.after


def _mend_blocks(protected: Protected, prose: str, problems: list[str]) -> str:
    """Code blocks on lines of their own, each once: doubles are dropped, lost ones put back."""
    seen: set[int] = set()

    def once(match: re.Match[str]) -> str:
        cut = protected.cuts.get(int(match[1]))
        if cut is None or not cut.block:
            return match[0]
        if cut.id in seen:
            problems.append(f"tag {cut.id} (code) came back twice")
            return ""
        seen.add(cut.id)
        return match[0]

    prose = _TAG.sub(once, prose)
    for number in protected.skeleton.ids:
        cut = protected.cuts[number]
        if not cut.block:
            continue
        if number not in seen:
            problems.append(f"tag {number} (code) is missing")
            prose = _put_back(protected, prose, number)
        prose = _own_line(prose, number, problems)
    return prose


def _put_back(protected: Protected, prose: str, number: int) -> str:
    """Insert a lost block after as many paragraphs as stood before it in the source."""
    source = protected.skeleton.before + protected.skeleton.xml + protected.skeleton.after
    place = source.index(f'<x id="{number}"/>')
    ahead = len(re.findall(r"\n[ \t]*\n", source[:place]))
    gaps = [match.start() for match in re.finditer(r"\n[ \t]*\n", prose)]
    at = (
        gaps[ahead - 1]
        if 0 < ahead <= len(gaps)
        else (0 if ahead == 0 and place == 0 else len(prose.rstrip()))
    )
    tag = f'<x id="{number}"/>'
    return f"{prose[:at]}\n\n{tag}{prose[at:]}" if at else f"{tag}\n\n{prose}"


def _own_line(prose: str, number: int, problems: list[str]) -> str:
    match = next(m for m in _TAG.finditer(prose) if int(m[1]) == number)
    before, after = prose[: match.start()], prose[match.end() :]
    line_start, line_end = before.rpartition("\n")[2], after.partition("\n")[0]
    if line_start.strip() or line_end.strip():
        problems.append(f"tag {number} (code) came back inside a line")
    before, after = before.rstrip(" \t"), after.lstrip(" \t")
    return (
        before + ("\n" if line_start.strip() else "") + match[0] + ("\n" if line_end.strip() else "") + after
    )


def _compare_tags(protected: Protected, prose: str, problems: list[str]) -> None:
    """Every id once; blocks in order; inline cuts on the same side of each block."""
    came = [int(match[1]) for match in _TAG.finditer(prose)]
    sent = protected.skeleton.ids
    for number in sent:
        count = came.count(number)
        if count != 1 and not protected.cuts[number].block:
            what = "is missing" if count == 0 else f"came back {count} times"
            problems.append(f'tag {number} ("{_short(protected.cuts[number].text)}") {what}')
    problems.extend(f"tag {number} was never sent" for number in dict.fromkeys(came) if number not in sent)
    if not problems and _by_block(came, protected.cuts) != _by_block(sent, protected.cuts):
        problems.append("the tags came back in another order around the code")


def _by_block(ids: Sequence[int], cuts: dict[int, Cut]) -> list[list[int]]:
    """The inline ids between one block and the next, sorted; blocks as lists of their own."""
    groups: list[list[int]] = [[]]
    for number in ids:
        if cuts[number].block:
            groups += [[number], []]
        else:
            groups[-1].append(number)
    return [sorted(group) for group in groups]


def _fill(xml: str, cuts: dict[int, Cut], comments: Sequence[str]) -> str:
    parts: list[str] = []
    last = 0
    for match in _TAG.finditer(xml):
        parts.append(_unescape(xml[last : match.start()]))
        cut = cuts.get(int(match[1]))
        parts.append("" if cut is None else _with_comments(cut, comments))
        last = match.end()
    parts.append(_unescape(xml[last:]))
    return "".join(parts)


def _with_comments(cut: Cut, comments: Sequence[str]) -> str:
    parts: list[str] = []
    last = 0
    for start, end, number in cut.slots:
        parts += [cut.text[last:start], comments[number]]
        last = end
    parts.append(cut.text[last:])
    return "".join(parts)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 40 else flat[:39] + "…"
