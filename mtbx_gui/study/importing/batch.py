"""One import under way: the file rows and records it writes, and what its summary will say."""

import json
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mtbx_gui.study.ids import bare_id, language_of_id
from mtbx_gui.study.importing.detect import Layout
from mtbx_gui.study.importing.lines import Line, LinesRead, Problem
from mtbx_gui.study.records import FieldKind
from mtbx_gui.study.study import Study, stamp
from mtbx_gui.study.texts import add_text, ensure_field


@dataclass(slots=True)
class ImportSummary:
    """What an import did. `problems` were left out; `warnings` were taken in but deserve a look."""

    files: int = 0
    records: int = 0
    unchanged: int = 0
    new: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    unknown_files: list[str] = field(default_factory=list)
    unknown_paths: list[Path] = field(default_factory=list)
    edited: dict[str, int] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether anything was written to the study."""
        return self.records > self.unchanged


JUDGMENTS = ("single_judgment", "pair_judgment")
"""Layouts of which every line is kept and exported; of the others the newest line of an identity."""


class Batch:
    """An import inside one transaction. `language` overrides what records say about theirs."""

    def __init__(
        self,
        study: Study,
        db: sqlite3.Connection,
        author: str,
        source_language: str,
        language: str | None = None,
    ) -> None:
        self.study, self.db, self.author = study, db, author
        self.source_language, self.language = source_language, language
        self.summary = ImportSummary()
        self._used: set[int] = set()

    def file(self, read: LinesRead, layout: Layout, root_name: str) -> "FileBatch":
        """The file row for what was read, under another path where a different file has this one already."""
        file_id, path = self._row(read, layout, root_name)
        self._used.add(file_id)
        self.summary.files += 1
        known: dict[tuple[str, str | None], list[tuple[str, int]]] = defaultdict(list)
        for row in self.db.execute(
            "SELECT identity, raw, position FROM record WHERE file_id = ? ORDER BY id", (file_id,)
        ):
            language = None if layout.layout in JUDGMENTS else language_of_line(json.loads(row[1]))
            known[(row[0], language)].append((row[1], row[2]))
        return FileBatch(self, file_id, path, layout.layout, layout.language, known)

    def _row(self, read: LinesRead, layout: Layout, root_name: str) -> tuple[int, str]:
        about = {subject(line.data) for line in read.lines}
        raws = {line.raw for line in read.lines}
        rows = self.db.execute(
            "SELECT id, path FROM file WHERE layout = ? AND language = ? ORDER BY id",
            (layout.layout, layout.language),
        ).fetchall()
        same_end = [row for row in rows if _same_end(row["path"], read.shown) and row["id"] not in self._used]
        for row in sorted(same_end, key=lambda row: row["path"] != read.shown):
            stored = [str(found[0]) for found in self._stored(row["id"])]
            if not raws.isdisjoint(stored):
                return int(row["id"]), str(row["path"])
            if row["path"] == read.shown and (
                not stored or not about or not about.isdisjoint(subject(json.loads(raw)) for raw in stored)
            ):
                return int(row["id"]), str(row["path"])
        path, number = read.shown, 1
        while self.db.execute("SELECT 1 FROM file WHERE path = ?", (path,)).fetchone():
            folder = root_name if number == 1 else f"{root_name}-{number}"
            path, number = f"{folder}/{read.shown}", number + 1
        cursor = self.db.execute(
            "INSERT INTO file (path, layout, language, author, at, app) VALUES (?, ?, ?, ?, ?, ?)",
            (path, layout.layout, layout.language, *stamp(self.author)),
        )
        return int(cursor.lastrowid or 0), path

    def _stored(self, file_id: int) -> list[sqlite3.Row]:
        return self.db.execute("SELECT raw FROM record WHERE file_id = ?", (file_id,)).fetchall()


def language_of_line(data: dict[str, Any]) -> str | None:
    """The language a record's id carries; a file may hold several."""
    value = data.get("question_id", data.get("index", ""))
    return language_of_id(value) if isinstance(value, int | str) else None


def subject(data: dict[str, Any]) -> tuple[str, ...]:
    """What a record is about, whatever its layout; enough to tell two files of one name apart."""
    question_id = data.get("question_id", data.get("index", ""))
    models = (str(data.get(key, "")) for key in ("model_id", "model", "model_1", "model_2", "name"))
    return (bare_id(question_id) if isinstance(question_id, int | str) else "", *models)


def _same_end(one: str, other: str) -> bool:
    """Whether two paths may be one file seen from two roots; a bare file name says too little."""
    shorter, longer = sorted((one, other), key=len)
    return one == other or ("/" in shorter and longer.endswith(f"/{shorter}"))


