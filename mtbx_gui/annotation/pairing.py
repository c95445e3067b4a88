"""Which pairs of answers an annotator rates, in what order: drawn by key, balanced over categories and pairs.

Nothing here knows sides or votes; see `sides` and `session`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from mtbx_gui.annotation.keyed import draw, fraction
from mtbx_gui.study.answers import answers
from mtbx_gui.study.items import items
from mtbx_gui.study.records import Answer, Item
from mtbx_gui.study.study import Study

ModelPair = tuple[str, str]
"""Two models' names in sorted order."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two models' answers to one item. `model_1 < model_2`; `turns` is how many turns are rated."""

    question_id: str
    language: str
    category: str
    model_1: str
    model_2: str
    turns: int

    @property
    def models(self) -> ModelPair:
        """Both names in sorted order."""
        return self.model_1, self.model_2


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to rate in one language: the models with complete answers and the number of pairs."""

    language: str
    models: tuple[str, ...]
    pairs: int


def model_pairs(models: Iterable[str]) -> list[ModelPair]:
    """Every unordered pair of different models, names sorted."""
    return list(combinations(sorted(set(models)), 2))


def draw_order(
    questions: Sequence[Item], pairs: Sequence[ModelPair], study_id: str, annotator: str
) -> list[Pair]:
    """All pairs of models over all items of one language, in the order this annotator meets them.

    Every stratum (model pair, category) is shuffled by key and spread evenly over the whole sequence: the
    k-th of its n items stands at a drawn place within [k/n, (k+1)/n). So any stretch of the work holds the
    categories and the model pairs in about their shares, and categories of equal size take strict turns.
    The order depends on the items and on nothing else: answers that arrive later leave it as it is.
    """
    strata: dict[tuple[ModelPair, str], list[Item]] = defaultdict(list)
    for models in pairs:
        for item in questions:
            strata[(models, item.category)].append(item)
    placed: list[tuple[float, int, Pair]] = []
    for (models, category), members in strata.items():
        key = (annotator, *models, category)
        hashes = {item.question_id: draw(study_id, "order", *key, item.question_id) for item in members}
        ranks = {question: rank for rank, question in enumerate(sorted(hashes, key=hashes.__getitem__))}
        for item in members:
            names = (*key, item.question_id)
            place = (ranks[item.question_id] + fraction(study_id, "place", *names)) / len(members)
            pair = Pair(item.question_id, item.language, category, *models, turns=len(item.turns))
            placed.append((place, draw(study_id, "equal", *names), pair))
    placed.sort(key=lambda entry: entry[:2])
    return [pair for _, _, pair in placed]


def complete(answer: Answer, turns: int) -> bool:
    """Whether an answer holds every turn of its item; an empty text is an answer too."""
    return len(answer.turns) >= turns > 0


def offers(study: Study) -> list[Offer]:
    """The languages in which at least two models have answered at least one item in common."""
    turns = {(item.language, item.question_id): len(item.turns) for item in items(study)}
    answered: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for answer in answers(study):
        if complete(answer, turns.get((answer.language, answer.question_id), 0)):
            answered[answer.language][answer.model].add(answer.question_id)
    found = []
    for language, by_model in sorted(answered.items()):
        shared = {pair: len(by_model[pair[0]] & by_model[pair[1]]) for pair in model_pairs(by_model)}
        models = sorted({name for pair, count in shared.items() if count for name in pair})
        if models:
            found.append(Offer(language, tuple(models), sum(shared.values())))
    return found
