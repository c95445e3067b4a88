"""People's votes as appended events: durable before the caller goes on, never changed, only superseded."""

import sqlite3
from collections.abc import Sequence

from mtbx_gui.study.filters import in_clause
from mtbx_gui.study.ids import id_order
from mtbx_gui.study.records import Vote
from mtbx_gui.study.study import Study, stamp

_COLUMNS = (
    "uuid, annotator, question_id, language, turn, model_1, model_2, left_model, displayed, choice,"
    " supersedes, shown_at, active_ms, comment, origin, author, at, app"
)
_EFFECTIVE = """
SELECT MAX(v.id) FROM vote v
WHERE NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.fact = 'vote' AND w.fact_id = v.id) AND {clause}
GROUP BY v.annotator, v.question_id, v.language, v.turn, v.model_1, v.model_2
"""


def add_vote(study: Study, vote: Vote, author: str) -> int:
    """Append one vote and return its id; it is on disk (fsynced) when this returns.

    A vote whose uuid is there already is not added twice; its id is returned.
    """
    with study.write() as db:
        db.execute(
            f"INSERT INTO vote ({_COLUMNS}) VALUES ({', '.join('?' * 18)}) ON CONFLICT (uuid) DO NOTHING",
            (
                vote.uuid,
                vote.annotator,
                vote.question_id,
                vote.language,
                vote.turn,
                vote.model_1,
                vote.model_2,
                vote.left_model,
                vote.displayed,
                vote.choice,
                vote.supersedes,
                vote.shown_at,
                vote.active_ms,
                vote.comment,
                vote.origin,
                *stamp(author),
            ),
        )
        row = db.execute("SELECT id FROM vote WHERE uuid = ?", (vote.uuid,)).fetchone()
    return int(row[0])


def withdraw_vote(study: Study, vote_id: int, author: str) -> None:
    """Take a vote out of effect; the one before it on the same turn and pair counts again."""
    with study.write() as db:
        db.execute(
            "INSERT INTO withdrawal (fact, fact_id, author, at, app) VALUES ('vote', ?, ?, ?, ?)",
            (vote_id, *stamp(author)),
        )


def votes(
    study: Study,
    annotators: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
    include_skips: bool = False,
) -> list[Vote]:
    """The effective votes: the newest not withdrawn per annotator, turn and pair.

    If that is a skip there is no vote; `include_skips` shows it all the same.
    """
    clause, values = in_clause({"annotator": annotators, "language": languages})
    rows = study.connection.execute(
        f"SELECT * FROM vote WHERE id IN ({_EFFECTIVE.format(clause=clause)})"
        + ("" if include_skips else " AND choice != 'skip'"),
        values,
    ).fetchall()
    found = [_vote(row) for row in rows]
    found.sort(key=lambda v: (v.annotator, v.language, id_order(v.question_id), v.model_1, v.model_2, v.turn))
    return found


def count_votes(study: Study) -> dict[tuple[str, str], int]:
    """How many votes are in effect (skips are none), by annotator and language."""
    rows = study.connection.execute(
        "SELECT annotator, language, COUNT(*) FROM vote"
        f" WHERE id IN ({_EFFECTIVE.format(clause='1 = 1')}) AND choice != 'skip'"
        " GROUP BY annotator, language"
    )
    return {(str(row[0]), str(row[1])): int(row[2]) for row in rows}


def vote_history(study: Study, annotator: str) -> list[Vote]:
    """Every vote event of an annotator that is not withdrawn, oldest first, superseded ones included."""
    rows = study.connection.execute(
        "SELECT * FROM vote v WHERE annotator = ? AND NOT EXISTS"
        " (SELECT 1 FROM withdrawal w WHERE w.fact = 'vote' AND w.fact_id = v.id) ORDER BY id",
        (annotator,),
    )
    return [_vote(row) for row in rows]


def _vote(row: sqlite3.Row) -> Vote:
    return Vote(
        uuid=row["uuid"],
        annotator=row["annotator"],
        question_id=row["question_id"],
        language=row["language"],
        turn=row["turn"],
        model_1=row["model_1"],
        model_2=row["model_2"],
        left_model=row["left_model"],
        displayed=row["displayed"],
        choice=row["choice"],
        shown_at=row["shown_at"],
        decided_at=row["at"],
        active_ms=row["active_ms"],
        comment=row["comment"],
        supersedes=row["supersedes"],
        vote_id=row["id"],
        origin=row["origin"],
    )
