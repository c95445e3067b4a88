"""Answers as HTML for a QTextDocument: Markdown without raw HTML or pictures; code in colours."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LIGHT_STYLE = "xcode"
DARK_STYLE = "github-dark"
PIECE = 1500

_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
_STARTS_A_BLOCK = re.compile(r"^(?![-*+] |\d+[.)] )\S")


def to_html(text: str, dark: bool, ground: str, line: str) -> str:
    """HTML for a whole text; CSS colours: `ground` behind code, `line` around cells."""
    return "".join(render(piece, dark, ground, line) for piece in pieces(text))


@dataclass(frozen=True)
class Piece:
    """A part of a text that can be rendered by itself: Markdown, or lines of one code block (`code`)."""

    text: str
    code: bool = False
    info: str = ""


def pieces(text: str) -> Iterator[Piece]:
    """Cut a text where Markdown allows it, lazily, so that a long one can be shown piece by piece.

    Pieces hold about `PIECE` characters; longer code blocks and paragraphs are cut at a line or a word.
    """
    held: list[str] = []
    size = 0
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        fence = _FENCE.match(line)
        if fence and not line.startswith(" "):
            end = _fence_end(lines, at, fence["mark"])
            if sum(len(code) + 1 for code in lines[at:end]) > PIECE:
                if held:
                    yield Piece("\n".join(held))
                    held, size = [], 0
                closed = end > at + 1 and _FENCE.match(lines[end - 1]) is not None
                yield from _long_code(lines[at + 1 : end - 1 if closed else end], fence["info"])
            else:
                held += lines[at:end]
                size += sum(len(code) + 1 for code in lines[at:end])
            at = end
            continue
        if size > PIECE and at and not lines[at - 1].strip() and _STARTS_A_BLOCK.match(line):
            yield Piece("\n".join(held))
            held, size = [], 0
        while len(line) > 2 * PIECE:
            cut = line.rfind(" ", 0, PIECE) + 1 or PIECE
            yield Piece("\n".join([*held, line[:cut]]))
            held, size, line = [], 0, line[cut:]
        held.append(line)
        size += len(line) + 1
        at += 1
    if held:
        yield Piece("\n".join(held))


def render(piece: Piece, dark: bool, ground: str, line: str) -> str:
    """HTML for one piece."""
    if piece.code:
        return _code(piece.text, piece.info, dark, {"ground": ground})
    return str(_parser(dark).render(piece.text, {"ground": ground, "line": line})).strip()


def _fence_end(lines: list[str], start: int, mark: str) -> int:
    """The line after the one that closes the code block opened at `start`, or the end of the text."""
    for at in range(start + 1, len(lines)):
        closing = lines[at].strip()
        if closing.startswith(mark) and not closing.strip(mark[0]):
            return at + 1
    return len(lines)


def _long_code(lines: list[str], info: str) -> Iterator[Piece]:
    held: list[str] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line) + 1
        if size > PIECE // 2:
            yield Piece("\n".join(held), code=True, info=info)
            held, size = [], 0
    if held:
        yield Piece("\n".join(held), code=True, info=info)


@functools.cache
def _parser(dark: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    rules = parser.renderer.rules  # type: ignore[attr-defined]
    rules["fence"] = lambda tokens, at, options, env: _code(tokens[at].content, tokens[at].info, dark, env)
    rules["code_block"] = lambda tokens, at, options, env: _code(tokens[at].content, "", dark, env)
    rules["code_inline"] = _inline_code
    rules["image"] = _image
    rules["table_open"] = lambda tokens, at, options, env: (
        '<table border="1" cellspacing="0" cellpadding="4"'
        f' style="border-collapse: collapse; border-color: {env["line"]}; border-style: solid">'
    )
    return parser


def _code(content: str, info: str, dark: bool, env: dict[str, Any]) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter

    lexer = _lexer(info.split()[0] if info.strip() else "")
    formatter = HtmlFormatter(
        nowrap=True, noclasses=True, style=DARK_STYLE if dark else LIGHT_STYLE, nobackground=True
    )
    coloured = highlight(content, lexer, formatter).rstrip("\n")
    return (
        f'<table width="100%" cellspacing="0" cellpadding="6" bgcolor="{env["ground"]}"><tr><td>'
        f'<pre style="white-space: pre-wrap">{coloured}</pre></td></tr></table>'
    )


@functools.cache
def _lexer(name: str) -> Any:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(name or "text", stripnl=False)
    except ClassNotFound:
        return get_lexer_by_name("text", stripnl=False)


def _inline_code(tokens: Sequence[Token], at: int, options: Any, env: dict[str, Any]) -> str:
    shown = html.escape(tokens[at].content)
    return f'<code style="background-color: {env["ground"]}">{shown}</code>'


def _image(tokens: Sequence[Token], at: int, options: Any, env: dict[str, Any]) -> str:
    """A picture is never loaded: its words and its address are shown instead."""
    token = tokens[at]
    return f"[{html.escape(token.content)}] ({html.escape(str(token.attrs.get('src', '')))})"
