"""One planned judge call: which texts go into which template, and the key by which it is known again."""

from dataclasses import dataclass
from typing import Any

from mtbx_gui.judging.profiles import JudgeProfile
from mtbx_gui.judging.prompts import FilledPrompt, fill
from mtbx_gui.judging.verdicts import VerdictMode
from mtbx_gui.study.ids import content_key
from mtbx_gui.study.records import Item, JudgePrompt, Mode


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: one turn of one answer, or of two answers in one order.

    `game` is 0 for a single answer, 1 when model_1 is shown as A, 2 when model_2 is.
    """

    mode: Mode
    question_id: str
    language: str
    turn: int
    model_1: str
    model_2: str | None
    game: int


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call that is not in the study yet. `tokens` is the estimated length of its prompt."""

    key: str
    subject: Subject
    repetition: int
    prompt: JudgePrompt
    values: dict[str, str]
    sha256: str
    verdicts: VerdictMode
    tokens: int


def values_of(
    item: Item,
    turn: int,
    answers: tuple[tuple[str, ...], ...],
    references: tuple[str, ...],
) -> dict[str, str]:
    """The texts for a template's placeholders: one answer's turns, or those shown as A and as B."""
    values: dict[str, str] = {}
    if turn == 1:
        values["question"] = item.turns[0]
    else:
        values |= {f"question_{number}": text for number, text in enumerate(item.turns[:2], start=1)}
    values |= {f"ref_answer_{number}": text for number, text in enumerate(references[:turn], start=1)}
    names = ("answer",) if len(answers) == 1 else ("answer_a", "answer_b")
    for name, turns in zip(names, answers, strict=True):
        if turn == 1:
            values[name] = turns[0]
        else:
            values |= {f"{name}_{number}": text for number, text in enumerate(turns[:2], start=1)}
    return values


def call_key(profile: JudgeProfile, subject: Subject, filled: FilledPrompt, repetition: int) -> str:
    """SHA-256 over what makes a call: judge, parameters, prompt, order, repetition, models, turn, item."""
    return content_key(
        "judgment",
        profile.id,
        profile.parameters(),
        filled.sha256,
        subject.mode,
        subject.question_id,
        subject.language,
        subject.turn,
        subject.model_1,
        subject.model_2,
        subject.game,
        repetition,
    )


def again(key: str) -> str:
    """The key under which a call is made anew whose judgment says "api_error": an error is no result."""
    return content_key("again", key)


def to_row(call: PlannedCall, text_ids: dict[str, str]) -> dict[str, Any]:
    """The call as a line of in/calls.jsonl; `text_ids` maps each text to its id in in/texts.jsonl."""
    subject = call.subject
    return {
        "key": call.key,
        "mode": subject.mode,
        "question_id": subject.question_id,
        "language": subject.language,
        "turn": subject.turn,
        "repetition": call.repetition,
        "model_1": subject.model_1,
        "model_2": subject.model_2,
        "game": subject.game,
        "template": template_id(call.prompt),
        "verdicts": call.verdicts,
        "values": {name: text_ids[text] for name, text in call.values.items()},
        "prompt_sha256": call.sha256,
        "tokens": call.tokens,
    }


def template_id(prompt: JudgePrompt) -> str:
    """Where a template stands: set, language, name."""
    return f"{prompt.prompt_set}/{prompt.language}/{prompt.name}"


def template_row(prompt: JudgePrompt) -> dict[str, Any]:
    """A template as a line of in/templates.jsonl."""
    return {
        "id": template_id(prompt),
        "prompt_set": prompt.prompt_set,
        "name": prompt.name,
        "language": prompt.language,
        "system_prompt": prompt.system_prompt,
        "prompt_template": prompt.prompt_template,
        "sha256": content_key(prompt.system_prompt, prompt.prompt_template),
    }


def refill(row: dict[str, Any], templates: dict[str, JudgePrompt], texts: dict[str, str]) -> FilledPrompt:
    """The prompt of a line of in/calls.jsonl, filled again."""
    values = {name: texts[text_id] for name, text_id in row["values"].items()}
    return fill(templates[row["template"]], values)
