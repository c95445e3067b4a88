"""Reads a study once into small arrays: items, scores, outcomes of game pairs, votes.

It filters and computes nothing; `selection` does that. Sources (a judge with one prompt set) stay apart.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtbx_gui.results.labels import ERROR, LABELS, NOT_JUDGED, OUTCOMES
from mtbx_gui.results.values import FloatArray, IntArray
from mtbx_gui.study.games import implied_direction, resolve
from mtbx_gui.study.ids import id_order
from mtbx_gui.study.items import category_of
from mtbx_gui.study.judgments import judgments as study_judgments
from mtbx_gui.study.records import CATEGORIES, Judgment, Vote
from mtbx_gui.study.runs import all_runs
from mtbx_gui.study.settings import languages as study_languages
from mtbx_gui.study.study import Study
from mtbx_gui.study.votes import votes as study_votes

UNKNOWN_CATEGORY = "unknown"
"""The category of a judgment or vote on a question that is not among the study's items."""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Who judged, with which judge prompts and references ('' = not recorded). Sources are never pooled."""

    judge: str
    prompt_set: str = ""
    reference_set: str = ""

    @property
    def name(self) -> str:
        """How figures and files call it."""
        judge = shown_judge(self.judge)
        details = [self.prompt_set, f"references {self.reference_set}" if self.reference_set else ""]
        known = ", ".join(detail for detail in details if detail)
        return f"{judge} ({known})" if known else judge


@dataclass(frozen=True, slots=True, order=True)
class PairItem:
    """What is judged and voted on: one turn of one question, for one pair of models (sorted by name)."""

    question_id: str
    language: str
    turn: int
    model_1: str
    model_2: str


@dataclass(frozen=True, slots=True)
class ScoreColumns:
    """Single judgments of one source, a row each; `score` is nan where the judge gave none."""

    question: tuple[str, ...]
    language: tuple[str, ...]
    model: tuple[str, ...]
    turn: IntArray
    repetition: IntArray
    score: FloatArray


@dataclass(frozen=True, slots=True)
class GameColumns:
    """Resolved game pairs of one source: `outcome` and `direction` are items x repetitions."""

    items: tuple[PairItem, ...]
    repetitions: tuple[int, ...]
    outcome: IntArray
    direction: IntArray


@dataclass(frozen=True, slots=True)
class VoteColumns:
    """Effective votes, a row each; `label` is a column of `labels.LABELS`, `left` tells if model_1 was."""

    items: tuple[PairItem, ...]
    item: IntArray
    annotator: tuple[str, ...]
    label: IntArray
    left: IntArray


@dataclass(frozen=True)
class StudyData:
    """Everything the statistics need of a study, read at one moment."""

    name: str
    languages: tuple[str, ...]
    category: dict[str, str]
    scores: dict[Source, ScoreColumns]
    games: dict[Source, GameColumns]
    votes: VoteColumns

    @property
    def empty(self) -> bool:
        """Whether there is neither a judgment nor a vote."""
        return not self.scores and not self.games and not self.votes.items

    def category_of(self, question_id: str) -> str:
        """The category of a question, or `UNKNOWN_CATEGORY`."""
        return self.category.get(question_id, UNKNOWN_CATEGORY)


def shown_judge(judge: str) -> str:
    """A judge's name in figures and files; whatever the demo service wrote is called "demo judge"."""
    return "demo judge" if is_demo(judge) else judge


def shown_translator(name: str) -> str:
    """A translator's name in figures and files."""
    return "demo translator" if is_demo(name) else name


def is_demo(name: str) -> bool:
    """Whether a judge's or translator's name is that of a demo service."""
    return name.strip().lower().replace("_", " ").replace("-", " ").split(" ")[0] == "demo"


def is_simulated(annotator: str) -> bool:
    """Whether a pseudonym is that of a simulated annotator, behind whom no person stands."""
    return annotator.strip().lower().startswith("simulated")


def category_order(category: str) -> tuple[int, str]:
    """Sort key: MT-Bench's categories in their usual order, others by name after them."""
    known = CATEGORIES.index(category) if category in CATEGORIES else len(CATEGORIES)
    return known, category


def load(study: Study) -> StudyData:
    """Read the judgments and votes in effect. Reads only; call it off the GUI thread."""
    judgments = study_judgments(study)
    sets = judging_sets(study)
    return StudyData(
        name=study.name,
        languages=tuple(study_languages(study)),
        category=category_of(study),
        scores=_scores([j for j in judgments if j.mode == "single"], sets),
        games=_games([j for j in judgments if j.mode == "pair"], sets),
        votes=vote_columns(study_votes(study)),
    )


