"""Judgments: every judge call's outcome, with its text. A value or a reason, never both, never a guess."""

import json
import sqlite3
from collections.abc import Sequence

from mtbx_gui.study.filters import in_clause
from mtbx_gui.study.ids import id_order
from mtbx_gui.study.records import Judgment, Mode
from mtbx_gui.study.study import Study, stamp

_COLUMNS = (
    "key, mode, judge, prompt_name, question_id, language, turn, repetition, model_1, model_2, game, score,"
    " verdict, reason, user_prompt, text, detail, record_id, origin, author, at, app"
)
_WITHOUT_TEXTS = _COLUMNS.replace("user_prompt, text", "'' AS user_prompt, '' AS text")
_GROUP = (
    "mode, judge, prompt_name, question_id, language, turn, repetition, model_1, model_2, game,"
    " json_extract(detail, '$.prompt_set'), json_extract(detail, '$.reference_set')"
)
"""Judgments by another prompt set or reference set stand beside each other; neither supersedes the other."""


def add_judgments(
    study: Study, new_ones: Sequence[Judgment], author: str, record_id: int | None = None
) -> int:
    """Append judgments; those whose key is there already are passed over. Returns how many were new.

    Raises ValueError when not exactly one of score, verdict and reason is set.
    """
    new = 0
    with study.write() as db:
        for judgment in new_ones:
            if (judgment.score, judgment.verdict, judgment.reason).count(None) != 2:
                raise ValueError(
                    f"judgment {judgment.key}: exactly one of score, verdict, reason must be set"
                )
            cursor = db.execute(
                f"INSERT INTO judgment ({_COLUMNS}) VALUES ({', '.join('?' * 22)})"
                " ON CONFLICT (key) DO NOTHING",
                (
                    judgment.key,
                    judgment.mode,
                    judgment.judge,
                    judgment.prompt_name,
                    judgment.question_id,
                    judgment.language,
                    judgment.turn,
                    judgment.repetition,
                    judgment.model_1,
                    judgment.model_2,
                    judgment.game,
                    judgment.score,
                    judgment.verdict,
                    judgment.reason,
                    judgment.user_prompt,
                    judgment.text,
                    json.dumps(judgment.detail, ensure_ascii=False),
                    record_id,
                    judgment.origin,
                    *stamp(author),
                ),
            )
            new += cursor.rowcount
    return new


def judgments(
    study: Study,
    mode: Mode | None = None,
    judge: str | None = None,
    languages: Sequence[str] | None = None,
    models: Sequence[str] | None = None,
    *,
    question_ids: Sequence[str] | None = None,
    texts: bool = True,
) -> list[Judgment]:
    """The judgments in effect: the newest per judge, prompt, item, turn, repetition, models and game.

    `models` keeps single judgments of these models and pairs of which both are among them. Without `texts`
    the prompt and the judge's text are left empty, which lists of many judgments don't need.
    """
    clause, values = in_clause(
        {
            "mode": mode,
            "judge": judge,
            "language": languages,
            "model_1": models,
            "question_id": question_ids,
        }
    )
    if models is not None:
        marks = ", ".join("?" for _ in models)
        clause += f" AND (model_2 IS NULL OR model_2 IN ({marks}))"
        values += list(models)
    rows = study.connection.execute(
        f"SELECT {_COLUMNS if texts else _WITHOUT_TEXTS}, id FROM judgment WHERE id IN"
        " (SELECT MAX(j.id) FROM judgment j WHERE NOT EXISTS"
        " (SELECT 1 FROM withdrawal w WHERE w.fact = 'judgment' AND w.fact_id = j.id)"
        f" AND {clause} GROUP BY {_GROUP})",
        values,
    ).fetchall()
    found = [_judgment(row) for row in rows]
    found.sort(
        key=lambda j: (
            j.judge,
            j.mode,
            j.language,
            id_order(j.question_id),
            j.turn,
            j.repetition,
            j.model_1,
            j.model_2 or "",
            j.game,
        )
    )
    return found


def count_judgments(study: Study) -> dict[str, int]:
    """How many judgments are in effect, by language."""
    rows = study.connection.execute(
        "SELECT language, COUNT(*) FROM (SELECT language FROM judgment j WHERE NOT EXISTS"
        " (SELECT 1 FROM withdrawal w WHERE w.fact = 'judgment' AND w.fact_id = j.id)"
        f" GROUP BY {_GROUP}) GROUP BY language"
    )
    return {str(row[0]): int(row[1]) for row in rows}


def judges(study: Study) -> list[str]:
    """The ids of the judges that judged anything."""
    rows = study.connection.execute("SELECT DISTINCT judge FROM judgment ORDER BY judge").fetchall()
    return [str(row[0]) for row in rows]


def judgment_keys(study: Study) -> set[str]:
    """The keys of all judgments, for planning only what is missing."""
    return {str(row[0]) for row in study.connection.execute("SELECT key FROM judgment")}


def failed_keys(study: Study) -> set[str]:
    """The keys of judgments that say "api_error": the judge was asked and nothing usable came back."""
    rows = study.connection.execute("SELECT key FROM judgment WHERE reason = 'api_error'")
    return {str(row[0]) for row in rows}


def _judgment(row: sqlite3.Row) -> Judgment:
    return Judgment(
        key=row["key"],
        mode=row["mode"],
        judge=row["judge"],
        prompt_name=row["prompt_name"],
        question_id=row["question_id"],
        language=row["language"],
        turn=row["turn"],
        repetition=row["repetition"],
        model_1=row["model_1"],
        model_2=row["model_2"],
        game=row["game"],
        score=row["score"],
        verdict=row["verdict"],
        reason=row["reason"],
        user_prompt=row["user_prompt"],
        text=row["text"],
        detail=json.loads(row["detail"]),
        origin=row["origin"],
        judgment_id=row["id"],
    )
