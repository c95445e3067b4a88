"""What a filter leaves of a study's data, as the tables the statistics take. Computes no statistic itself."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mtbx_gui.results.agreement import BoundRule
from mtbx_gui.results.data import (
    GameColumns,
    PairItem,
    ScoreColumns,
    Source,
    StudyData,
    VoteColumns,
    category_order,
)
from mtbx_gui.results.labels import LABELS, NOT_JUDGED, Scheme
from mtbx_gui.results.pairs import substitute_inconsistent
from mtbx_gui.results.values import BoolArray, FloatArray, IntArray
from mtbx_gui.study.ids import id_order


@dataclass(frozen=True, slots=True)
class Filter:
    """What counts in every figure at once; None leaves a dimension as it is.

    `judge`, `prompt_set` and `reference_set` choose one source; without them the one with most judgments is
    taken, never several. `pair` (names in sorted order) narrows judgments and votes on pairs to one pair.
    """

    languages: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    turns: tuple[int, ...] | None = None
    models: tuple[str, ...] | None = None
    judge: str | None = None
    prompt_set: str | None = None
    reference_set: str | None = None
    annotators: tuple[str, ...] | None = None
    pair: tuple[str, str] | None = None

    def of(self, source: Source) -> "Filter":
        """The same filter on one source."""
        return replace(
            self,
            judge=source.judge,
            prompt_set=source.prompt_set,
            reference_set=source.reference_set,
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """The definitions that are a matter of choice; every figure prints those it used."""

    scheme: Scheme = 4
    macro: bool = False
    bound: BoundRule = "plurality"
    first_run: int = 1
    show_inconsistent: bool = False
    bootstrap: bool = False


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Single judgments of one source under a filter: an entry per judgment in every array.

    `model`, `language`, `category`, `question` are indices into the tuples beside them.
    """

    source: Source | None
    models: tuple[str, ...]
    languages: tuple[str, ...]
    categories: tuple[str, ...]
    questions: tuple[str, ...]
    model: IntArray
    language: IntArray
    category: IntArray
    question: IntArray
    turn: IntArray
    repetition: IntArray
    score: FloatArray


@dataclass(frozen=True, slots=True)
class PairTable:
    """Items (turn of a question, pair of models) under a filter, with a judge's outcomes and people's votes.

    `outcomes` and `directions` are items x repetitions, `votes` items x 4; `question` numbers the questions
    (of one language) for resampling.
    """

    source: Source | None
    items: tuple[PairItem, ...]
    category: tuple[str, ...]
    turn: IntArray
    question: IntArray
    repetitions: tuple[int, ...]
    outcomes: IntArray
    directions: IntArray
    votes: IntArray
    voters: tuple[tuple[tuple[str, int], ...], ...]
    annotators: tuple[str, ...]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The pairs of models, the one with most votes and outcomes first."""
        weight: dict[tuple[str, str], tuple[int, int]] = {}
        votes, judged = self.votes.sum(axis=1), (self.outcomes != NOT_JUDGED).sum(axis=1)
        for number, item in enumerate(self.items):
            key = (item.model_1, item.model_2)
            had = weight.get(key, (0, 0))
            weight[key] = (had[0] - int(votes[number]), had[1] - int(judged[number]))
        return sorted(weight, key=lambda pair: (weight[pair], pair))

    @property
    def categories(self) -> list[str]:
        """The categories present, in their usual order."""
        return sorted(set(self.category), key=category_order)

    @property
    def languages(self) -> list[str]:
        """The languages present."""
        return list(dict.fromkeys(item.language for item in self.items))

    def verdicts(self, first_run: int = 1) -> IntArray:
        """The judge's verdict per item after substitution (label codes, -1 = none)."""
        return substitute_inconsistent(self.outcomes, self.repetitions, first_run)[0]

    def where(self, mask: BoolArray) -> "PairTable":
        """The items for which `mask` is true."""
        rows = np.flatnonzero(mask)
        return replace(
            self,
            items=tuple(self.items[row] for row in rows),
            category=tuple(self.category[row] for row in rows),
            turn=self.turn[rows],
            question=self.question[rows],
            outcomes=self.outcomes[rows],
            directions=self.directions[rows],
            votes=self.votes[rows],
            voters=tuple(self.voters[row] for row in rows),
        )

    def of_pair(self, pair: tuple[str, str]) -> "PairTable":
        """The items of one pair of models."""
        return self.where(np.array([(i.model_1, i.model_2) == pair for i in self.items], dtype=bool))


def score_sources(data: StudyData) -> list[Source]:
    """Sources with single judgments, the one with most first."""
    return sorted(data.scores, key=lambda source: (-len(data.scores[source].score), source))


def pair_sources(data: StudyData) -> list[Source]:
    """Sources with pairwise judgments, the one with most first."""
    return sorted(data.games, key=lambda s: (-int((data.games[s].outcome != NOT_JUDGED).sum()), s))


