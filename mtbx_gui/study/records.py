"""The study's frozen records: what crosses from the study to the stations and back. No database here."""

from dataclasses import dataclass, field
from typing import Any, Literal

FieldKind = Literal["turn", "reference", "judge_reference", "judge_prompt", "sample"]
TextRole = Literal["source", "machine", "edit"]
Choice = Literal["model_1", "model_2", "tie", "both_bad", "skip"]
Displayed = Literal["A", "B", "tie", "both_bad", "skip"]
Mode = Literal["single", "pair"]

FIELD_KINDS: tuple[FieldKind, ...] = ("turn", "reference", "judge_reference", "judge_prompt", "sample")
CATEGORIES = ("writing", "roleplay", "reasoning", "math", "coding", "extraction", "stem", "humanities")
"""MT-Bench's categories in their usual order."""


@dataclass(frozen=True, slots=True)
class Item:
    """One benchmark question in one language, with the texts in effect.

    `question_id` is the bare id ("81" for 81, "81" and "81_DE"). `turns` holds the turns in order;
    `references` the shown references (may be shorter); `judge_references` maps a reference set's name to
    its turns.
    """

    question_id: str
    language: str
    category: str
    turns: tuple[str, ...]
    references: tuple[str, ...]
    judge_references: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldText:
    """One curatable text with its three versions; None where a version does not exist.

    `source` is the source language's text in effect. `position` counts from 0 (turn 1 is position 0).
    `name` is the reference set, "prompt set/prompt name", or the data set.
    """

    field_id: int
    language: str
    kind: FieldKind
    question_id: str
    category: str
    name: str
    position: int
    source: str | None
    machine: str | None
    edit: str | None
    machine_by: str = ""
    edited_at: str = ""

    @property
    def effective(self) -> str:
        """The text in use: the edit, else the machine translation, else the source."""
        for text in (self.edit, self.machine, self.source):
            if text is not None:
                return text
        return ""

    @property
    def edited(self) -> bool:
        """Whether a person's text differs from what was there before."""
        base = self.machine if self.machine is not None else self.source
        return self.edit is not None and self.edit != base

    @property
    def place(self) -> str:
        """Where the field stands, in words, such as "turn 1" or "judge reference 2"."""
        if self.kind == "judge_prompt":
            return f"{self.name} {('system prompt', 'template')[self.position]}"
        return f"{self.kind.replace('_', ' ')} {self.position + 1}"


@dataclass(frozen=True, slots=True)
class TextFact:
    """One entry of a field's history, oldest first; `withdrawn` ones are kept."""

    fact_id: int
    role: TextRole
    text: str
    origin: str
    author: str
    at: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class JudgePrompt:
    """A judge prompt in one language under FastChat's names (`pair-v2`, `single-v1-multi-turn`, …)."""

    prompt_set: str
    name: str
    language: str
    system_prompt: str
    prompt_template: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """A model whose answers the study holds. `path` is '' when there are only answers."""

    name: str
    path: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """A model's turns for one item."""

    key: str
    model: str
    question_id: str
    language: str
    turns: tuple[str, ...]
    detail: dict[str, Any] = field(default_factory=dict)
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Judgment:
    """One judge call's outcome: exactly one of `score`, `verdict` and `reason` is set.

    `game` is 0 for single judging, 1 when model_1 was shown as A, 2 when model_2 was shown as A.
    `verdict` is what the judge wrote (A, B, C tie, D both bad), not mapped back to models.
    """

    key: str
    mode: Mode
    judge: str
    prompt_name: str
    question_id: str
    language: str
    turn: int
    repetition: int
    model_1: str
    model_2: str | None
    game: int
    score: float | None
    verdict: str | None
    reason: str | None
    user_prompt: str
    text: str
    detail: dict[str, Any] = field(default_factory=dict)
    origin: str = ""
    judgment_id: int = 0


@dataclass(frozen=True, slots=True)
class Vote:
    """A person's verdict on one turn of one pair. `model_1 < model_2` by name.

    `displayed` is what was pressed, `choice` the same with the sides taken out. `active_ms` counts only
    while the window was in front and the person not away.
    """

    uuid: str
    annotator: str
    question_id: str
    language: str
    turn: int
    model_1: str
    model_2: str
    left_model: str
    displayed: Displayed
    choice: Choice
    shown_at: str
    decided_at: str = ""
    active_ms: int = 0
    comment: str = ""
    supersedes: str | None = None
    vote_id: int = 0
    origin: str = "window"


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run the study knows of; its state is derived from its directory."""

    run_id: str
    kind: str
    title: str
    spec: dict[str, Any]
    at: str
    author: str
