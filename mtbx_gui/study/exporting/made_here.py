"""Records for what no imported file holds: items translated here, answers and judgments made by runs."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from mtbx_gui.study.answers import answers
from mtbx_gui.study.games import map_back
from mtbx_gui.study.ids import id_order, language_of_id, like
from mtbx_gui.study.judgments import judgments
from mtbx_gui.study.records import FieldText, Judgment
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import edited_items, fields

Line = tuple[str, str]
"""A path relative to the export's folder, and one JSON line for it."""


def made_here(study: Study) -> Iterator[Line]:
    """Every record that no imported file holds, in MT-Bench-X's layout and in the study's own id style."""
    style = _Style(study)
    yield from _items(study, style)
    for answer in answers(study):
        if answer.origin.startswith("import:"):
            continue
        record = {
            "question_id": style.id(answer.question_id, answer.language),
            "answer_id": answer.detail.get("answer_id", answer.key[:22]),
            "model_id": answer.model,
            "choices": [{"index": 0, "turns": list(answer.turns)}],
            "tstamp": answer.detail.get("tstamp", 0.0),
        }
        yield f"{style.folder(answer.language)}/model_answer/{_safe(answer.model)}.jsonl", _json(record)
    mine = [judgment for judgment in judgments(study) if not judgment.origin.startswith("import:")]
    yield from _singles(mine, style)
    yield from _pairs(mine, style)


class _Style:
    """How the study's files write ids and where a language's files lie."""

    def __init__(self, study: Study) -> None:
        self._folders: dict[str, str] = {}
        self._samples: dict[str, Any] = {}
        for row in study.connection.execute(
            "SELECT f.path, f.language, r.raw FROM file f JOIN record r ON r.file_id = f.id"
            " WHERE f.layout IN ('question', 'question_original') GROUP BY f.id ORDER BY f.id"
        ):
            self._folders.setdefault(row["language"], PurePosixPath(row["path"]).parent.as_posix())
            self._samples.setdefault(row["language"], json.loads(row["raw"]).get("question_id"))
        self._any = next(iter(self._samples.values()), "0_EN")

    def folder(self, language: str) -> str:
        """The folder of a language's files: where its questions came from, else MT-Bench-X's name."""
        return self._folders.get(language) or f"data/mt_bench_{language.upper()}"

    def id(self, question_id: str, language: str) -> int | str:
        """The id as this study's files write it."""
        return like(self._samples.get(language, self._any), question_id, language)


def _items(study: Study, style: _Style) -> Iterator[Line]:
    """Questions, raw translations, corrections and judge references that no imported file holds."""
    filed: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in study.connection.execute(
        "SELECT f.layout, f.language, r.identity, r.raw FROM file f CROSS JOIN record r ON r.file_id = f.id"
        " WHERE f.layout IN ('question', 'question_original', 'corrections')"
    ):
        filed[row["layout"]].add((row["identity"], language_of_line(row)))
    listed = {language for _, language in filed["corrections"]}
    rows = study.connection.execute(
        "SELECT question_id, language, category FROM item ORDER BY language, position"
    ).fetchall()
    here = [row for row in rows if (row["question_id"], row["language"]) not in filed["question"]]
    codes = sorted({row["language"] for row in here})
    by_item: dict[tuple[str, str], list[FieldText]] = defaultdict(list)
    for text in fields(study, codes, ["turn", "reference"]) if here else []:
        by_item[(text.question_id, text.language)].append(text)
    edited = {code: set(edited_items(study, code)) for code in codes}
    for row in here:
        key = (row["question_id"], row["language"])
        texts = by_item[key]
        head = {"question_id": style.id(*key), "category": row["category"]}
        folder = style.folder(row["language"])
        yield f"{folder}/question.jsonl", _json(head | _lists(texts, edited=True))
        if key not in filed["question_original"] and any(text.machine is not None for text in texts):
            yield f"{folder}/question_original.jsonl", _json(head | _lists(texts, edited=False))
        if row["question_id"] in edited[row["language"]] and row["language"] not in listed:
            yield f"{folder}/corrections.jsonl", _json(head)
    yield from _judge_references(study, style)