def judging_sets(study: Study) -> dict[str, tuple[str, str]]:
    """Prompt set and reference set of every judge run, by the origin that its judgments carry."""
    found = {}
    for run in all_runs(study):
        if run.kind == "judge":
            config = run.spec.get("config") or {}
            choice = config.get("choice") or {}
            found[f"run:{run.run_id}"] = (
                str(choice.get("prompt_set") or ""),
                str(config.get("reference_set") or ""),
            )
    return found


def source_of(judgment: Judgment, sets: dict[str, tuple[str, str]]) -> Source:
    """Who judged and with what: from the run it came from, else from the prompt's full name."""
    prompts, references = sets.get(judgment.origin, ("", ""))
    return Source(judgment.judge, prompts or judgment.prompt_name.rpartition("/")[0], references)


def vote_columns(votes: Sequence[Vote]) -> VoteColumns:
    """Effective votes as columns; skips are no votes."""
    kept = [vote for vote in votes if vote.choice != "skip"]
    items = sorted({_vote_item(vote) for vote in kept}, key=_item_order)
    index = {item: number for number, item in enumerate(items)}
    return VoteColumns(
        items=tuple(items),
        item=np.array([index[_vote_item(vote)] for vote in kept], dtype=np.int64),
        annotator=tuple(vote.annotator for vote in kept),
        label=np.array([LABELS.index(vote.choice) for vote in kept], dtype=np.int64),
        left=np.array([vote.left_model == vote.model_1 for vote in kept], dtype=np.int64),
    )


def _vote_item(vote: Vote) -> PairItem:
    return PairItem(vote.question_id, vote.language, vote.turn, vote.model_1, vote.model_2)


def _item_order(item: PairItem) -> tuple[object, ...]:
    return item.language, id_order(item.question_id), item.model_1, item.model_2, item.turn


def _scores(singles: Sequence[Judgment], sets: dict[str, tuple[str, str]]) -> dict[Source, ScoreColumns]:
    by_source: dict[Source, dict[tuple[object, ...], Judgment]] = defaultdict(dict)
    for j in singles:
        cell = (j.question_id, j.language, j.model_1, j.turn, j.repetition)
        kept = by_source[source_of(j, sets)]
        if cell not in kept or j.judgment_id > kept[cell].judgment_id:
            kept[cell] = j
    found = {}
    for source in sorted(by_source):
        rows = list(by_source[source].values())
        found[source] = ScoreColumns(
            question=tuple(j.question_id for j in rows),
            language=tuple(j.language for j in rows),
            model=tuple(j.model_1 for j in rows),
            turn=np.array([j.turn for j in rows], dtype=np.int64),
            repetition=np.array([j.repetition for j in rows], dtype=np.int64),
            score=np.array([np.nan if j.score is None else j.score for j in rows], dtype=np.float64),
        )
    return found


def _games(pairs: Sequence[Judgment], sets: dict[str, tuple[str, str]]) -> dict[Source, GameColumns]:
    by_source: dict[Source, dict[tuple[PairItem, int, int], Judgment]] = defaultdict(dict)
    for j in pairs:
        model_2 = j.model_2 or ""
        swapped = model_2 < j.model_1
        names = (model_2, j.model_1) if swapped else (j.model_1, model_2)
        item = PairItem(j.question_id, j.language, j.turn, *names)
        # Game 1 shows model_1 as A; with the names sorted the other way round it is game 2.
        cell = (item, j.repetition, 3 - j.game if swapped else j.game)
        kept = by_source[source_of(j, sets)]
        if cell not in kept or j.judgment_id > kept[cell].judgment_id:
            kept[cell] = j
    return {source: _resolved(by_source[source]) for source in sorted(by_source)}


def _resolved(games: dict[tuple[PairItem, int, int], Judgment]) -> GameColumns:
    items = tuple(sorted({item for item, _, _ in games}, key=_item_order))
    repetitions = tuple(sorted({repetition for _, repetition, _ in games}))
    outcome = np.full((len(items), len(repetitions)), NOT_JUDGED, dtype=np.int64)
    direction = np.zeros((len(items), len(repetitions)), dtype=np.int64)
    for row, item in enumerate(items):
        for column, repetition in enumerate(repetitions):
            first, second = games.get((item, repetition, 1)), games.get((item, repetition, 2))
            if first is None or second is None:
                continue
            verdict = resolve(first.verdict, second.verdict).verdict
            outcome[row, column] = ERROR if verdict is None else OUTCOMES.index(verdict)
            if first.verdict is not None and second.verdict is not None:
                direction[row, column] = implied_direction(first.verdict, second.verdict)
    return GameColumns(items, repetitions, outcome, direction)
