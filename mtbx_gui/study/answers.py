"""Models and their answers. A later answer of a model to an item is in effect; the earlier one stays."""

import json
from collections.abc import Sequence

from mtbx_gui.study.filters import in_clause
from mtbx_gui.study.ids import id_order
from mtbx_gui.study.records import Answer, Model
from mtbx_gui.study.study import Study, stamp


def models(study: Study) -> list[Model]:
    """Every model the study knows, by name."""
    rows = study.connection.execute("SELECT name, path, detail FROM model ORDER BY name")
    return [Model(row["name"], row["path"], json.loads(row["detail"])) for row in rows]


def add_model(study: Study, model: Model, origin: str, author: str) -> bool:
    """Take a model in; False when one of that name is there already."""
    with study.write() as db:
        cursor = db.execute(
            "INSERT OR IGNORE INTO model (name, path, detail, origin, author, at, app)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (model.name, model.path, json.dumps(model.detail, ensure_ascii=False), origin, *stamp(author)),
        )
        return cursor.rowcount > 0


def add_answers(study: Study, answers_: Sequence[Answer], author: str, record_id: int | None = None) -> int:
    """Append answers (and their models); those whose key is there already are passed over.

    Returns how many were new.
    """
    new = 0
    with study.write() as db:
        known = {str(row[0]) for row in db.execute("SELECT name FROM model")}
        for answer in answers_:
            if answer.model not in known:
                add_model(study, Model(answer.model), answer.origin, author)
                known.add(answer.model)
            cursor = db.execute(
                "INSERT INTO answer (key, model, question_id, language, turns, detail, record_id, origin,"
                " author, at, app) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                (
                    answer.key,
                    answer.model,
                    answer.question_id,
                    answer.language,
                    json.dumps(answer.turns, ensure_ascii=False),
                    json.dumps(answer.detail, ensure_ascii=False),
                    record_id,
                    answer.origin,
                    *stamp(author),
                ),
            )
            new += cursor.rowcount
    return new


def count_answers(study: Study) -> dict[str, int]:
    """How many answers are in effect, by language."""
    rows = study.connection.execute(
        "SELECT language, COUNT(*) FROM (SELECT language FROM answer a WHERE NOT EXISTS"
        " (SELECT 1 FROM withdrawal w WHERE w.fact = 'answer' AND w.fact_id = a.id)"
        " GROUP BY a.model, a.question_id, a.language) GROUP BY language"
    )
    return {str(row[0]): int(row[1]) for row in rows}


def answers(
    study: Study, languages: Sequence[str] | None = None, models: Sequence[str] | None = None
) -> list[Answer]:
    """The answers in effect (newest per model and item), by language, model and question."""
    clause, values = in_clause({"language": languages, "model": models})
    rows = study.connection.execute(
        "SELECT * FROM answer WHERE id IN (SELECT MAX(a.id) FROM answer a WHERE NOT EXISTS"
        " (SELECT 1 FROM withdrawal w WHERE w.fact = 'answer' AND w.fact_id = a.id)"
        f" AND {clause} GROUP BY a.model, a.question_id, a.language)",
        values,
    ).fetchall()
    found = [
        Answer(
            key=row["key"],
            model=row["model"],
            question_id=row["question_id"],
            language=row["language"],
            turns=tuple(json.loads(row["turns"])),
            detail=json.loads(row["detail"]),
            origin=row["origin"],
        )
        for row in rows
    ]
    found.sort(key=lambda a: (a.language, a.model, id_order(a.question_id)))
    return found
