"""Reads JSON lines as people deliver them: a bad line is named and left out, the others are taken."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Something left out or doubtful. `line` counts from 1 (0: the whole file); `field` may be ''."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}, field {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Line:
    """One readable record: its line number (from 1), the text as it stood, and what it says."""

    number: int
    raw: str
    data: dict[str, Any]


@dataclass(slots=True)
class LinesRead:
    """What a file holds: readable lines in order, and what could not be read."""

    path: Path
    shown: str
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, field_name: str, message: str) -> None:
        """Note a line that is left out."""
        self.problems.append(Problem(self.shown, line, field_name, message))


def read_json_lines(path: Path, shown: str) -> LinesRead:
    """Read a JSONL file; blank lines are fine, a byte order mark is dropped.

    `shown` is the path as messages name it. Broken JSON, other encodings than UTF-8 and lines that are no
    objects become problems.
    """
    read = LinesRead(path, shown)
    try:
        content = path.read_bytes()
    except OSError as error:
        read.problem(0, "", f"can't be read ({error.strerror}). Check the file's permissions.")
        return read
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        read.problem(0, "", "is UTF-16. Save it as UTF-8 and import it again.")
        return read
    for number, encoded in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not encoded.strip():
            continue
        try:
            raw = encoded.rstrip(b"\r").decode("utf-8")
        except UnicodeDecodeError as error:
            byte = encoded[error.start]
            read.problem(number, "", f"is not UTF-8 (byte 0x{byte:02x} at column {error.start + 1}).")
            continue
        try:
            data = json.loads(raw)
        except json.JSONDecodeError as error:
            start = raw[:24] + ("…" if len(raw) > 24 else "")
            read.problem(number, "", f"is not valid JSON ({error.msg} at column {error.colno}): {start!r}.")
            continue
        except (ValueError, RecursionError):
            read.problem(number, "", "holds a number too long or lists nested too deep to be read.")
            continue
        if not isinstance(data, dict):
            read.problem(number, "", f"holds a {type(data).__name__}, not an object with keys.")
        elif half := _half_character(raw, data):
            read.problem(number, half, "holds half a character (a lone surrogate such as \\ud83d).")
        else:
            read.lines.append(Line(number, raw, data))
    return read


def _half_character(raw: str, data: dict[str, Any]) -> str:
    """The key whose value no file can store as UTF-8; '' where every one can."""
    if "\\ud" not in raw and "\\uD" not in raw:
        return ""
    for key, value in data.items():
        try:
            json.dumps([key, value], ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            return key.encode("utf-8", "replace").decode("utf-8")
    return ""


def text_list(line: Line, key: str, read: LinesRead, required: bool = True) -> tuple[str, ...] | None:
    """The list of texts under `key`; a problem and None when it is something else.

    A missing, null or empty list is () where it is not required.
    """
    value = line.data.get(key)
    if value is None or value == []:
        if not required:
            return ()
        read.problem(line.number, key, "is missing or empty.")
        return None
    if isinstance(value, str) and not required:
        return (value,)
    if not isinstance(value, Sequence) or isinstance(value, str):
        read.problem(line.number, key, f"must be a list of texts, not a {type(value).__name__}.")
        return None
    for index, text in enumerate(value):
        if not isinstance(text, str):
            kind = type(text).__name__
            read.problem(line.number, f"{key}[{index}]", f"must be a text, not a {kind}.")
            return None
    return tuple(value)