@dataclass(slots=True)
class FileBatch:
    """One file of an import: knows which lines are there already, unchanged."""

    batch: Batch
    file_id: int
    path: str
    layout: str
    language: str
    known: dict[tuple[str, str | None], list[tuple[str, int]]]

    @property
    def origin(self) -> str:
        """The origin every fact of this file carries."""
        return f"import:{self.path}"

    def record(self, line: Line, identity: str, position: int) -> int | None:
        """Keep the line as it stands; None when the same line was imported before.

        A known line that has moved since is kept once more at its new place, so that exports follow the file.
        """
        self.batch.summary.records += 1
        if self.layout in JUDGMENTS:
            known = self.known.get((identity, None), [])
            found = next((one for one in known if one[0] == line.raw), None)
        else:
            known = self.known.get((identity, language_of_line(line.data)), [])
            found = known[-1] if known and known[-1][0] == line.raw else None
        if found is not None:
            known.remove(found)
            self.batch.summary.unchanged += 1
            if found[1] == position or self.layout in JUDGMENTS:
                return None
        cursor = self.batch.db.execute(
            "INSERT INTO record (file_id, position, identity, raw, author, at, app)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (self.file_id, position, identity, line.raw, *stamp(self.batch.author)),
        )
        return int(cursor.lastrowid or 0) if found is None else None

    def text(
        self,
        line: Line,
        read: LinesRead,
        kind: FieldKind,
        question_id: str,
        name: str,
        position: int,
        text: str,
        key_name: str,
        language: str | None = None,
    ) -> None:
        """Take in one curatable text in the role it plays: source, machine translation, or a person's edit.

        A text that contradicts another file's is a problem and left out; the first import stays in effect.
        """
        db, code = self.batch.db, language or self.language
        field_id = ensure_field(db, code, kind, question_id, name, position)
        facts = self._facts(field_id)
        role = "source" if code == self.batch.source_language else "machine"
        if role == "machine" and self.layout == "question_original":
            machine = [fact for fact in facts if fact["role"] == "machine"]
            if machine and machine[-1]["text"] != text and self._is_curated(machine[-1]["origin"]):
                self._raw_after_curated(field_id, text, facts, machine[-1])
                return
            facts = machine
        elif role == "machine" and any(
            fact["role"] == "machine" and fact["origin"] != self.origin for fact in facts
        ):
            role = "edit"
        own = [fact["text"] for fact in facts if fact["origin"] == self.origin]
        if (facts and facts[-1]["text"] == text) or (own and own[-1] == text):
            return
        others = {fact["origin"] for fact in facts if fact["role"] == role} - {self.origin}
        if others:
            first = sorted(others)[0]
            place = first.removeprefix("import:") if first.startswith("import:") else "this study"
            read.problem(line.number, key_name, f"differs from the text already imported from {place}.")
            return
        add_text(db, field_id, role, text, self.origin, self.batch.author)
        self.batch.summary.new["texts"] += 1

    def dropped_reference(self, question_id: str, language: str, index: int) -> None:
        """Note that the curators dropped a reference the machine translation has: it becomes ''."""
        field_id = ensure_field(self.batch.db, language, "reference", question_id, "", index)
        if not any(fact["role"] == "edit" for fact in self._facts(field_id)):
            add_text(self.batch.db, field_id, "edit", "", self.origin, self.batch.author)

    def _facts(self, field_id: int) -> list[sqlite3.Row]:
        return self.batch.db.execute(
            "SELECT role, text, origin, author FROM text t WHERE field_id = ? AND NOT EXISTS"
            " (SELECT 1 FROM withdrawal w WHERE w.fact = 'text' AND w.fact_id = t.id) ORDER BY id",
            (field_id,),
        ).fetchall()

    def _is_curated(self, origin: str) -> bool:
        found = self.batch.db.execute(
            "SELECT layout FROM file WHERE path = ?", (origin.removeprefix("import:"),)
        ).fetchone()
        return origin.startswith("import:") and found is not None and found["layout"] == "question"

    def _raw_after_curated(
        self, field_id: int, text: str, facts: list[sqlite3.Row], curated: sqlite3.Row
    ) -> None:
        """The curated file was imported first, as if it were raw: it becomes the edit it is."""
        add_text(self.batch.db, field_id, "machine", text, self.origin, self.batch.author)
        if not any(fact["role"] == "edit" for fact in facts):
            add_text(self.batch.db, field_id, "edit", curated["text"], curated["origin"], curated["author"])
        self.batch.summary.new["texts"] += 1
