"""What changed between two texts, word by word: for reading an edit beside the machine's translation.

Positions count code points. Must not know Qt; the window converts to UTF-16 where it needs to.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "removed", "added"]

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
WORDS_MOST = 1500
"""Beyond this many words on one side a changed passage is shown as replaced as a whole, which stays fast."""


@dataclass(frozen=True)
class Piece:
    """A run of text; `start` counts in the old text, for added pieces in the new one."""

    kind: Kind
    text: str
    start: int
    new_start: int
    """Where the piece stands, or for a removed piece would stand, in the new text."""


def word_diff(old: str, new: str) -> list[Piece]:
    """The pieces that turn `old` into `new`, in reading order.

    The same and removed ones together are `old`, the same and added ones together are `new`. A blank between
    two changed words counts as changed with them.
    """
    pieces: list[Piece] = []
    at_old = at_new = 0
    for kind, text in _merge(_calm(list(_changes(old, new)))):
        pieces.append(Piece(kind, text, at_new if kind == "added" else at_old, at_new))
        if kind != "added":
            at_old += len(text)
        if kind != "removed":
            at_new += len(text)
    return pieces


def changed_spans(old: str, new: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """(start, end) of what was removed in `old` and of what was added in `new`, in code points."""
    removed: list[tuple[int, int]] = []
    added: list[tuple[int, int]] = []
    for piece in word_diff(old, new):
        if piece.kind == "removed":
            removed.append((piece.start, piece.start + len(piece.text)))
        elif piece.kind == "added":
            added.append((piece.start, piece.start + len(piece.text)))
    return removed, added


def _changes(old: str, new: str) -> Iterator[tuple[Kind, str]]:
    """Lines first, so that long texts stay fast; then words within lines that changed."""
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for tag, a, b, c, d in SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", "".join(old_lines[a:b])
        else:
            yield from _words("".join(old_lines[a:b]), "".join(new_lines[c:d]))


def _words(old: str, new: str) -> Iterator[tuple[Kind, str]]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(before), len(after)) > WORDS_MOST:
        yield from (("removed", old), ("added", new))
        return
    blank = str.isspace
    for tag, a, b, c, d in SequenceMatcher(blank, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", "".join(before[a:b])
        else:
            yield "removed", "".join(before[a:b])
            yield "added", "".join(after[c:d])


def _calm(parts: list[tuple[Kind, str]]) -> Iterator[tuple[Kind, str]]:
    """A blank that stayed between two changes reads better as part of them."""
    for place, (kind, text) in enumerate(parts):
        inside = 0 < place < len(parts) - 1
        if (
            kind == "same"
            and inside
            and text.strip(" ") == ""
            and "same" not in (parts[place - 1][0], parts[place + 1][0])
        ):
            yield "removed", text
            yield "added", text
        else:
            yield kind, text


def _merge(parts: Iterator[tuple[Kind, str]]) -> Iterator[tuple[Kind, str]]:
    """Neighbouring changes become one removed and one added piece."""
    removed: list[str] = []
    added: list[str] = []
    same: list[str] = []
    for kind, text in parts:
        if not text:
            continue
        if kind == "same":
            yield from _flush(removed, added)
            same.append(text)
            continue
        if same:
            yield "same", "".join(same)
            same.clear()
        (removed if kind == "removed" else added).append(text)
    if same:
        yield "same", "".join(same)
    yield from _flush(removed, added)


def _flush(removed: list[str], added: list[str]) -> Iterator[tuple[Kind, str]]:
    if removed:
        yield "removed", "".join(removed)
    if added:
        yield "added", "".join(added)
    removed.clear()
    added.clear()
