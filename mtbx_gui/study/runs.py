"""Which runs belong to the study. Their state is never stored here: it is derived from their directories."""

import json
from typing import Any

from mtbx_gui.study.records import RunRow
from mtbx_gui.study.study import Study, stamp


def register(study: Study, run_id: str, kind: str, title: str, spec: dict[str, Any], author: str) -> None:
    """Note a run; a second call with the same id changes nothing."""
    with study.write() as db:
        db.execute(
            "INSERT OR IGNORE INTO run (run_id, kind, title, spec, author, at, app)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (run_id, kind, title, json.dumps(spec, ensure_ascii=False), *stamp(author)),
        )


def all_runs(study: Study) -> list[RunRow]:
    """Every run, newest first."""
    rows = study.connection.execute("SELECT * FROM run ORDER BY id DESC")
    return [
        RunRow(r["run_id"], r["kind"], r["title"], json.loads(r["spec"]), r["at"], r["author"]) for r in rows
    ]


def mark_collected(study: Study, run_id: str, pieces: int, author: str) -> None:
    """Note that `pieces` new pieces of a run were taken in; zero is not worth a note."""
    if not pieces:
        return
    with study.write() as db:
        db.execute(
            "INSERT INTO collected (run_id, pieces, author, at, app) VALUES (?, ?, ?, ?, ?)",
            (run_id, pieces, *stamp(author)),
        )


def collected_pieces(study: Study) -> dict[str, int]:
    """How many pieces of each run were taken in so far, by run id."""
    rows = study.connection.execute("SELECT run_id, SUM(pieces) AS pieces FROM collected GROUP BY run_id")
    return {row["run_id"]: int(row["pieces"]) for row in rows}
