"""Program code taken apart: words, operators, strings and comments with their offsets (by Pygments).

It only reads. What may be translated inside code (comments, docstrings) is told here and nowhere else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from mtbx_gui.curation.codelines import guess_language, looks_like_code

TokenKind = Literal["word", "number", "operator", "string", "comment", "text"]

_ALIASES = {
    "py": "python",
    "python3": "python",
    "c++": "cpp",
    "js": "javascript",
    "sh": "bash",
    "shell": "bash",
}
_PARTS = re.compile(r"(?P<word>[^\W\d]\w*)|(?P<number>\d[\w.]*)|(?P<operator>[^\w\s])")
_COMMENT_TEXT = re.compile(
    r"(?P<mark>^\s*(?:#+!?|//+!?|/\*+|\*(?!/)|--|<!--|;+|%+|\"\"\"|'''|REM\b)?[ \t]*)(?P<text>.*?)"
    r"[ \t]*(?:\*+/|-->|\"\"\"|''')?\s*$"
)
_DIRECTIVE = re.compile(
    r"^(?:!|/(?:usr|bin)|-\*-|type:|noqa|pylint|pragma|eslint|TODO\s*$|coding[:=]|region\b|endregion\b)"
)
_KEY = re.compile(r'"[a-z_$@][\w$.-]*"')
_LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class CodeToken:
    """One token; offsets are code points in the code it came from."""

    kind: TokenKind
    text: str
    start: int
    end: int


def language_of(body: str, hint: str = "") -> str:
    """The Pygments name for a fence's info word, or a guess from the code itself."""
    name = _ALIASES.get(hint.lower(), hint.lower())
    if name and name not in ("text", "txt", "plain", "plaintext", "code", "output"):
        return name if _lexer(name) is not None else guess_language(body)
    return guess_language(body)


@lru_cache(maxsize=1024)
def tokens(body: str, language: str) -> tuple[CodeToken, ...]:
    """The tokens of `body`; white space is left out. An unknown language has neither comments nor strings."""
    found: list[CodeToken] = []
    for start, kind, text in _stretches(body, language):
        if kind != "code":
            found.append(CodeToken(kind, text, start, start + len(text)))
            continue
        for match in _PARTS.finditer(text):
            part: Any = match.lastgroup
            found.append(CodeToken(part, match[0], start + match.start(), start + match.end()))
    return tuple(found)


@lru_cache(maxsize=1024)
def comment_texts(body: str, language: str) -> tuple[tuple[int, int], ...]:
    """Spans of the prose in comments and docstrings, line by line, without marks and commented-out code."""
    spans: list[tuple[int, int]] = []
    for start, kind, text in _stretches(body, language):
        if kind != "comment":
            continue
        place = start
        for line in text.split("\n"):
            match = _COMMENT_TEXT.match(line)
            if match and _LETTERS.search(match["text"]) and not _DIRECTIVE.match(match["text"]):
                said = match["text"]
                if not looks_like_code(said):
                    spans.append((place + match.start("text"), place + match.start("text") + len(said)))
            place += len(line) + 1
    return tuple(spans)


def words(body: str, language: str) -> frozenset[str]:
    """The words of the code outside comments and strings."""
    return frozenset(token.text for token in tokens(body, language) if token.kind == "word")


@lru_cache(maxsize=1024)
def fixed_words(body: str, language: str) -> frozenset[str]:
    """Words that can't be renamed: keywords, built-ins, imported names, attributes, keyword arguments."""
    found: set[str] = set()
    lexer = _lexer(language)
    if lexer is not None:
        from pygments.token import Keyword, Name, Operator

        given = (
            Keyword,
            Operator.Word,
            Name.Builtin,
            Name.Namespace,
            Name.Exception,
            Name.Decorator,
            Name.Tag,
        )
        for _, kind, text in lexer.get_tokens_unprocessed(body):
            if any(kind in fixed for fixed in given):
                found.update(match["word"] for match in _words_of(text))
    found.update(match[1] for match in re.finditer(r"(?:\.|->|::)\s*([^\W\d]\w*)", body))
    for line in body.split("\n"):
        if re.match(r"\s*(?:from\b.*\bimport|import)\b", line):
            found.update(match["word"] for match in _words_of(line))
        elif not re.match(r"\s*(?:async\s+)?(?:def|lambda|function)\b", line):
            found.update(match[1] for match in re.finditer(r"[(,]\s*([^\W\d]\w*)\s*=(?!=)", line))
    return frozenset(found)


def _words_of(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _PARTS.finditer(text) if match.lastgroup == "word")


@lru_cache(maxsize=64)
def _lexer(name: str) -> Any:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _stretches(
    body: str, language: str
) -> Iterator[tuple[int, Literal["code", "string", "comment", "text"], str]]:
    """Neighbouring lexer tokens of the same role joined: (offset, role, text)."""
    lexer = _lexer(language) if language and language != "text" else None
    if lexer is None:
        yield 0, "code", body
        return
    last: tuple[int, Literal["code", "string", "comment", "text"], str] | None = None
    for start, kind, text in lexer.get_tokens_unprocessed(body):
        role = _role(kind, text)
        if last is not None and last[1] == role and last[0] + len(last[2]) == start:
            last = (last[0], role, last[2] + text)
            continue
        if last is not None:
            yield last
        last = (start, role, text)
    if last is not None:
        yield last


def _role(kind: Any, text: str) -> Literal["code", "string", "comment", "text"]:
    from pygments.token import Comment, Name, String, Text, Token

    if kind in Comment and kind not in Comment.Preproc and kind not in Comment.PreprocFile:
        return "comment"
    if kind in String.Doc:
        return "comment"
    if kind is Name.Tag and text.startswith('"') and not _KEY.fullmatch(text):
        return "string"
    if kind in String and kind not in String.Interpol and kind not in String.Affix:
        return "string"
    if kind in Text and kind is not Token.Text.Whitespace and _LETTERS.search(text):
        return "text"
    return "code"
