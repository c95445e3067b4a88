"""Items, judge prompts and reference sets with their texts in effect."""

import json
from collections import defaultdict
from collections.abc import Sequence

from mtbx_gui.study.ids import id_order
from mtbx_gui.study.records import CATEGORIES, Item, JudgePrompt
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import fields


def items(
    study: Study, languages: Sequence[str] | None = None, question_ids: Sequence[str] | None = None
) -> list[Item]:
    """The items with their texts in effect, by language and then in benchmark order.

    An empty edit of a reference means "removed"; empty references at the end are left out.
    """
    turns: dict[tuple[str, str], list[str]] = defaultdict(list)
    references: dict[tuple[str, str], list[str]] = defaultdict(list)
    judge: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for text in fields(study, languages, ["turn", "reference", "judge_reference"]):
        key = (text.language, text.question_id)
        if text.kind == "turn":
            turns[key].append(text.effective)
        elif text.kind == "reference":
            references[key].append(text.effective)
        elif text.kind == "judge_reference":
            judge[key][text.name].append(text.effective)
    found = []
    for row in study.connection.execute("SELECT * FROM item ORDER BY language, position, id"):
        key = (row["language"], row["question_id"])
        if languages is not None and row["language"] not in languages:
            continue
        if question_ids is not None and row["question_id"] not in question_ids:
            continue
        found.append(
            Item(
                question_id=row["question_id"],
                language=row["language"],
                category=row["category"],
                turns=tuple(turns[key]),
                references=_without_empty_end(references[key]),
                judge_references={name: tuple(texts) for name, texts in judge[key].items()},
            )
        )
    return found


def _without_empty_end(texts: list[str]) -> tuple[str, ...]:
    end = len(texts)
    while end and not texts[end - 1]:
        end -= 1
    return tuple(texts[:end])


def categories(study: Study) -> list[str]:
    """The categories that occur, MT-Bench's own first and in their usual order."""
    rows = study.connection.execute("SELECT DISTINCT category FROM item").fetchall()
    found = [str(row[0]) for row in rows]
    return sorted(found, key=lambda c: (CATEGORIES.index(c) if c in CATEGORIES else len(CATEGORIES), c))


def category_of(study: Study) -> dict[str, str]:
    """The category of every bare question id."""
    rows = study.connection.execute("SELECT question_id, category FROM item").fetchall()
    return {str(row[0]): str(row[1]) for row in sorted(rows, key=lambda r: id_order(str(r[0])))}


def judge_prompts(
    study: Study, language: str | None = None, prompt_set: str | None = None
) -> list[JudgePrompt]:
    """The study's judge prompts with their texts in effect; the other keys of their record in `detail`."""
    parts: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for text in fields(study, None if language is None else [language], ["judge_prompt"]):
        parts[(text.language, text.name)][text.position] = text.effective
    details: dict[tuple[str, str], dict[str, object]] = {}
    for row in study.connection.execute(
        "SELECT f.language, r.identity, r.raw FROM file f CROSS JOIN record r ON r.file_id = f.id"
        " WHERE f.layout = 'judge_prompts' ORDER BY r.id"
    ):
        raw = json.loads(row["raw"])
        details[(row["language"], row["identity"])] = {
            key: value
            for key, value in raw.items()
            if key not in ("system_prompt", "prompt_template", "name")
        }
    prompts = []
    for (code, full_name), texts in parts.items():
        found_set, _, name = full_name.rpartition("/")
        if prompt_set is None or found_set == prompt_set:
            detail = details.get((code, full_name), {})
            prompts.append(JudgePrompt(found_set, name, code, texts.get(0, ""), texts.get(1, ""), detail))
    return prompts


def prompt_sets(study: Study) -> list[str]:
    """The names of the judge prompt sets in the study."""
    rows = study.connection.execute("SELECT DISTINCT name FROM field WHERE kind = 'judge_prompt'").fetchall()
    return sorted({str(row[0]).rpartition("/")[0] for row in rows})


def reference_sets(study: Study) -> list[str]:
    """The names of the reference sets a judge may read."""
    rows = study.connection.execute(
        "SELECT DISTINCT name FROM field WHERE kind = 'judge_reference' ORDER BY name"
    ).fetchall()
    return [str(row[0]) for row in rows]
