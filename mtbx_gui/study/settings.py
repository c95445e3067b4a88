"""Settings of a study as appended facts; the newest value counts. Secrets never come here."""

import json
from typing import Any

from mtbx_gui.study.study import Study, stamp


def get(study: Study, key: str, default: Any = None) -> Any:
    """The newest value of a setting, or `default`."""
    row = study.connection.execute(
        "SELECT value FROM setting WHERE key = ? ORDER BY id DESC LIMIT 1", (key,)
    ).fetchone()
    return default if row is None else json.loads(row[0])


def put(study: Study, key: str, value: Any, author: str) -> None:
    """Append a value; nothing happens when it is the newest already."""
    with study.write() as db:
        if get(study, key) != value:
            db.execute(
                "INSERT INTO setting (key, value, author, at, app) VALUES (?, ?, ?, ?, ?)",
                (key, json.dumps(value, ensure_ascii=False), *stamp(author)),
            )


def source_language(study: Study) -> str:
    """The language the benchmark was written in (two letters)."""
    return str(get(study, "source_language", "en"))


def languages(study: Study) -> list[str]:
    """The study's languages: those chosen for it and those its items are in, the source first."""
    first = source_language(study)
    planned = get(study, "languages") or json.loads(study.meta("languages") or "[]")
    rows = study.connection.execute("SELECT DISTINCT language FROM item ORDER BY language").fetchall()
    found = [str(row[0]) for row in rows]
    known = ["en", "de", "fr", "it", "es"]
    every = list(dict.fromkeys([*planned, *found]))
    every.sort(key=lambda code: (code != first, known.index(code) if code in known else 99, code))
    return every
