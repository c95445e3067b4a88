"""Judge prompts: which template for which question, checked before a start, filled as they are."""

import functools
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mtbx_gui.assets import resources
from mtbx_gui.judging.verdicts import VerdictMode
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.study import items
from mtbx_gui.study.records import JudgePrompt, Mode
from mtbx_gui.study.study import Study

REFERENCE_CATEGORIES = ("math", "reasoning", "coding", "arena-hard-200")
"""Where the judge reads a reference, as in FastChat."""

Kind = Literal["plain", "reference"]

_NAMES: dict[tuple[Mode, Kind, int], str] = {
    ("single", "plain", 1): "single-v1",
    ("single", "reference", 1): "single-math-v1",
    ("single", "plain", 2): "single-v1-multi-turn",
    ("single", "reference", 2): "single-math-v1-multi-turn",
    ("pair", "plain", 1): "pair-v2",
    ("pair", "reference", 1): "pair-math-v1",
    ("pair", "plain", 2): "pair-v2-multi-turn",
    ("pair", "reference", 2): "pair-math-v1-multi-turn",
}
NAMES = tuple(_NAMES.values())

_SINGLE = {1: ("question", "answer"), 2: ("question_1", "question_2", "answer_1", "answer_2")}
_PAIR = {
    1: ("question", "answer_a", "answer_b"),
    2: ("question_1", "question_2", "answer_a_1", "answer_a_2", "answer_b_1", "answer_b_2"),
}
_REFERENCES = {1: ("ref_answer_1",), 2: ("ref_answer_1", "ref_answer_2")}

PLACEHOLDERS: dict[str, frozenset[str]] = {
    name: frozenset(
        (_SINGLE if mode == "single" else _PAIR)[turn] + (_REFERENCES[turn] if kind == "reference" else ())
    )
    for (mode, kind, turn), name in _NAMES.items()
}
"""The placeholders each template must have, and may have."""

_ANY_PLACEHOLDER = re.compile(
    r"\{(" + "|".join(sorted(frozenset().union(*PLACEHOLDERS.values()), key=len, reverse=True)) + r")\}"
)
_TAG = re.compile(r"\[\[\s*([^\[\]\s][^\[\]]*)\s*\]\]")
_EXAMPLE_SCORE = re.compile(r"\[\[\s*(?:[1-9]|10)\s*\]\]")


class PromptError(MtbxError):
    """A judge prompt is missing or can't be used."""


@dataclass(frozen=True)
class PromptSet:
    """The prompts of one set by language and name. `shipped` sets come with the program."""

    name: str
    shipped: bool
    prompts: dict[tuple[str, str], JudgePrompt] = field(default_factory=dict)

    def get(self, language: str, name: str) -> JudgePrompt:
        """One template. Raises PromptError when the set lacks it."""
        found = self.prompts.get((language, name))
        if found is None:
            raise PromptError(
                f'The prompt set "{self.name}" has no prompt "{name}" in {language.upper()}.',
                "Choose another prompt set or prompt language, or import the missing prompt.",
            )
        return found

    @property
    def languages(self) -> list[str]:
        """The languages the set has any prompt in."""
        return sorted({language for language, _ in self.prompts})


@dataclass(frozen=True, slots=True)
class FilledPrompt:
    """What is sent to the judge. `sha256` covers both messages."""

    system: str
    user: str
    sha256: str


def template_name(
    mode: Mode, category: str, turn: int, guided: tuple[str, ...] = REFERENCE_CATEGORIES
) -> str:
    """FastChat's name of the template for a question of `category` in `turn` 1 or 2."""
    return _NAMES[(mode, "reference" if category in guided else "plain", turn)]


def shipped_set_names() -> list[str]:
    """The prompt sets the program ships, in its own wording."""
    return sorted(path.name for path in (resources() / "judge_prompts").iterdir() if path.is_dir())


