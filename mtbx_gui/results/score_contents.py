"""Contents on single scores: per model, language, turn (Figure 1); per category (Figure 5, Tables 8-10)."""

from dataclasses import dataclass

import numpy as np

from mtbx_gui.results.content import Content, scope_of
from mtbx_gui.results.data import StudyData
from mtbx_gui.results.scores import ScoreCell, score_cells
from mtbx_gui.results.selection import Filter, Rules, ScoreTable, score_table
from mtbx_gui.results.tables import Cell, Column, Gap, Table, cell_of
from mtbx_gui.results.values import Interval, Number
from mtbx_gui.results.words import LEVEL, Words, interval_plain, number

FIRST_STEP = "No single score yet. Judge the models' answers in the tab Judge, mode single."


@dataclass(frozen=True)
class ScoresContent(Content):
    """Mean score per model x language x turn; `cells` in the order models, languages, turns."""

    models: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    turns: tuple[int, ...] = ()
    cells: tuple[ScoreCell, ...] = ()

    def cell(self, model: str, language: str, turn: int) -> ScoreCell:
        """One of the cells."""
        place = self.models.index(model) * len(self.languages) + self.languages.index(language)
        return self.cells[place * len(self.turns) + self.turns.index(turn)]


@dataclass(frozen=True)
class CategoriesContent(Content):
    """Mean score per model x language x category, both turns together; `cells` in that order."""

    models: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    cells: tuple[ScoreCell, ...] = ()

    def cell(self, model: str, language: str, category: str) -> ScoreCell:
        """One of the cells."""
        place = self.models.index(model) * len(self.languages) + self.languages.index(language)
        return self.cells[place * len(self.categories) + self.categories.index(category)]


def scores_content(data: StudyData, chosen: Filter, rules: Rules, words: Words) -> ScoresContent:
    """Figure 1 of the paper: mean single score per model and language, a panel per turn."""
    table = score_table(data, chosen)
    turns = _turns(table)
    cells = score_cells(table, turns=turns)
    columns = (
        Column(words("model")),
        Column(words("language")),
        Column(words("turn"), "count"),
        Column(words("mean"), "number"),
        Column(words("low 95 %"), "number"),
        Column(words("high 95 %"), "number"),
        Column(words("sd over repetitions"), "number"),
        Column(words("questions"), "count"),
        Column(words("judgments"), "count"),
        Column(words("without score"), "count"),
        Column(words("repetitions"), "count"),
    )
    return ScoresContent(
        key="scores",
        title=words("Score per model and language"),
        reading=_scores_reading(table, cells, words),
        rule=_rule(words) + " " + words("Lines: 95 % bootstrap by question (2,000 resamples)."),
        n=_n(table, words),
        scope=scope_of(words, table.source, list(table.languages), list(turns)),
        table=Table(columns, tuple(_score_row(cell) for cell in cells)),
        empty="" if len(table.score) else words(FIRST_STEP),
        models=table.models,
        languages=table.languages,
        turns=turns,
        cells=tuple(cells),
    )


def categories_content(data: StudyData, chosen: Filter, rules: Rules, words: Words) -> CategoriesContent:
    """Figure 5 and Tables 8-10: mean score per category, a radar per language."""
    table = score_table(data, chosen)
    cells = score_cells(table, by_category=True, turns=(None,))
    whole = {(c.model, c.language): c for c in score_cells(table, turns=(None,))}
    columns = (
        Column(words("language")),
        Column(words("model")),
        *(Column(words.category(name), "number") for name in table.categories),
        Column(words("All questions"), "number"),
        Column(words("judgments"), "count"),
    )
    found = {(cell.model, cell.language, cell.category): cell.mean for cell in cells}
    rows: list[tuple[Cell, ...]] = []
    for language in table.languages:
        for model in table.models:
            every = whole[model, language]
            per_category = (found[model, language, name] for name in table.categories)
            rows.append(
                (
                    language.upper(),
                    model,
                    *(cell_of(mean) for mean in per_category),
                    cell_of(every.mean),
                    every.judgments - every.without_score,
                )
            )
    return CategoriesContent(
        key="categories",
        title=words("Score per category"),
        reading=_categories_reading(table, words),
        rule=_rule(words) + " " + words("Both turns together."),
        n=_n(table, words),
        scope=scope_of(words, table.source, list(table.languages), list(_turns(table))),
        table=Table(columns, tuple(rows)),
        empty="" if len(table.score) else words(FIRST_STEP),
        models=table.models,
        languages=table.languages,
        categories=table.categories,
        cells=tuple(cells),
    )


