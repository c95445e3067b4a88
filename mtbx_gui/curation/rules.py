"""Rules as data: what resources/rules/*.json may say, and the set of them that is in force.

Reading and checking only; what a rule's `type` does is written in `curation.detect`.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mtbx_gui.assets import resources
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.study.records import FieldKind

T = TypeVar("T", bound=BaseModel)

Severity = Literal["error", "warning", "info"]
Side = Literal["source", "target"]
RuleType = Literal[
    "code_layout",
    "code_tokens",
    "currency",
    "empty",
    "fences",
    "foreign_text",
    "holds_code",
    "holds_placeholders",
    "infinitive",
    "language",
    "length",
    "lexicon",
    "numbers",
    "placeholders",
    "plural_address",
    "untranslated",
]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


class RuleError(MtbxError):
    """A rule file can't be used."""


class Rule(BaseModel):
    """One rule. `languages` and `kinds` limit it (empty = all); `precision` is what was measured."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^(src|tgt)\.[a-z0-9_]+$")
    side: Side
    languages: tuple[str, ...] = ()
    kinds: tuple[FieldKind, ...] = ()
    severity: Severity
    type: RuleType
    params: dict[str, Any] = {}
    message: str = Field(min_length=3)
    fix: str | None = None
    precision: float | None = Field(default=None, ge=0, le=1)

    def applies(self, language: str, kind: FieldKind) -> bool:
        """Whether the rule looks at fields of this language and kind."""
        return (not self.languages or language in self.languages) and (not self.kinds or kind in self.kinds)


class RuleFile(BaseModel):
    """One file of rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(ge=1)
    about: str
    rules: tuple[Rule, ...]


class AddressPolicy(BaseModel):
    """How one reader is addressed in a language, for the translator and for the register rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: str
    formality: Literal["default", "more", "less", "prefer_more", "prefer_less"]
    instruction: str = Field(max_length=300)


class AddressPolicies(BaseModel):
    """resources/rules/address_policy.json: language code -> policy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(ge=1)
    about: str
    languages: dict[str, AddressPolicy]


@dataclass(frozen=True)
class RuleSet:
    """The rules in force, in the order in which flags are listed."""

    rules: tuple[Rule, ...]

    @cached_property
    def sha256(self) -> str:
        """The set's identity; a flag is only comparable within one."""
        data = [rule.model_dump(mode="json") for rule in self.rules]
        return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id. Raises KeyError."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def without(self, rule_ids: Iterable[str]) -> "RuleSet":
        """The set with some rules switched off."""
        off = frozenset(rule_ids)
        return RuleSet(tuple(rule for rule in self.rules if rule.id not in off))


def rules_folder() -> Path:
    """Where the rule files lie."""
    return resources() / "rules"


@lru_cache(maxsize=4)
def default_rules() -> RuleSet:
    """The rules shipped in resources/rules. Raises RuleError when a file can't be used."""
    found: dict[str, Rule] = {}
    for path in sorted(rules_folder().glob("rules_*.json")):
        for rule in load_rules(path).rules:
            if rule.id in found:
                raise RuleError(f"{path}: the rule {rule.id} is defined twice.", "Remove one of the two.")
            found[rule.id] = rule
    order = {severity: place for place, severity in enumerate(SEVERITIES)}
    return RuleSet(tuple(sorted(found.values(), key=lambda r: (order[r.severity], r.id))))


def load_rules(path: Path) -> RuleFile:
    """One rule file. Raises RuleError naming the file and the field that is wrong."""
    return _load(path, RuleFile)


@lru_cache(maxsize=4)
def address_policies() -> AddressPolicies:
    """The default address policy of each language."""
    return _load(rules_folder() / "address_policy.json", AddressPolicies)


@lru_cache(maxsize=32)
def lexicon(name: str) -> dict[str, Any]:
    """A word list of resources/rules/lexicon_<name>.json. Raises RuleError."""
    path = rules_folder() / f"lexicon_{name}.json"
    value = _json(path)
    if not isinstance(value, dict):
        raise RuleError(f"{path} should hold a JSON object.", "Install the package again from its wheel.")
    return value


def _load(path: Path, model: type[T]) -> T:
    try:
        return model.model_validate(_json(path))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RuleError(
            f"{path}: {place}: {first['msg']}.", "Mend this field; no rule was loaded."
        ) from error


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RuleError(
            f"{path} can't be read: {error}.", "Install the package again from its wheel."
        ) from error
