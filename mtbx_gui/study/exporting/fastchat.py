"""Exports a study in FastChat / MT-Bench-X layout; what was imported comes back line for line, with edits."""

import errno
import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mtbx_gui.study.errors import DiskFullError, StudyError
from mtbx_gui.study.exporting.made_here import made_here
from mtbx_gui.study.ids import bare_id, id_order, language_of_id, like
from mtbx_gui.study.records import FieldKind, FieldText
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import changed_here, edited_items, fields

MARKER = "mtbx-export.json"
"""Says that a folder is an earlier export, which may be written over."""


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What an export wrote: files with the number of records in each, paths relative to `folder`."""

    folder: Path
    files: dict[str, int] = field(default_factory=dict)

    @property
    def records(self) -> int:
        """The records written in all."""
        return sum(self.files.values())


def export_fastchat(study: Study, folder: str | Path) -> ExportSummary:
    """Write every record of the study below `folder` and say what was written.

    Imported files keep their relative paths, order, unknown keys and id types; a line nobody changed comes
    back as it was read. What was made here follows MT-Bench-X's layout. Raises StudyError when `folder`
    holds anything but an earlier export.
    """
    target = Path(folder).expanduser()
    if target.is_file() or (target.is_dir() and any(target.iterdir()) and not (target / MARKER).is_file()):
        raise StudyError(f"{target} is not empty.", "Choose a new folder; nothing there is written over.")
    lines: dict[str, list[str]] = defaultdict(list)
    texts = _Texts(study)
    for file in study.connection.execute("SELECT * FROM file ORDER BY id").fetchall():
        lines[file["path"]] += _file_lines(study, file, texts)
    for path, line in made_here(study):
        lines[path].append(line)
    written = {path: len(found) for path, found in sorted(lines.items())}
    try:
        _remove_earlier(target, written)
        for path, found in lines.items():
            _write(target / path, "".join(line + "\n" for line in found))
        _write(
            target / MARKER, json.dumps({"study": study.name, "files": written}, ensure_ascii=False) + "\n"
        )
    except OSError as error:
        kind = DiskFullError if error.errno == errno.ENOSPC else StudyError
        raise kind(
            f"{error.filename or target} could not be written: {error.strerror}.",
            "Choose a folder you may write to, with free space, and export again.",
        ) from error
    return ExportSummary(target, written)


class _Texts:
    """The texts in effect, by what a record says about itself."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self._fields: dict[tuple[str, FieldKind, str, str], dict[int, FieldText]] = defaultdict(dict)
        for text in fields(study):
            self._fields[(text.language, text.kind, text.question_id, text.name)][text.position] = text
        self._changed_here = changed_here(study)

    def update(
        self, old: Sequence[str], language: str, kind: FieldKind, question_id: str, name: str = ""
    ) -> list[str]:
        """The list `old` with what was changed in this study; texts beyond it only where a person wrote them.

        A text that came from a file stays what that file says, even where another file contradicts it.
        """
        found = self._fields.get((language, kind, question_id, name), {})
        texts = {index: text for index, text in found.items() if text.field_id in self._changed_here}
        new = [texts[i].effective if i in texts else text for i, text in enumerate(old)]
        for index in sorted(position for position in texts if position >= len(old)):
            if texts[index].edit:
                new.append(texts[index].effective)
        while new and not new[-1] and (len(new) > len(old) or old[len(new) - 1]) and kind == "reference":
            new.pop()
        return new


def _file_lines(study: Study, file: sqlite3.Row, texts: _Texts) -> Iterator[str]:
    rows = study.connection.execute(
        "SELECT position, identity, raw FROM record WHERE file_id = ? ORDER BY id", (file["id"],)
    ).fetchall()
    layout, language = file["layout"], file["language"]
    if layout not in ("single_judgment", "pair_judgment"):
        newest = {(row["identity"], _id_language(row["raw"])): row for row in rows}
        rows = list(newest.values())
    rows.sort(key=lambda row: row["position"])
    if layout == "corrections":
        yield from _corrections(study, language, [row["raw"] for row in rows])
        return
    for row in rows:
        change = _CHANGES.get(layout)
        yield row["raw"] if change is None else _changed(row["raw"], change, language, texts, file["path"])