def _turns(table: ScoreTable) -> tuple[int, ...]:
    return tuple(int(turn) for turn in np.unique(table.turn))


def _score_row(cell: ScoreCell) -> tuple[Cell, ...]:
    low, high = _ends(cell.mean)
    return (
        cell.model,
        (cell.language or "").upper(),
        cell.turn or 0,
        cell_of(cell.mean),
        low,
        high,
        cell_of(cell.sd),
        cell.questions,
        cell.judgments,
        cell.without_score,
        cell.repetitions,
    )


def _ends(mean: Number) -> tuple[Cell, Cell]:
    if mean.value is None:
        return Gap(mean.reason), Gap(mean.reason)
    if mean.interval is None:
        return Gap("one question only"), Gap("one question only")
    return mean.interval.low, mean.interval.high


def _overall(table: ScoreTable) -> list[tuple[str, Number]]:
    """Every model with a mean over everything the filter leaves, best first."""
    cells = score_cells(table, by_language=False, turns=(None,))
    means = [(cell.model, cell.mean) for cell in cells if cell.mean.value is not None]
    return sorted(means, key=lambda pair: (-(pair[1].value or 0), pair[0]))


def _mean_words(name: str, mean: Number, words: Words) -> str:
    text = f"{name} {number(mean)}"
    interval: Interval | None = mean.interval
    return f"{text} ({words(LEVEL)}\u00a0{interval_plain(interval)})" if interval else text


def _scores_reading(table: ScoreTable, cells: list[ScoreCell], words: Words) -> str:
    means = _overall(table)
    if not means:
        return ""
    best, worst = _mean_words(*means[0], words), _mean_words(*means[-1], words)
    if len(means) == 1:
        text = words("Mean score over everything shown: {best}.", best=best)
    else:
        text = words(
            "Over everything shown, the highest mean score is that of {best}, the lowest that of {worst}.",
            best=best,
            worst=worst,
        )
    changes = [
        second.mean.value - first.mean.value
        for first, second in zip(cells[::2], cells[1::2], strict=False)
        if len(_turns(table)) == 2 and first.mean.value is not None and second.mean.value is not None
    ]
    if changes:
        change = sum(changes) / len(changes)
        below = "Turn 2 lies {points} points below turn 1."
        above = "Turn 2 lies {points} points above turn 1."
        text += " " + words(below if change < 0 else above, points=f"{abs(change):.2f}")
    return text


def _categories_reading(table: ScoreTable, words: Words) -> str:
    finite = np.isfinite(table.score)
    means = {
        name: float(table.score[finite & (table.category == number)].mean())
        for number, name in enumerate(table.categories)
        if (finite & (table.category == number)).any()
    }
    if not means:
        return ""
    best, worst = max(means, key=lambda n: means[n]), min(means, key=lambda n: means[n])
    if best == worst:
        return words("{name}: mean score {value}.", name=words.category(best), value=f"{means[best]:.2f}")
    return words(
        "Highest mean score over all models: {best} {high}; lowest: {worst} {low}.",
        best=words.category(best),
        high=f"{means[best]:.2f}",
        worst=words.category(worst),
        low=f"{means[worst]:.2f}",
    )


def _rule(words: Words) -> str:
    return words(
        "Mean over questions of the mean over repetitions, judge's scale 1–10; judgments without a score are "
        "left out."
    )


def _n(table: ScoreTable, words: Words) -> str:
    without = int((~np.isfinite(table.score)).sum())
    text = words(
        "{questions}, {judgments}, {repetitions}",
        questions=words.count(len(table.questions), "question", "questions"),
        judgments=words.count(len(table.score), "judgment", "judgments"),
        repetitions=words.count(len(np.unique(table.repetition)), "repetition", "repetitions"),
    )
    return text + (", " + words("{count} without a score", count=without) if without else "")
