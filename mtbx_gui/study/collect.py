"""Takes finished pieces of a run into the study: by content key, in any order, as often as you like."""

from pathlib import Path
from typing import Any

from mtbx_gui.rundir.jsonl import Tail
from mtbx_gui.rundir.layout import RunDir, RunSpec
from mtbx_gui.study.answers import add_answers, add_model
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


def collect(study: Study, run_dir: Path, author: str = "collector") -> int:
    """Take in what the run at `run_dir` has finished so far; returns the number of new pieces.

    Complete lines only; a piece that is in the study already is passed over. Raises MtbxError when the
    directory is no run directory, and the study's errors; nothing is half taken in.
    """
    run = RunDir(run_dir)
    spec = run.spec()
    take = {"translate": _translations, "generate": _answers, "judge": _judgments, "train": _model}[spec.kind]
    with study.write():
        new = take(study, run, spec, author)
        mark_collected(study, spec.run_id, new, author)
    return new


def _translations(study: Study, run: RunDir, spec: RunSpec, author: str) -> int:
    new = 0
    with study.write() as db:
        for row in Tail(run.out("translations")).read():
            language, question_id = str(row["language"]), str(row["question_id"])
            if row["kind"] in ("turn", "reference", "judge_reference"):
                db.execute(
                    "INSERT OR IGNORE INTO item (question_id, language, category, position, author, at, app)"
                    " SELECT question_id, ?, category, position, ?, ?, ? FROM item"
                    " WHERE question_id = ? ORDER BY id LIMIT 1",
                    (language, *stamp(author), question_id),
                )
            field = ensure_field(
                db, language, row["kind"], question_id, str(row.get("name") or ""), int(row["position"])
            )
            added = add_text(
                db,
                field,
                "machine",
                row["text"],
                f"run:{spec.run_id}",
                str(row["translator"]),
                str(row["key"]),
            )
            new += added is not None
    return new


def _answers(study: Study, run: RunDir, spec: RunSpec, author: str) -> int:
    rows = Tail(run.out("answers")).read()
    found = [
        Answer(
            key=str(row["key"]),
            model=str(row["model_id"]),
            question_id=str(row["question_id"]),
            language=str(row["language"]),
            turns=tuple(row["turns"]),
            detail={key: row[key] for key in _ANSWER_DETAIL if key in row},
            origin=f"run:{spec.run_id}",
        )
        for row in rows
    ]
    return add_answers(study, found, author)


def _judgments(study: Study, run: RunDir, spec: RunSpec, author: str) -> int:
    rows = Tail(run.out("judgments")).read()
    return add_judgments(study, [_judgment(row, spec.run_id) for row in rows], author)


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
    detail = {key: value for key, value in result.items() if key not in ("model_id", "model_path")}
    model = Model(str(result["model_id"]), str(result["model_path"]), detail | {"run": spec.run_id})
    return int(add_model(study, model, f"run:{spec.run_id}", author))