def choose(sources: Iterable[Source], chosen: Filter) -> Source | None:
    """The first source that the filter allows, or None."""
    for source in sources:
        if (
            chosen.judge in (None, source.judge)
            and chosen.prompt_set in (None, source.prompt_set)
            and chosen.reference_set in (None, source.reference_set)
        ):
            return source
    return None


def score_table(data: StudyData, chosen: Filter) -> ScoreTable:
    """The single judgments that a filter leaves, of one source."""
    source = choose(score_sources(data), chosen)
    columns = data.scores[source] if source is not None else _NO_SCORES
    category = [data.category_of(question) for question in columns.question]
    keep = (
        _among(columns.language, chosen.languages)
        & _among(category, chosen.categories)
        & _among(columns.model, chosen.models)
    )
    if chosen.turns is not None:
        keep &= np.isin(columns.turn, chosen.turns)
    rows = np.flatnonzero(keep)
    models, model = _coded([columns.model[row] for row in rows])
    languages, language = _coded(
        [columns.language[row] for row in rows], lambda code: (_place(code, data.languages), code)
    )
    categories, coded = _coded([category[row] for row in rows], category_order)
    questions, question = _coded([columns.question[row] for row in rows], id_order)
    return ScoreTable(
        source,
        models,
        languages,
        categories,
        questions,
        model,
        language,
        coded,
        question,
        columns.turn[rows],
        columns.repetition[rows],
        columns.score[rows],
    )


def pair_table(data: StudyData, chosen: Filter) -> PairTable:
    """The items with game pairs of one source or with votes that a filter leaves."""
    source = choose(pair_sources(data), chosen)
    games = data.games[source] if source is not None else _NO_GAMES
    votes = data.votes
    kept_votes = _among(votes.annotator, chosen.annotators)
    voted = {votes.items[number] for number in np.unique(votes.item[kept_votes])}
    judged = {item: row for row, item in enumerate(games.items) if (games.outcome[row] != NOT_JUDGED).any()}
    items = [item for item in judged.keys() | voted if _wanted(data, chosen, item)]
    items.sort(key=lambda i: (_place(i.language, data.languages), id_order(i.question_id), i))
    index = {item: row for row, item in enumerate(items)}
    outcomes = np.full((len(items), len(games.repetitions)), NOT_JUDGED, dtype=np.int64)
    directions = np.zeros_like(outcomes)
    for item, row in index.items():
        if item in judged:
            outcomes[row] = games.outcome[judged[item]]
            directions[row] = games.direction[judged[item]]
    table = np.zeros((len(items), len(LABELS)), dtype=np.int64)
    voters: list[list[tuple[str, int]]] = [[] for _ in items]
    for number in np.flatnonzero(kept_votes):
        place = index.get(votes.items[votes.item[number]])
        if place is not None:
            table[place, votes.label[number]] += 1
            voters[place].append((votes.annotator[number], int(votes.label[number])))
    _, question = _coded([f"{item.language}/{item.question_id}" for item in items])
    return PairTable(
        source,
        tuple(items),
        tuple(data.category_of(item.question_id) for item in items),
        np.array([item.turn for item in items], dtype=np.int64),
        question,
        games.repetitions,
        outcomes,
        directions,
        table,
        tuple(tuple(sorted(each)) for each in voters),
        tuple(sorted({name for each in voters for name, _ in each})),
    )


def _wanted(data: StudyData, chosen: Filter, item: PairItem) -> bool:
    return (
        _allows(chosen.languages, item.language)
        and _allows(chosen.categories, data.category_of(item.question_id))
        and _allows(chosen.turns, item.turn)
        and (chosen.models is None or (item.model_1 in chosen.models and item.model_2 in chosen.models))
        and chosen.pair in (None, (item.model_1, item.model_2))
    )


def _allows(chosen: Collection[object] | None, value: object) -> bool:
    return chosen is None or value in chosen


def _among(values: Iterable[str], chosen: Collection[str] | None) -> BoolArray:
    return np.array([_allows(chosen, value) for value in values], dtype=bool)


def _place(code: str, languages: tuple[str, ...]) -> int:
    return languages.index(code) if code in languages else len(languages)


def _coded(values: list[str], order: Callable[[str], Any] | None = None) -> tuple[tuple[str, ...], IntArray]:
    """The distinct values in order, and each value's number among them."""
    distinct = sorted(set(values), key=order or str)
    number = {value: place for place, value in enumerate(distinct)}
    return tuple(distinct), np.array([number[value] for value in values], dtype=np.int64)


_NO_INTS = np.zeros(0, dtype=np.int64)
_NO_SCORES = ScoreColumns((), (), (), _NO_INTS, _NO_INTS, np.zeros(0))
_NO_GAMES = GameColumns((), (), np.zeros((0, 0), dtype=np.int64), np.zeros((0, 0), dtype=np.int64))
NO_VOTES = VoteColumns((), _NO_INTS, (), _NO_INTS, _NO_INTS)
