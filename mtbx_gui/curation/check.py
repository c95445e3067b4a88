"""Checking whole files and studies: the work behind `mtbx check`. Reads texts, writes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from mtbx_gui.curation.flags import Case, Flag, case_of, flags
from mtbx_gui.curation.rules import RuleSet
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.study.records import FieldKind, FieldText
from mtbx_gui.study.settings import languages as study_languages
from mtbx_gui.study.settings import source_language
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import fields


class CheckError(MtbxError):
    """A file to be checked can't be read at all."""


class CheckRecord(BaseModel):
    """One line to check: a text and its translation. Other keys are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str | int
    lang: str
    kind: FieldKind = "turn"
    source: str
    target: str | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was found in one record, or in one field of a study (then `field` is set)."""

    id: str | int
    flags: tuple[Flag, ...]
    field: FieldText | None = None

    def as_record(self) -> dict[str, Any]:
        """The output line: offsets in code points, no spans = the whole text."""
        return {
            "id": self.id,
            "flags": [
                {
                    "rule": flag.rule_id,
                    "severity": flag.severity,
                    "side": flag.side,
                    "spans": [list(span) for span in flag.spans],
                    "message": flag.message,
                }
                for flag in self.flags
            ],
        }


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A line that could not be checked."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def check_file(path: Path, rules: RuleSet | None = None) -> tuple[list[CheckResult], list[BadRecord]]:
    """The flags of every record of a JSON-lines file, and the lines that are none. Raises CheckError."""
    records, bad = read_records(path)
    return check_records(records, rules), bad


def read_records(path: Path) -> tuple[list[CheckRecord], list[BadRecord]]:
    """The records of a JSON-lines file and the lines that are none; blank lines are passed over.

    Raises CheckError when the file can't be read or isn't UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CheckError(
            f"{path} is not UTF-8 (byte {error.start}).", "Save it as UTF-8 and try again."
        ) from error
    except OSError as error:
        raise CheckError(f"{path} can't be read: {error.strerror}.", "Check the path.") from error
    records: list[CheckRecord] = []
    bad: list[BadRecord] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            records.append(CheckRecord.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            what = f"the field {place}: {first['msg']}" if place else first["msg"]
            bad.append(BadRecord(number, f"{path}, line {number}: {what}."))
    return records, bad


def check_records(records: Iterable[CheckRecord], rules: RuleSet | None = None) -> list[CheckResult]:
    """The flags of every record, in order."""
    return [
        CheckResult(
            record.id,
            tuple(flags(Case(record.lang.lower(), record.kind, record.source, record.target), rules)),
        )
        for record in records
    ]


def check_study(
    study: Study, languages: Sequence[str] | None = None, rules: RuleSet | None = None
) -> list[CheckResult]:
    """The flags of the texts in effect in the given languages (all but the source language by default)."""
    source = source_language(study)
    wanted = [code for code in languages or study_languages(study) if code != source]
    return check_fields(fields(study, wanted), source, rules) if wanted else []


def check_fields(found: Sequence[FieldText], source: str, rules: RuleSet | None = None) -> list[CheckResult]:
    """The flags of fields; those of one item in one language lend each other confidence."""
    siblings = item_texts(found)
    return [
        CheckResult(
            field_id(field),
            tuple(flags(case_of(field, source, siblings=siblings_of(field, siblings)), rules)),
            field,
        )
        for field in found
    ]


def field_id(field: FieldText) -> str:
    """How a study's field is called in results: "121_IT turn 1", "IT judge_prompts/pair-v2 template"."""
    language = field.language.upper()
    name = f" ({field.name})" if field.kind == "judge_reference" and field.name else ""
    return (
        f"{field.question_id}_{language} {field.place}{name}"
        if field.question_id
        else f"{language} {field.place}"
    )


def item_texts(found: Iterable[FieldText]) -> dict[tuple[str, str], dict[int, str]]:
    """(language, question id) -> field id -> text in effect; judge prompts belong to no item."""
    items: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for field in found:
        if field.question_id and (field.machine is not None or field.edit is not None):
            items[field.language, field.question_id][field.field_id] = field.effective
    return items


def siblings_of(field: FieldText, items: dict[tuple[str, str], dict[int, str]]) -> tuple[str, ...]:
    """The other texts of the field's item in its language."""
    texts = items.get((field.language, field.question_id), {})
    return tuple(text for field_id, text in texts.items() if field_id != field.field_id)
