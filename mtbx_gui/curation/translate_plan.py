"""From a choice to a translation run: every field that is missing, and what it will come to.

It reads the study, sends nothing and starts nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from mtbx_gui.curation.detect.texts import foreign_spans
from mtbx_gui.curation.protect import protect
from mtbx_gui.curation.rules import AddressPolicy, address_policies
from mtbx_gui.curation.segments import code_regions
from mtbx_gui.curation.translators import DEEPL, TranslatorProfile
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.rundir.plan import RunPlan
from mtbx_gui.study.ids import content_key
from mtbx_gui.study.records import FieldKind, FieldText
from mtbx_gui.study.settings import source_language
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import fields, text_keys

MODULE = "mtbx_gui.curation.translate_run"
CONTEXT_CHARACTERS = 8_000
_ITEM_KINDS: tuple[FieldKind, ...] = ("turn", "reference", "judge_reference")

Place = tuple[FieldKind, str, str, int]
"""Where a field stands, whatever its language: kind, question id, name, position."""


class NothingToTranslate(MtbxError):
    """All fields of a plan have their translation already, or there are none."""


class TranslateChoice(BaseModel):
    """What a person chose to have translated, and by whom. `question_ids` None means all items.

    With `only_missing`, fields that have any translation are left out; without, only those that this
    translator has translated from the very same source text: nothing is paid twice.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    languages: tuple[str, ...] = Field(min_length=1)
    kinds: tuple[FieldKind, ...] = Field(_ITEM_KINDS, min_length=1)
    question_ids: tuple[str, ...] | None = None
    translator: TranslatorProfile = DEEPL
    only_missing: bool = True

    @field_validator("languages")
    @classmethod
    def _codes(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for code in given:
            if len(code) != 2 or not code.isalpha() or code != code.lower():
                raise ValueError(f'"{code}" is no language code; two small letters are expected, such as de')
        return tuple(dict.fromkeys(given))


@dataclass(frozen=True)
class Estimate:
    """What a plan comes to, in fields and, per language, in code points.

    `characters` counts the source texts and `billed` what will be billed of them: code, placeholders and tags
    are not. `done` fields have their translation, `in_work` ones are in a run that is still at work.
    """

    fields: int
    characters: dict[str, int]
    billed: dict[str, int]
    done: int = 0
    in_work: int = 0

    @property
    def billed_characters(self) -> int:
        """The billed characters of all languages."""
        return sum(self.billed.values())


@dataclass(frozen=True)
class TranslatePlan:
    """A run to start and what it will come to."""

    run: RunPlan
    estimate: Estimate
    choice: TranslateChoice

    def check_startable(self) -> None:
        """Raise NothingToTranslate with a sentence when there is nothing to do."""
        if self.estimate.fields:
            return
        shown = " ".join(self.choice.languages).upper()
        if self.estimate.in_work:
            raise NothingToTranslate(
                f"A run is translating what is missing in {shown}.", "Follow that run, or cancel it first."
            )
        if self.estimate.done:
            raise NothingToTranslate(
                f"All {self.estimate.done} fields in {shown} have their translation.",
                "Choose other languages or items.",
            )
        raise NothingToTranslate(
            f"The study has no texts to translate into {shown}.", "Import a benchmark first."
        )


def translate_plan(study: Study, choice: TranslateChoice, in_work: Collection[str] = ()) -> TranslatePlan:
    """Plan the fields of `choice` that are missing; `in_work` holds keys that other runs are at.

    Passages in a third language are kept as they are. Raises NothingToTranslate when the source language
    itself was chosen.
    """
    source = source_language(study)
    if source in choice.languages:
        raise NothingToTranslate(
            f"{source.upper()} is the language this study is translated from.", "Choose other languages."
        )
    everything = fields(study, [source])
    wanted = [text for text in everything if _chosen(text, choice)]
    contexts = _contexts(everything)
    present = text_keys(study)
    texts: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    left: Counter[str] = Counter()
    characters = dict.fromkeys(choice.languages, 0)
    billed = dict.fromkeys(choice.languages, 0)
    for language in choice.languages:
        policy = address_policies().languages.get(language)
        translated = _translated(study, language)
        for text in wanted:
            key = field_key(choice.translator, text, language, policy)
            if key in present or (choice.only_missing and _place(text) in translated):
                left["done"] += 1
                continue
            if key in in_work:
                left["in_work"] += 1
                continue
            group = _group(text)
            characters[language] += len(text.effective)
            keep = foreign_spans(text.effective, source)
            billed[language] += protect(text.effective, keep).characters
            row = _row(key, text, language, "/".join(group))
            row |= {"source": _kept(texts, text.effective), "keep": keep}
            rows.append(row | {"context": _kept(texts, contexts[group])})
    estimate = Estimate(len(rows), characters, billed, left["done"], left["in_work"])
    return TranslatePlan(_run(choice, source, rows, texts), estimate, choice)


def field_key(
    translator: TranslatorProfile, text: FieldText, language: str, policy: AddressPolicy | None
) -> str:
    """The content key of one field's translation: the same work has the same key, whenever it is planned."""
    formality = policy.formality if policy is not None else "default"
    place = (text.question_id, text.name, text.position)
    return content_key("translation", translator.id, text.effective, language, formality, text.kind, place)


def _chosen(text: FieldText, choice: TranslateChoice) -> bool:
    if text.kind not in choice.kinds or not text.effective.strip():
        return False
    ids = choice.question_ids
    return ids is None or text.kind == "judge_prompt" or text.question_id in ids


def _place(text: FieldText) -> Place:
    return text.kind, text.question_id, text.name, text.position


def _translated(study: Study, language: str) -> set[Place]:
    """The fields with a machine's or a person's text in that language."""
    return {
        _place(text)
        for text in fields(study, [language])
        if text.machine is not None or text.edit is not None
    }


def _group(text: FieldText) -> tuple[str, ...]:
    """What is sent together and read as context: an item, a judge prompt, a conversation."""
    if text.kind in _ITEM_KINDS:
        return ("item", text.question_id)
    return (text.kind, text.name, text.question_id)


def _contexts(everything: list[FieldText]) -> dict[tuple[str, ...], str]:
    """The whole item of every group in the source language, its code left out: code is never sent."""
    parts: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for text in everything:
        prose = "".join(_prose_parts(text.effective))
        if prose.strip() and prose not in parts[_group(text)]:
            parts[_group(text)].append(prose)
    return defaultdict(str, {g: "\n\n".join(texts)[:CONTEXT_CHARACTERS] for g, texts in parts.items()})


def _prose_parts(text: str) -> Iterator[str]:
    last = 0
    for region in code_regions(text):
        yield text[last : region.start]
        yield "…"
        last = region.end
    yield text[last:]


def _row(key: str, text: FieldText, language: str, group: str) -> dict[str, Any]:
    return {
        "key": key,
        "question_id": text.question_id,
        "language": language,
        "kind": text.kind,
        "position": text.position,
        "name": text.name,
        "group": group,
        "source_sha256": sha256(text.effective.encode("utf-8", "surrogatepass")).hexdigest(),
    }


def _kept(texts: dict[str, str], text: str) -> str:
    """The id of a text in the run's table of texts; each is written once."""
    text_id = content_key(text)[:24]
    texts[text_id] = text
    return text_id


def _run(choice: TranslateChoice, source: str, rows: list[dict[str, Any]], texts: dict[str, str]) -> RunPlan:
    policies = address_policies().languages
    shown = " ".join(dict.fromkeys(row["language"] for row in rows)).upper()
    return RunPlan(
        kind="translate",
        title=f"{choice.translator.name} · {shown or 'nothing'}",
        module=MODULE,
        config={
            "translator": choice.translator.model_dump(mode="json"),
            "choice": choice.model_dump(mode="json"),
            "source_language": source,
            "address": {
                code: policies[code].model_dump(mode="json") for code in choice.languages if code in policies
            },
        },
        inputs={
            "texts": [{"id": text_id, "text": text} for text_id, text in texts.items()],
            "fields": rows,
        },
        total=len(rows),
    )
