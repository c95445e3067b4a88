"""The items behind a mark of a figure, and what judge and people said of each. Draws nothing."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mtbx_gui.results.data import StudyData
from mtbx_gui.results.labels import ERROR, INCONSISTENT, LABELS, NOT_JUDGED
from mtbx_gui.results.selection import Filter, Rules, pair_table, score_table
from mtbx_gui.results.words import Words

Who = Literal["judge", "people", ""]


@dataclass(frozen=True, slots=True)
class Behind:
    """What a mark stands for: constraints on top of the figure's filter; None or () constrains nothing.

    For pairs, `who` and `label` keep the items on which the judge or the people gave that verdict.
    """

    what: Literal["scores", "pairs"]
    title: str
    models: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    categories: tuple[str, ...] | None = None
    turn: int | None = None
    who: Who = ""
    label: int | None = None


@dataclass(frozen=True, slots=True)
class BehindRow:
    """One item: a turn of a question with one model (scores) or a pair, and what was said in few words."""

    question_id: str
    language: str
    category: str
    turn: int
    models: tuple[str, ...]
    judge: str
    people: str


def rows_behind(
    data: StudyData, chosen: Filter, rules: Rules, behind: Behind, words: Words | None = None
) -> list[BehindRow]:
    """The items that a mark stands for, in the study's order."""
    say = words or Words()
    if behind.what == "scores":
        return _scored(data, chosen, behind)
    return _paired(data, chosen, rules, behind, say)


def _scored(data: StudyData, chosen: Filter, behind: Behind) -> list[BehindRow]:
    table = score_table(data, chosen)
    said: dict[tuple[int, int, int, int, int], list[tuple[int, float]]] = {}
    for row in range(len(table.score)):
        key = (
            int(table.language[row]),
            int(table.question[row]),
            int(table.turn[row]),
            int(table.model[row]),
            int(table.category[row]),
        )
        said.setdefault(key, []).append((int(table.repetition[row]), float(table.score[row])))
    rows = []
    for (language, question, turn, model, category), scores in sorted(said.items()):
        found = BehindRow(
            table.questions[question],
            table.languages[language],
            table.categories[category],
            turn,
            (table.models[model],),
            " · ".join(f"{score:g}" if np.isfinite(score) else "–" for _, score in sorted(scores)),
            "",
        )
        if _fits(found, behind):
            rows.append(found)
    return rows


def _paired(data: StudyData, chosen: Filter, rules: Rules, behind: Behind, say: Words) -> list[BehindRow]:
    table = pair_table(data, chosen)
    final = table.verdicts(rules.first_run)
    rows = []
    for number, item in enumerate(table.items):
        runs = [int(code) for code in table.outcomes[number] if code != NOT_JUDGED]
        found = BehindRow(
            item.question_id,
            item.language,
            table.category[number],
            item.turn,
            (item.model_1, item.model_2),
            " · ".join(outcome_word(code, say) for code in runs),
            ", ".join(f"{name} {outcome_word(label, say)}" for name, label in table.voters[number]),
        )
        if not _fits(found, behind):
            continue
        given = {label for _, label in table.voters[number]} if behind.who == "people" else {*runs}
        if behind.who == "" and behind.label is not None:
            given = {int(final[number])}
        if behind.label is None or behind.label in given:
            rows.append(found)
    return rows


def outcome_word(code: int, say: Words) -> str:
    """An outcome in a word, models by their letters: A is model_1, B model_2."""
    names = {
        0: "A",
        1: "B",
        2: say("tie"),
        3: say("both bad"),
        INCONSISTENT: say("inconsistent"),
        ERROR: say("no verdict"),
    }
    return names[code] if code in names else LABELS[code]


def _fits(row: BehindRow, behind: Behind) -> bool:
    return (
        (not behind.languages or row.language in behind.languages)
        and behind.turn in (None, row.turn)
        and (behind.categories is None or row.category in behind.categories)
        and (not behind.models or row.models == behind.models)
    )
