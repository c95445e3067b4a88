"""Takes finished pieces of a run into the study: by content key, in any order, as often as you like."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mtbx_gui.rundir.errors import BrokenRunDir
from mtbx_gui.rundir.jsonl import Tail
from mtbx_gui.rundir.layout import RunDir, RunSpec
from mtbx_gui.study.answers import add_answers, add_model, models
from mtbx_gui.study.judgments import add_judgments
from mtbx_gui.study.records import Answer, Judgment, Model
from mtbx_gui.study.runs import mark_collected
from mtbx_gui.study.study import Study, stamp
from mtbx_gui.study.texts import add_text, ensure_field

_JUDGMENT_DETAIL = (
    "prompt_set",
    "prompt_language",
    "template_sha256",
    "reference_set",
    "requested_model",
    "parameters",
    "refusal",
    "app_version",
    "prompt_sha256",
    "parser_version",
    "usage",
    "cost",
    "returned_model",
    "request_id",
    "fingerprint",
    "finish_reason",
    "latency_s",
    "attempts",
    "tstamp",
)
_ANSWER_DETAIL = (
    "answer_id",
    "finish_reasons",
    "token_counts",
    "temperature",
    "seed",
    "engine",
    "tstamp",
    "wrong_language",
)


CHUNK = 500
"""Pieces taken in per transaction: a vote never waits behind a whole run."""

Take = Callable[[sqlite3.Connection, Study, list[dict[str, Any]], str, str], int]
"""Takes rows of an output in, given the run's id and the author; returns how many were new."""


class Collector:
    """Collects runs of one study again and again, reading only what was added. Safe in any thread."""

    def __init__(self, study: Study, author: str = "collector") -> None:
        self._study, self._author = study, author
        self._tails: dict[Path, Tail] = {}
        self._lock = threading.Lock()

    def collect(self, run_dir: Path) -> int:
        """Take in what the run at `run_dir` has finished since the last call; the number of new pieces.

        Complete lines only; a piece that is in the study already is passed over. Raises MtbxError when the
        directory is no run directory, and the study's errors; no piece is half taken in, and the next call
        takes in what this one could not.
        """
        run = RunDir(run_dir)
        spec = run.spec()
        if spec.kind == "train":
            return _model(self._study, run, spec, self._author)
        if spec.kind not in _OUTPUTS:
            raise BrokenRunDir(
                f"{run_dir} is a run of an unknown kind, {spec.kind!r}.", "A newer version may know it."
            )
        output, table, take = _OUTPUTS[spec.kind]
        with self._lock:
            tail = self._tails.pop(run.path, None) or Tail(run.out(output))
            rows = tail.read()
            new = 0
            for start in range(0, len(rows), CHUNK):
                new += self._chunk(rows[start : start + CHUNK], table, take, spec.run_id)
            self._tails[run.path] = tail
        return new

    def _chunk(self, rows: list[dict[str, Any]], table: str, take: Take, run_id: str) -> int:
        keys = [str(row["key"]) for row in rows]
        known = {
            str(found[0])
            for found in self._study.connection.execute(
                f"SELECT key FROM {table} WHERE key IN ({', '.join('?' * len(keys))})", keys
            )
        }
        fresh = [row for row, key in zip(rows, keys, strict=True) if key not in known]
        if not fresh:
            return 0
        with self._study.write() as db:
            new = take(db, self._study, fresh, run_id, self._author)
            mark_collected(self._study, run_id, new, self._author)
        return new


def collect(study: Study, run_dir: Path, author: str = "collector") -> int:
    """Take in what the run at `run_dir` has finished so far; see `Collector.collect`."""
    return Collector(study, author).collect(run_dir)


def _translations(
    db: sqlite3.Connection, study: Study, rows: list[dict[str, Any]], run_id: str, author: str
) -> int:
    new = 0
    for row in rows:
        language, question_id = str(row["language"]), str(row["question_id"])
        if row["kind"] in ("turn", "reference", "judge_reference"):
            db.execute(
                "INSERT OR IGNORE INTO item (question_id, language, category, position, author, at, app)"
                " SELECT question_id, ?, category, position, ?, ?, ? FROM item"
                " WHERE question_id = ? ORDER BY id LIMIT 1",
                (language, *stamp(author), question_id),
            )
        name, position = str(row.get("name") or ""), int(row["position"])
        field = ensure_field(db, language, row["kind"], question_id, name, position)
        translator, key = str(row["translator"]), str(row["key"])
        new += add_text(db, field, "machine", row["text"], f"run:{run_id}", translator, key) is not None
    return new


def _answers(
    db: sqlite3.Connection, study: Study, rows: list[dict[str, Any]], run_id: str, author: str
) -> int:
    found = [
        Answer(
            key=str(row["key"]),
            model=str(row["model_id"]),
            question_id=str(row["question_id"]),
            language=str(row["language"]),
            turns=tuple(row["turns"]),
            detail={key: row[key] for key in _ANSWER_DETAIL if key in row},
            origin=f"run:{run_id}",
        )
        for row in rows
    ]
    return add_answers(study, found, author)


def _judgments(
    db: sqlite3.Connection, study: Study, rows: list[dict[str, Any]], run_id: str, author: str
) -> int:
    return add_judgments(study, [_judgment(row, run_id) for row in rows], author)


def _judgment(row: dict[str, Any], run_id: str) -> Judgment:
    return Judgment(
        key=str(row["key"]),
        mode=row["mode"],
        judge=str(row["judge"]),
        prompt_name=str(row["prompt_name"]),
        question_id=str(row["question_id"]),
        language=str(row["language"]),
        turn=int(row["turn"]),
        repetition=int(row["repetition"]),
        model_1=str(row["model_1"]),
        model_2=row["model_2"],
        game=int(row["game"]),
        score=row["score"],
        verdict=row["verdict"],
        reason=row["reason"],
        user_prompt=str(row["user_prompt"]),
        text=str(row["judgment"] or ""),
        detail={key: row[key] for key in _JUDGMENT_DETAIL if key in row},
        origin=f"run:{run_id}",
    )


def _model(study: Study, run: RunDir, spec: RunSpec, author: str) -> int:
    result = run.read_result()
    if result is None:
        return 0
    name = str(result["model_id"])
    if any(model.name == name for model in models(study)):
        return 0
    detail = {key: value for key, value in result.items() if key not in ("model_id", "model_path")}
    model = Model(name, str(result["model_path"]), detail | {"run": spec.run_id})
    with study.write():
        new = int(add_model(study, model, f"run:{spec.run_id}", author))
        mark_collected(study, spec.run_id, new, author)
    return new


_OUTPUTS: dict[str, tuple[str, str, Take]] = {
    "translate": ("translations", "text", _translations),
    "generate": ("answers", "answer", _answers),
    "judge": ("judgments", "judgment", _judgments),
}
"""By kind of run: its output's name, the table that keeps its keys, and what takes its lines in."""
