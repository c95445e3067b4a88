"""Imports questions, corrections, reference answers and judge prompts."""

import json
from collections import Counter
from typing import Any

from mtbx_gui.study.ids import bare_id, language_of_id
from mtbx_gui.study.importing.batch import FileBatch
from mtbx_gui.study.importing.lines import Line, LinesRead, text_list
from mtbx_gui.study.study import stamp


def question_id_of(line: Line, read: LinesRead) -> str | None:
    """The bare id of a record (`question_id`, or FastChat's older `index`); a problem when there is none."""
    value: Any = line.data.get("question_id", line.data.get("index"))
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).strip():
        read.problem(line.number, "question_id", "is missing.")
        return None
    return bare_id(value)


def language_of(line: Line, file: FileBatch) -> str:
    """The language of a record: the one asked for, else what its id says, else the file's."""
    value = line.data.get("question_id", line.data.get("index", ""))
    return file.batch.language or language_of_id(value) or file.language


def import_questions(read: LinesRead, file: FileBatch) -> None:
    """question.jsonl and question_original.jsonl: one item a line, its turns and shown references."""
    counts = Counter(len(turns) for line in read.lines if isinstance(turns := line.data.get("turns"), list))
    usual = counts.most_common(1)[0][0] if counts else 2
    seen: dict[tuple[str, str], int] = {}
    for position, line in enumerate(read.lines):
        question_id = question_id_of(line, read)
        turns = text_list(line, "turns", read) if question_id is not None else None
        references = text_list(line, "reference", read, required=False)
        if question_id is None or turns is None or references is None:
            continue
        place = (question_id, language_of(line, file))
        if place in seen:
            read.problem(line.number, "question_id", f"{question_id} stands in line {seen[place]} already.")
            continue
        if len(turns) < usual:
            read.problem(line.number, "turns", f"turn {len(turns) + 1} is missing ({len(turns)} of {usual}).")
            continue
        empty = next((number for number, turn in enumerate(turns) if not turn.strip()), None)
        if empty is not None:
            read.problem(line.number, f"turns[{empty}]", f"turn {empty + 1} is empty.")
            continue
        seen[place] = line.number
        _take_question(line, read, file, question_id, position, turns, references)


def _take_question(
    line: Line,
    read: LinesRead,
    file: FileBatch,
    question_id: str,
    position: int,
    turns: tuple[str, ...],
    references: tuple[str, ...],
) -> None:
    record = file.record(line, question_id, position)
    if record is None:
        return
    language = language_of(line, file)
    cursor = file.batch.db.execute(
        "INSERT OR IGNORE INTO item (question_id, language, category, position, record_id, author, at, app)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            question_id,
            language,
            str(line.data.get("category") or "general"),
            position,
            record,
            *stamp(file.batch.author),
        ),
    )
    file.batch.summary.new["items"] += cursor.rowcount
    for index, text in enumerate(turns):
        file.text(line, read, "turn", question_id, "", index, text, f"turns[{index}]", language)
    for index, text in enumerate(references):
        file.text(line, read, "reference", question_id, "", index, text, f"reference[{index}]", language)
    if language == file.batch.source_language:
        return
    if file.layout == "question":
        for index in _machine_references(file, question_id, language)[len(references) :]:
            file.dropped_reference(question_id, language, index)
    else:
        kept = _curated_references(file, question_id, language)
        for index in range(len(references) if kept is None else kept, len(references)):
            file.dropped_reference(question_id, language, index)


def _curated_references(file: FileBatch, question_id: str, language: str) -> int | None:
    """How many references the curated record of an item has; None where none was imported before.

    CROSS JOIN begins with the few question files; beginning with the records would read every judgment.
    """
    rows = file.batch.db.execute(
        "SELECT r.raw, f.language FROM file f CROSS JOIN record r ON r.file_id = f.id"
        " WHERE f.layout = 'question' AND r.identity = ? ORDER BY r.id DESC",
        (question_id,),
    )
    for row in rows:
        data = json.loads(row["raw"])
        if (language_of_id(data.get("question_id", "")) or row["language"]) == language:
            given = data.get("reference")
            return len(given) if isinstance(given, list) else int(isinstance(given, str))
    return None


def _machine_references(file: FileBatch, question_id: str, language: str) -> list[int]:
    """The positions of the references the machine translation has; those the curators dropped become ''."""
    rows = file.batch.db.execute(
        "SELECT DISTINCT f.position FROM field f JOIN text t ON t.field_id = f.id AND t.role = 'machine'"
        " AND t.origin != ? WHERE f.kind = 'reference' AND f.question_id = ? AND f.language = ?"
        " ORDER BY f.position",
        (file.origin, question_id, language),
    )
    return [int(row[0]) for row in rows]


def import_corrections(read: LinesRead, file: FileBatch) -> None:
    """corrections.jsonl: kept as it is; which items were edited follows from the texts themselves."""
    for position, line in enumerate(read.lines):
        question_id = question_id_of(line, read)
        if question_id is not None:
            file.record(line, question_id, position)


def import_references(read: LinesRead, file: FileBatch) -> None:
    """reference_answer/NAME.jsonl: what the judge reads, as the reference set NAME."""
    name = read.path.stem
    seen: dict[tuple[str, str], int] = {}
    for position, line in enumerate(read.lines):
        question_id = question_id_of(line, read)
        turns = choice_turns(line, read) if question_id is not None else None
        if question_id is None or turns is None:
            continue
        place = (question_id, language_of(line, file))
        if place in seen:
            read.problem(line.number, "question_id", f"{question_id} stands in line {seen[place]} already.")
            continue
        seen[place] = line.number
        if file.record(line, question_id, position) is None:
            continue
        for index, text in enumerate(turns):
            key, language = f"choices[0].turns[{index}]", place[1]
            file.text(line, read, "judge_reference", question_id, name, index, text, key, language)
        file.batch.summary.new["judge references"] += 1


def choice_turns(line: Line, read: LinesRead) -> tuple[str, ...] | None:
    """The turns of an answer record's first choice; a problem and None where they are missing."""
    choices = line.data.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        read.problem(line.number, "choices", "holds no answer.")
        return None
    inner = Line(line.number, line.raw, choices[0])
    return text_list(inner, "turns", read)


def import_prompts(read: LinesRead, file: FileBatch) -> None:
    """judge_prompts.jsonl: the set is named after the file, the prompts by FastChat's names."""
    for position, line in enumerate(read.lines):
        name = line.data.get("name")
        missing = [key for key in ("name", "system_prompt", "prompt_template") if key not in line.data]
        if missing or not isinstance(name, str):
            read.problem(line.number, (missing or ["name"])[0], "is missing.")
            continue
        full_name = f"{read.path.stem}/{name}"
        if file.record(line, full_name, position) is None:
            continue
        for index, key in enumerate(("system_prompt", "prompt_template")):
            value = line.data[key]
            if not isinstance(value, str):
                read.problem(line.number, key, f"must be a text, not a {type(value).__name__}.")
                continue
            file.text(line, read, "judge_prompt", "", full_name, index, value, key)
        file.batch.summary.new["judge prompts"] += 1
