"""One import under way: the file rows and records it writes, and what its summary will say."""

import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field

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
    edited: dict[str, int] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether anything was written to the study."""
        return self.records > self.unchanged


class Batch:
    """An import inside one transaction."""

    def __init__(self, study: Study, db: sqlite3.Connection, author: str, source_language: str) -> None:
        self.study, self.db, self.author = study, db, author
        self.source_language = source_language
        self.summary = ImportSummary()

    def file(
        self, path: str, layout: str, language: str, identities: set[str], root_name: str
    ) -> "FileBatch":
        """The file row for `path`; another name where a different file already lies under it."""
        known = self._known(path)
        if known and identities and not identities & known.keys():
            path = f"{root_name}/{path}"
            known = self._known(path)
        self.db.execute(
            "INSERT OR IGNORE INTO file (path, layout, language, author, at, app) VALUES (?, ?, ?, ?, ?, ?)",
            (path, layout, language, *stamp(self.author)),
        )
        row = self.db.execute("SELECT id FROM file WHERE path = ?", (path,)).fetchone()
        self.summary.files += 1
        return FileBatch(self, int(row[0]), path, language, known)

    def _known(self, path: str) -> dict[str, list[str]]:
        known: dict[str, list[str]] = defaultdict(list)
        for row in self.db.execute(
            "SELECT r.identity, r.raw FROM record r JOIN file f ON f.id = r.file_id"
            " WHERE f.path = ? ORDER BY r.id",
            (path,),
        ):
            known[row[0]].append(row[1])
        return known


@dataclass(slots=True)
class FileBatch:
    """One file of an import: knows which lines are there already, unchanged."""

    batch: Batch
    file_id: int
    path: str
    language: str
    known: dict[str, list[str]]

    @property
    def origin(self) -> str:
        """The origin every fact of this file carries."""
        return f"import:{self.path}"

    def record(self, line: Line, identity: str, position: int) -> int | None:
        """Keep the line as it stands; None when the same line was imported before."""
        self.batch.summary.records += 1
        if line.raw in self.known.get(identity, ()):
            self.batch.summary.unchanged += 1
            return None
        cursor = self.batch.db.execute(
            "INSERT INTO record (file_id, position, identity, raw, author, at, app)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (self.file_id, position, identity, line.raw, *stamp(self.batch.author)),
        )
        return int(cursor.lastrowid or 0)

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
        role = "source" if code == self.batch.source_language else "machine"
        facts = db.execute(
            "SELECT role, text, origin FROM text WHERE field_id = ? ORDER BY id", (field_id,)
        ).fetchall()
        if role == "machine" and self.path.rpartition("/")[2].startswith("question_original"):
            facts = [fact for fact in facts if fact["role"] == "machine"]
        elif role == "machine" and facts and facts[0]["origin"] != self.origin:
            role = "edit"
        current = facts[-1]["text"] if facts else None
        if current == text:
            return
        others = {fact["origin"] for fact in facts if fact["role"] == role} - {self.origin}
        if others:
            other = sorted(others)[0].removeprefix("import:")
            read.problem(line.number, key_name, f"differs from the text already imported from {other}.")
            return
        add_text(db, field_id, role, text, self.origin, self.batch.author)
        self.batch.summary.new["texts"] += 1