def _id_language(raw: str) -> str | None:
    record = json.loads(raw)
    return language_of_id(record.get("question_id", record.get("index", "")))


def _changed(raw: str, change: Any, language: str, texts: _Texts, path: str) -> str:
    record = json.loads(raw)
    own_language = _id_language(raw) or language
    before = json.dumps(record)
    change(record, own_language, texts, Path(path).stem)
    return raw if json.dumps(record) == before else json.dumps(record, ensure_ascii=False)


def _change_question(record: dict[str, Any], language: str, texts: _Texts, stem: str) -> None:
    question_id = bare_id(record.get("question_id", record.get("index", "")))
    record["turns"] = texts.update(record["turns"], language, "turn", question_id)
    given = record.get("reference")
    old = [given] if isinstance(given, str) else list(given or [])
    new = texts.update(old, language, "reference", question_id)
    if new != old:
        record["reference"] = new[0] if isinstance(given, str) and len(new) == 1 else new


def _change_reference(record: dict[str, Any], language: str, texts: _Texts, stem: str) -> None:
    question_id = bare_id(record.get("question_id", record.get("index", "")))
    turns = record["choices"][0]["turns"]
    record["choices"][0]["turns"] = texts.update(turns, language, "judge_reference", question_id, stem)


def _change_prompt(record: dict[str, Any], language: str, texts: _Texts, stem: str) -> None:
    old = [record["system_prompt"], record["prompt_template"]]
    new = texts.update(old, language, "judge_prompt", "", f"{stem}/{record['name']}")
    record["system_prompt"], record["prompt_template"] = new


_CHANGES = {
    "question": _change_question,
    "reference_answer": _change_reference,
    "judge_prompts": _change_prompt,
}


def _corrections(study: Study, language: str, raws: list[str]) -> Iterator[str]:
    """The ids edited now: the imported lines that still hold, and one in the same form for each new edit.

    A line stays as well where there is no machine translation to compare with.
    """
    edited = edited_items(study, language)
    comparable = {
        str(row[0])
        for row in study.connection.execute(
            "SELECT DISTINCT question_id FROM field f WHERE language = ? AND kind IN ('turn', 'reference')"
            " AND (SELECT COUNT(DISTINCT origin) FROM text t WHERE t.field_id = f.id) > 1",
            (language,),
        )
    }
    imported = [(_id_of(raw), raw) for raw in raws]
    listed = [(found, raw) for found, raw in imported if found in edited or found not in comparable]
    missing = [found for found in edited if found not in {one for one, _ in listed}]
    if missing:
        sample = json.loads(raws[0]).get("question_id") if raws else None
        style = f"0_{language.upper()}" if sample is None else sample
        rows = study.connection.execute(
            "SELECT question_id, category FROM item WHERE language = ?", (language,)
        )
        categories = {row[0]: row[1] for row in rows}
        for found in missing:
            head = {"question_id": like(style, found, language), "category": categories[found]}
            listed.append((found, json.dumps(head, ensure_ascii=False)))
        if imported == sorted(imported, key=lambda one: id_order(one[0])):
            listed.sort(key=lambda one: id_order(one[0]))
    yield from (raw for _, raw in listed)


def _id_of(raw: str) -> str:
    record = json.loads(raw)
    return bare_id(record.get("question_id", record.get("index", "")))


def _remove_earlier(target: Path, written: dict[str, int]) -> None:
    """Remove what the earlier export in `target` wrote and this one does not; nothing else is touched."""
    try:
        before = json.loads((target / MARKER).read_text(encoding="utf-8"))["files"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return
    for path in before:
        if path not in written and (target / path).resolve().is_relative_to(target.resolve()):
            (target / path).unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    with partial.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
