"""A pair with its texts and drawn sides: the only place of a session where models' names are known.

Ballots stay inside this package; what leaves it are cards.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mtbx_gui.annotation.card import Card, Place
from mtbx_gui.annotation.pairing import ModelPair, Pair, complete, draw_order, model_pairs
from mtbx_gui.annotation.sides import first_on_left
from mtbx_gui.study.answers import answers
from mtbx_gui.study.items import items
from mtbx_gui.study.records import Displayed, Item
from mtbx_gui.study.study import Study

VoteKey = tuple[str, str, str, str, int]
"""question_id, language, model_1, model_2, turn."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """One pair: the item, both models' turns, and per turn whether the first model stands on the left."""

    pair: Pair
    item: Item
    first: tuple[str, ...]
    second: tuple[str, ...]
    first_left: tuple[bool, ...]

    def vote_key(self, turn: int) -> VoteKey:
        """How the study names this turn of this pair."""
        return (self.pair.question_id, self.pair.language, self.pair.model_1, self.pair.model_2, turn)

    def card(self, place: Place, pairs: int, first_left: bool, given: Displayed | None, comment: str) -> Card:
        """The turn as it is shown, without names; `first_left` decides who is A."""
        turn = place.turn
        left, right = (self.first, self.second) if first_left else (self.second, self.first)
        judge = next((texts for _, texts in sorted(self.item.judge_references.items())), ())
        return Card(
            place=place,
            pairs=pairs,
            turns=self.pair.turns,
            question_id=self.pair.question_id,
            language=self.pair.language,
            questions=self.item.turns[:turn],
            answer_a=left[:turn],
            answer_b=right[:turn],
            references=self.item.references[:turn],
            judge_references=judge[:turn],
            given=given,
            comment=comment,
        )


def load_ballots(
    study: Study, annotator: str, language: str, pairs: Sequence[ModelPair] | None = None
) -> list[Ballot]:
    """What this annotator may rate in a language, in their order; pairs with missing turns are left out."""
    found = {item.question_id: item for item in items(study, [language])}
    texts: dict[tuple[str, str], tuple[str, ...]] = {}
    for answer in answers(study, [language]):
        item = found.get(answer.question_id)
        if item is not None and complete(answer, len(item.turns)):
            texts[(answer.model, answer.question_id)] = answer.turns
    wanted = model_pairs(model for model, _ in texts) if pairs is None else list(pairs)
    order = draw_order(list(found.values()), wanted, study.study_id, annotator)
    sides = _sides(order, study.study_id, annotator, language)
    ballots = []
    for pair in order:
        first = texts.get((pair.model_1, pair.question_id))
        second = texts.get((pair.model_2, pair.question_id))
        if first is not None and second is not None:
            first_left = tuple(
                sides[(*pair.models, turn)][pair.question_id] for turn in range(1, pair.turns + 1)
            )
            ballots.append(Ballot(pair, found[pair.question_id], first, second, first_left))
    return ballots


def _sides(
    order: Sequence[Pair], study_id: str, annotator: str, language: str
) -> dict[tuple[str, str, int], dict[str, bool]]:
    questions: dict[ModelPair, list[str]] = {}
    most = 0
    for pair in order:
        questions.setdefault(pair.models, []).append(pair.question_id)
        most = max(most, pair.turns)
    return {
        (*models, turn): first_on_left(asked, study_id, annotator, language, models, turn)
        for models, asked in questions.items()
        for turn in range(1, most + 1)
    }
