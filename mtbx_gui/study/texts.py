"""Curatable texts: fields and their source, machine translation and edits. Every text is an appended fact."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import get_args

from mtbx_gui.study.records import FieldKind, FieldText, TextFact
from mtbx_gui.study.settings import source_language
from mtbx_gui.study.study import Study, stamp

_NEWEST = """(SELECT t.id FROM text t WHERE t.field_id = {field} AND t.role = '{role}' AND NOT EXISTS
 (SELECT 1 FROM withdrawal w WHERE w.fact = 'text' AND w.fact_id = t.id) ORDER BY t.id DESC LIMIT 1)"""


def _newest(field_id: str, role: str) -> str:
    return _NEWEST.format(field=field_id, role=role)


_FIELDS = f"""
SELECT f.id AS field_id, f.language, f.kind, f.question_id, f.name, f.position,
       COALESCE(i.category, '') AS category, i.position AS item_position,
       COALESCE(se.text, so.text) AS source,
       CASE WHEN m.origin LIKE 'import:%' THEN 'imported' ELSE m.author END AS machine_by,
       m.text AS machine, e.text AS edit, e.at AS edited_at
FROM field f
LEFT JOIN item i ON i.question_id = f.question_id AND i.language = f.language
LEFT JOIN field s ON s.language = :source AND s.kind = f.kind AND s.question_id = f.question_id
                 AND s.name = f.name AND s.position = f.position
LEFT JOIN text so ON so.id = {_newest("s.id", "source")}
LEFT JOIN text se ON se.id = {_newest("s.id", "edit")}
LEFT JOIN text m ON m.id = {_newest("f.id", "machine")}
LEFT JOIN text e ON e.id = {_newest("f.id", "edit")}
"""

KIND_ORDER = {kind: number for number, kind in enumerate(get_args(FieldKind))}


def fields(
    study: Study,
    languages: Sequence[str] | None = None,
    kinds: Sequence[FieldKind] | None = None,
    question_id: str | None = None,
) -> list[FieldText]:
    """The fields of the given languages and kinds (all by default), in benchmark order.

    Source-language fields come with `machine` None and their text in `source`.
    """
    where, values = ["1 = 1"], {"source": source_language(study)}
    for column, wanted in (("language", languages), ("kind", kinds)):
        if wanted is not None:
            names = {f"{column}{number}": value for number, value in enumerate(wanted)}
            where.append(f"f.{column} IN ({', '.join(':' + name for name in names)})")
            values |= names
    if question_id is not None:
        where.append("f.question_id = :question_id")
        values["question_id"] = question_id
    rows = study.connection.execute(f"{_FIELDS} WHERE {' AND '.join(where)}", values).fetchall()
    rows.sort(key=_order)
    return [_field(row) for row in rows]


def field(study: Study, field_id: int) -> FieldText:
    """One field. Raises KeyError when there is none of that id."""
    row = study.connection.execute(
        f"{_FIELDS} WHERE f.id = :id", {"source": source_language(study), "id": field_id}
    ).fetchone()
    if row is None:
        raise KeyError(field_id)
    return _field(row)


def ensure_field(
    db: sqlite3.Connection, language: str, kind: FieldKind, question_id: str, name: str, position: int
) -> int:
    """The id of a field, made where it is missing. Call inside `study.write()`."""
    key = (language, kind, question_id, name, position)
    db.execute(
        "INSERT OR IGNORE INTO field (language, kind, question_id, name, position) VALUES (?, ?, ?, ?, ?)",
        key,
    )
    row = db.execute(
        "SELECT id FROM field WHERE language = ? AND kind = ? AND question_id = ?"
        " AND name = ? AND position = ?",
        key,
    ).fetchone()
    return int(row[0])


def add_text(
    db: sqlite3.Connection,
    field_id: int,
    role: str,
    text: str,
    origin: str,
    author: str,
    key: str | None = None,
) -> int | None:
    """Append a text fact inside a transaction; None when a fact with this `key` is there already."""
    cursor = db.execute(
        "INSERT INTO text (field_id, role, text, origin, key, author, at, app)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
        (field_id, role, text, origin, key, *stamp(author)),
    )
    return int(cursor.lastrowid or 0) if cursor.rowcount else None


def add_edit(study: Study, field_id: int, text: str, author: str, origin: str = "window") -> int | None:
    """Append a person's text for a field; durable when this returns.

    Returns the fact's id, or None when the text in effect is the same already (nothing is appended).
    """
    with study.write() as db:
        if field(study, field_id).effective == text:
            return None
        return add_text(db, field_id, "edit", text, origin, author)


def withdraw(study: Study, fact_id: int, author: str) -> None:
    """Take a text fact out of effect; the one before it counts again. The fact itself stays."""
    with study.write() as db:
        db.execute(
            "INSERT INTO withdrawal (fact, fact_id, author, at, app) VALUES ('text', ?, ?, ?, ?)",
            (fact_id, *stamp(author)),
        )


def history(study: Study, field_id: int) -> list[TextFact]:
    """Everything that was ever said about a field, oldest first."""
    rows = study.connection.execute(
        "SELECT t.id, t.role, t.text, t.origin, t.author, t.at,"
        " EXISTS (SELECT 1 FROM withdrawal w WHERE w.fact = 'text' AND w.fact_id = t.id) AS withdrawn"
        " FROM text t WHERE t.field_id = ? ORDER BY t.id",
        (field_id,),
    )
    return [
        TextFact(r["id"], r["role"], r["text"], r["origin"], r["author"], r["at"], bool(r["withdrawn"]))
        for r in rows
    ]


def text_keys(study: Study) -> set[str]:
    """The content keys of all collected texts, withdrawn ones included."""
    return {str(row[0]) for row in study.connection.execute("SELECT key FROM text WHERE key IS NOT NULL")}


def changed_here(study: Study) -> set[int]:
    """The ids of fields whose text in effect was written in this study, not read from an imported file."""
    rows = study.connection.execute(
        f"SELECT f.id FROM field f JOIN text t ON t.id = COALESCE({_newest('f.id', 'edit')},"
        f" {_newest('f.id', 'machine')}, {_newest('f.id', 'source')}) WHERE t.origin NOT LIKE 'import:%'"
    )
    return {int(row[0]) for row in rows}


def edited_items(study: Study, language: str) -> list[str]:
    """The bare ids of items whose turns or references a person changed, in benchmark order."""
    changed: Iterable[FieldText] = (f for f in fields(study, [language], ["turn", "reference"]) if f.edited)
    return list(dict.fromkeys(f.question_id for f in changed))


def _field(row: sqlite3.Row) -> FieldText:
    return FieldText(
        field_id=row["field_id"],
        language=row["language"],
        kind=row["kind"],
        question_id=row["question_id"],
        category=row["category"],
        name=row["name"],
        position=row["position"],
        source=row["source"],
        machine=row["machine"],
        edit=row["edit"],
        machine_by=row["machine_by"] or "",
        edited_at=row["edited_at"] or "",
    )


def _order(row: sqlite3.Row) -> tuple[str, int, str, int, str, int]:
    place = row["item_position"] if row["item_position"] is not None else 1_000_000
    return row["language"], place, row["question_id"], KIND_ORDER[row["kind"]], row["name"], row["position"]
