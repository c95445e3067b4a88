"""What a person chose to have judged, by whom and how. Only a record: it looks nothing up."""

from itertools import combinations
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mtbx_gui.judging.prompts import REFERENCE_CATEGORIES
from mtbx_gui.study.records import Mode

ITEM_LANGUAGE = "item"
"""The prompt's language is that of the item."""

QUESTION_REFERENCES = "question"
"""The reference set's name for the references that stand beside the questions themselves."""


class JudgeChoice(BaseModel):
    """Everything a plan needs beside the study. Empty `languages`, `categories` or `models` mean all of them.

    `unticked` holds (model, language) cells that are left out. `cap` is in the price list's currency, None
    for no cap. `reference_set` "" takes the study's first one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    profile: str
    mode: Mode = "single"
    models: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    unticked: tuple[tuple[str, str], ...] = ()
    categories: tuple[str, ...] = ()
    turns: tuple[int, ...] = (1, 2)
    pairs: Literal["all", "baseline", "chosen"] = "all"
    baseline: str = ""
    chosen_pairs: tuple[tuple[str, str], ...] = ()
    repetitions: int = Field(default=1, ge=1, le=99)
    prompt_set: str = "mtbx-3"
    prompt_language: str = ITEM_LANGUAGE
    reference_set: str = ""
    guided_categories: tuple[str, ...] = REFERENCE_CATEGORIES
    on_bad_answers: Literal["judge", "skip"] = "judge"
    cap: float | None = Field(default=None, gt=0)
    workers: int = Field(default=8, ge=1, le=64)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.mode == "pair" and self.pairs == "baseline" and not self.baseline:
            raise ValueError("A comparison against a baseline needs the baseline's name.")
        if not self.turns or not set(self.turns) <= {1, 2}:
            raise ValueError("Turns are 1 and 2.")
        if any(first == second for first, second in self.chosen_pairs):
            raise ValueError("A pair needs two different models.")
        return self

    def ticked(self, model: str, language: str) -> bool:
        """Whether this cell of the matrix is to be judged."""
        return (model, language) not in self.unticked

    def pairs_of(self, models: tuple[str, ...]) -> list[tuple[str, str]]:
        """The pairs to compare among `models`, names in sorted order within a pair."""
        if self.pairs == "chosen":
            wanted = {(min(pair), max(pair)) for pair in self.chosen_pairs}
            return sorted(pair for pair in wanted if set(pair) <= set(models))
        every = combinations(sorted(set(models)), 2)
        if self.pairs == "baseline":
            return [pair for pair in every if self.baseline in pair]
        return list(every)
