"""Reads the texts of the demo study in resources/demo: instructions, planted defects, the raw translations.

It only reads; importing the questions and answers into a study is the study's own import.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from mtbx_gui.assets import resources
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.rundir.jsonl import read_lines

T = TypeVar("T")

LANGUAGES = ("en", "de", "fr", "it", "es")
TARGET_LANGUAGES = LANGUAGES[1:]
ASSISTANTS = ("assistant-north", "assistant-south")
REFERENCE_SET = "demo-reference"
KEPT_BY_PROTECTION = frozenset(
    {
        "tgt.placeholder",
        "tgt.code_token_changed",
        "tgt.code_identifier_renamed",
        "tgt.code_layout",
        "tgt.fence_mismatch",
    }
)
_REPAIR = "Install the package again from its wheel."
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_COMMENT = re.compile(r"^[ \t]*#[ \t]*(\S.*)$", re.MULTILINE)


class BrokenDemo(MtbxError):
    """A file of the demo study is missing or lacks a field; the installation is damaged."""


@dataclass(frozen=True)
class Message:
    """One utterance. `role` is "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True)
class Conversation:
    """A training conversation in one language; the same `id` in five languages says the same thing."""

    id: str
    language: str
    messages: tuple[Message, ...]

    @property
    def turns(self) -> int:
        """How many times the user speaks."""
        return sum(message.role == "user" for message in self.messages)


@dataclass(frozen=True)
class Defect:
    """A defect planted in a raw translation. `field` is "turn 1", "reference 2" or "judge reference 1".

    `raw` stands in the raw field, `fixed` in its place in the curated one. Judge references were never
    curated, so their defects are still open.
    """

    question_id: str
    field: str
    rule_id: str
    raw: str
    fixed: str

    @property
    def language(self) -> str:
        """The language of the defective item, such as "de"."""
        return self.question_id.rpartition("_")[2].lower()

    @property
    def is_open(self) -> bool:
        """Whether the demo study still holds the defect after its corrections."""
        return self.field.startswith("judge reference")


def demo_folder() -> Path:
    """The folder resources/demo. Raises BrokenDemo when it is missing."""
    folder = resources() / "demo"
    if not folder.is_dir():
        raise BrokenDemo(f"The demo study is missing at {folder}.", _REPAIR)
    return folder


def benchmark_folder(language: str) -> Path:
    """The FastChat-style folder of one language, such as data/mt_bench_DE for "de"."""
    return demo_folder() / "data" / f"mt_bench_{language.upper()}"


def instructions(languages: Collection[str] | None = None) -> list[Conversation]:
    """The parallel training conversations in file order, of the named languages or all five.

    Raises BrokenDemo when the file is missing or a record lacks a field.
    """
    path = demo_folder() / "instructions.jsonl"
    conversations: list[Conversation] = []
    for number, record in _records(path):
        language = _field(path, number, record, "language", str)
        if languages is not None and language not in languages:
            continue
        messages = _field(path, number, record, "messages", list)
        conversations.append(
            Conversation(
                id=_field(path, number, record, "id", str),
                language=language,
                messages=tuple(
                    Message(_field(path, number, m, "role", str), _field(path, number, m, "content", str))
                    for m in messages
                ),
            )
        )
    return conversations


def defects() -> list[Defect]:
    """The planted defects, by language and question. Raises BrokenDemo."""
    path = demo_folder() / "defects.jsonl"
    names = ("question_id", "field", "defect", "raw", "fixed")
    return [
        Defect(*(_field(path, number, record, name, str) for name in names))
        for number, record in _records(path)
    ]


def translation_table() -> dict[tuple[str, str], str]:
    """(target language, English text) -> raw machine translation, for "de", "fr", "it" and "es".

    Holds each turn, reference and judge reference whole; also their paragraphs (cut at blank lines) and code
    comments where both sides have equally many. A whole field wins over a paragraph. Raises BrokenDemo.
    """
    whole: dict[tuple[str, str], str] = {}
    pieces: dict[tuple[str, str], str] = {}
    for language, _, source, raw in _pairs():
        whole[language, source] = raw
        for part, translation in _pieces(source, raw):
            pieces.setdefault((language, part), translation)
    return pieces | whole


def protected_table() -> dict[tuple[str, str], str]:
    """The raw translation of texts as if code and placeholders had been kept from the translator.

    Holds only the fields in which such a passage was damaged; their other defects stay. Raises BrokenDemo.
    """
    listed = [defect for defect in defects() if defect.rule_id in KEPT_BY_PROTECTION]
    table: dict[tuple[str, str], str] = {}
    for language, place, source, raw in _pairs():
        for defect in listed:
            if (defect.language, defect.question_id.partition("_")[0], defect.field) == (language, *place):
                table[language, source] = table.get((language, source), raw).replace(defect.raw, defect.fixed)
    return table


def _pairs() -> Iterator[tuple[str, tuple[str, str], str, str]]:
    """(target language, (question number, field), English text, raw translation) of every field."""
    english = _fields(benchmark_folder("en") / "question.jsonl") | _judge_references("en")
    for language in TARGET_LANGUAGES:
        raw = _fields(benchmark_folder(language) / "question_original.jsonl") | _judge_references(language)
        for place, source in english.items():
            if place not in raw:
                raise BrokenDemo(
                    f"The raw {language.upper()} translation of question {place[0]} lacks its {place[1]}.",
                    _REPAIR,
                )
            yield language, place, source, raw[place]


def _pieces(source: str, translation: str) -> Iterator[tuple[str, str]]:
    for cut in (_BLANK_LINES.split, _COMMENT.findall):
        ours, theirs = cut(source), cut(translation)
        if len(ours) == len(theirs):
            yield from zip(ours, theirs, strict=True)


def _fields(path: Path) -> dict[tuple[str, str], str]:
    """(question number, field) -> text, for the turns and references of one question file."""
    found: dict[tuple[str, str], str] = {}
    for number, record in _records(path):
        question = _field(path, number, record, "question_id", str).partition("_")[0]
        texts = {
            "turn": _field(path, number, record, "turns", list),
            "reference": record.get("reference") or [],
        }
        for name, values in texts.items():
            found |= {(question, f"{name} {place}"): text for place, text in enumerate(values, 1)}
    return found


def _judge_references(language: str) -> dict[tuple[str, str], str]:
    path = benchmark_folder(language) / "reference_answer" / f"{REFERENCE_SET}.jsonl"
    found: dict[tuple[str, str], str] = {}
    for number, record in _records(path):
        question = _field(path, number, record, "question_id", str).partition("_")[0]
        turns = _field(path, number, record, "choices", list)[0]["turns"]
        found |= {(question, f"judge reference {place}"): text for place, text in enumerate(turns, 1)}
    return found


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if not path.is_file():
        raise BrokenDemo(f"The demo study lacks {path}.", _REPAIR)
    yield from enumerate(read_lines(path), 1)


def _field(path: Path, number: int, record: dict[str, Any], name: str, kind: type[T]) -> T:
    value = record.get(name)
    if not isinstance(value, kind):
        raise BrokenDemo(
            f"{path}, line {number}: the field {name} is missing or not a {kind.__name__}.",
            _REPAIR,
        )
    return value
