"""Makes a judge's text plain before any pattern looks at it: widths, spaces, markdown, thinking, fractions.

It keeps the number of lines, so that a place found in the plain text is a line of the original.
It must not decide anything.
"""

import re
import unicodedata

_THINKING = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.IGNORECASE | re.DOTALL)
_OPEN_THINKING = re.compile(r"\A\s*<(?:think|thinking|reasoning)>.*\Z", re.IGNORECASE | re.DOTALL)
_THINKING_END = re.compile(r"\A.*</(?:think|thinking|reasoning)>", re.IGNORECASE | re.DOTALL)
_HTML = re.compile(r"</?(?:b|strong|i|em|u|code|span|p|div|mark)(?:\s[^<>]*)?>|<br\s*/?>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\+(?=[\[\](){}<>*_`~#.!:;\"'|/+-])")
_MARKUP = re.compile(r"(?<!\w)[*_`~]+|[*_`~]+(?!\w)")
_FRACTIONS = "".join(chr(code) for code in (0xBC, 0xBD, 0xBE, *range(0x2150, 0x215F), 0x2189))
_MIXED = re.compile(rf"(?<![\d.,])(\d+)[ \u00a0\u2009\u202f]?([{_FRACTIONS}])(?!\d)")
_FRACTION = re.compile(f"[{_FRACTIONS}]")
_SPACES = re.compile(r"[^\S\n]+")
_KEYCAP = re.compile(r"[\ufe00-\ufe0f\u20e3]")


def plain_lines(text: str) -> list[str]:
    """The text's lines as `str.splitlines` cuts them, each made plain. Never raises."""
    thoughtless = _strip_thinking(text)
    return [_plain(line) for line in thoughtless.splitlines()]


def _strip_thinking(text: str) -> str:
    """Take out what a reasoning model thought; its line breaks stay."""
    text = _THINKING.sub(_line_breaks, text)
    text = _OPEN_THINKING.sub(_line_breaks, text)
    if not re.search(r"<(?:think|thinking|reasoning)>", text, re.IGNORECASE):
        text = _THINKING_END.sub(_line_breaks, text)
    return text


def _line_breaks(match: re.Match[str]) -> str:
    lines = match.group().splitlines(keepends=True)
    breaks = [line[len(line.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")) :] for line in lines]
    return "".join(ending if ending == "\r\n" else ending[:1] for ending in breaks)


def _plain(line: str) -> str:
    line = _MIXED.sub(lambda m: repr(float(m[1]) + unicodedata.numeric(m[2])), line)
    line = _FRACTION.sub(lambda m: repr(unicodedata.numeric(m[0])), line)
    line = "".join(_keep(char) for char in line)
    line = unicodedata.normalize("NFKC", line)
    line = _ESCAPE.sub("", line)
    line = _HTML.sub("", line)
    line = _MARKUP.sub("", _KEYCAP.sub("", line))
    return _SPACES.sub(" ", line).strip()


def _keep(char: str) -> str:
    """Drop what can't be seen; keep raised and lowered digits from becoming digits of the number."""
    if char.isascii():
        return char
    if unicodedata.category(char) == "Cf":
        return ""
    if char.isdigit() and unicodedata.decomposition(char).startswith(("<super>", "<sub>")):
        return "^"
    return char