@functools.cache
def shipped_set(name: str) -> PromptSet:
    """A shipped prompt set. Raises PromptError for an unknown name."""
    folder = resources() / "judge_prompts" / name
    if name not in shipped_set_names():
        raise PromptError(
            f'There is no prompt set "{name}".', f"Choose one of {', '.join(shipped_set_names())}."
        )
    prompts: dict[tuple[str, str], JudgePrompt] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            raw = json.loads(line)
            system, template = raw.pop("system_prompt"), raw.pop("prompt_template")
            prompt = JudgePrompt(name, raw.pop("name"), path.stem, system, template, raw)
            prompts[(path.stem, prompt.name)] = prompt
    return PromptSet(name, True, prompts)


def prompt_set_names(study: Study) -> list[str]:
    """The sets that can be chosen: the study's own, then the shipped ones."""
    own = items.prompt_sets(study)
    return own + [name for name in shipped_set_names() if name not in own]


def prompt_set(study: Study, name: str) -> PromptSet:
    """A set by name: the study's texts in effect, or a shipped one. Raises PromptError if unknown."""
    if name in items.prompt_sets(study):
        found = items.judge_prompts(study, prompt_set=name)
        return PromptSet(name, False, {(prompt.language, prompt.name): prompt for prompt in found})
    if name in shipped_set_names():
        return shipped_set(name)
    raise PromptError(
        f'There is no prompt set "{name}".', f"Choose one of {', '.join(prompt_set_names(study))}."
    )


def verdict_mode(prompt: JudgePrompt) -> VerdictMode:
    """What the prompt asks for: a score, one of three letters, or one of four."""
    if prompt.name.startswith("single"):
        return "single"
    offered = _TAG.findall(prompt.system_prompt + prompt.prompt_template)
    return "pair4" if "D" in offered else "pair3"


def check_prompt(prompt: JudgePrompt) -> list[str]:
    """What is wrong with a prompt, as sentences; empty when it can be used.

    Placeholders must be those of the template's name, and the verdict format must be shown: all letters for
    a pair, an example score in double brackets for a single answer. The word inside the brackets is free.
    """
    place = f'The prompt "{prompt.name}" of "{prompt.prompt_set}" in {prompt.language.upper()}'
    wanted = PLACEHOLDERS.get(prompt.name)
    if wanted is None:
        return [f"{place} has a name that is none of {', '.join(NAMES)}."]
    problems: list[str] = []
    there = set(_ANY_PLACEHOLDER.findall(prompt.prompt_template))
    if missing := sorted(wanted - there):
        problems.append(f"{place} lacks {_listed(missing)}.")
    if surplus := sorted(there - wanted):
        problems.append(f"{place} has {_listed(surplus)}, which this template is given nothing for.")
    if inside := sorted(set(_ANY_PLACEHOLDER.findall(prompt.system_prompt))):
        problems.append(f"{place} has {_listed(inside)} in its system prompt, where nothing is filled in.")
    text = prompt.system_prompt + "\n" + prompt.prompt_template
    if prompt.name.startswith("single"):
        if not _EXAMPLE_SCORE.search(text):
            problems.append(f'{place} shows no example score such as "[[5]]".')
    elif lost := [letter for letter in "ABC" if letter not in _TAG.findall(text)]:
        problems.append(f"{place} does not offer {', '.join(f'[[{letter}]]' for letter in lost)}.")
    return problems


def fill(prompt: JudgePrompt, values: Mapping[str, str]) -> FilledPrompt:
    """Put texts in place of the placeholders, in one pass: braces inside the texts stay as they are.

    Raises PromptError when a placeholder has no text.
    """

    def text(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise PromptError(
                f'The prompt "{prompt.name}" needs a text for {{{match[1]}}} and there is none.',
                "Choose another prompt set, or add the missing reference.",
            )
        return values[match[1]]

    user = _ANY_PLACEHOLDER.sub(text, prompt.prompt_template)
    return FilledPrompt(prompt.system_prompt, user, prompt_hash(prompt.system_prompt, user))


def prompt_hash(system: str, user: str) -> str:
    """SHA-256 of both messages as they are sent."""
    return hashlib.sha256(f"{system}\x00{user}".encode("utf-8", "surrogatepass")).hexdigest()


def _listed(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