def language_of_line(row: sqlite3.Row) -> str:
    """The language of a stored line: what its id says, else its file's."""
    record = json.loads(row["raw"])
    return language_of_id(record.get("question_id", record.get("index", ""))) or str(row["language"])


def _judge_references(study: Study, style: _Style) -> Iterator[Line]:
    imported = {
        (PurePosixPath(row["path"]).stem, language_of_line(row), str(row["identity"]))
        for row in study.connection.execute(
            "SELECT r.identity, r.raw, f.path, f.language FROM file f CROSS JOIN record r ON r.file_id = f.id"
            " WHERE f.layout = 'reference_answer'"
        )
    }
    grouped: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for text in fields(study, kinds=["judge_reference"]):
        if (text.name, text.language, text.question_id) not in imported:
            grouped[(text.name, text.language, text.question_id)].append(text.effective)
    for (name, language, question_id), turns in sorted(
        grouped.items(), key=lambda pair: (pair[0][:2], id_order(pair[0][2]))
    ):
        record = {
            "question_id": style.id(question_id, language),
            "answer_id": f"{name}-{question_id}-{language}",
            "model_id": name,
            "choices": [{"index": 0, "turns": turns}],
            "tstamp": 0.0,
        }
        yield f"{style.folder(language)}/reference_answer/{_safe(name)}.jsonl", _json(record)


def _lists(texts: list[FieldText], edited: bool) -> dict[str, list[str]]:
    def pick(text: FieldText) -> str:
        return text.effective if edited or text.machine is None else text.machine

    turns = [pick(text) for text in texts if text.kind == "turn"]
    references = [pick(text) for text in texts if text.kind == "reference"]
    return {"turns": turns} | ({"reference": references} if any(references) else {})


def _singles(mine: list[Judgment], style: _Style) -> Iterator[Line]:
    for judgment in (j for j in mine if j.mode == "single"):
        record: dict[str, Any] = {
            "question_id": style.id(judgment.question_id, judgment.language),
            "model": judgment.model_1,
            "judge": [judgment.judge, judgment.prompt_name],
            "user_prompt": judgment.user_prompt,
            "judgment": judgment.text,
            "score": judgment.score if judgment.score is not None else -1,
            "turn": judgment.turn,
            "tstamp": judgment.detail.get("tstamp", 0.0),
        }
        reason = {"reason": judgment.reason} if judgment.reason else {}
        yield _judgment_path(style, judgment, "single"), _json(record | _own_keys(judgment) | reason)


def _pairs(mine: list[Judgment], style: _Style) -> Iterator[Line]:
    games: dict[tuple[object, ...], dict[int, Judgment]] = defaultdict(dict)
    for j in (j for j in mine if j.mode == "pair"):
        key = (j.judge, j.prompt_name, j.question_id, j.language, j.turn, j.repetition, j.model_1, j.model_2)
        games[key][j.game] = j
    for found in games.values():
        first = found.get(1) or found[2]
        record: dict[str, Any] = {
            "question_id": style.id(first.question_id, first.language),
            "model_1": first.model_1,
            "model_2": first.model_2,
        }
        for game in (1, 2):
            one = found.get(game)
            record[f"g{game}_winner"] = (map_back(one.verdict, game) if one else None) or "error"
        record["judge"] = [first.judge, first.prompt_name]
        for game in (1, 2):
            one = found.get(game)
            record[f"g{game}_user_prompt"] = one.user_prompt if one else ""
            record[f"g{game}_judgment"] = one.text if one else ""
        record |= {"turn": first.turn, "tstamp": first.detail.get("tstamp", 0.0)}
        reasons = {f"g{game}_reason": one.reason for game, one in found.items() if one.reason}
        yield _judgment_path(style, first, "pair"), _json(record | _own_keys(first) | reasons)


def _own_keys(judgment: Judgment) -> dict[str, Any]:
    """What FastChat's layout has no key for; the importer reads it back."""
    return {"repetition": judgment.repetition, "language": judgment.language}


def _judgment_path(style: _Style, judgment: Judgment, mode: str) -> str:
    return f"{style.folder(judgment.language)}/model_judgment/{_safe(judgment.judge)}_{mode}.jsonl"


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_.+" else "_" for c in name).strip(".") or "unnamed"


def _json(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False)
