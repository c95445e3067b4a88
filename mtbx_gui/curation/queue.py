"""The queue of fields to curate: filter, order and counts over fields in memory. No database, no Qt."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mtbx_gui.curation.flags import Flag, worst
from mtbx_gui.curation.rules import Severity
from mtbx_gui.study.records import FieldKind, FieldText

State = Literal["edited", "machine", "missing"]
Flagged = Literal["", "error", "warning", "any", "none"]

STATES: tuple[State, ...] = ("edited", "machine", "missing")
FLAGGED: tuple[Flagged, ...] = ("", "error", "warning", "any", "none")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which fields of one language are in the queue; "" lets everything pass.

    `flagged`: "error" or "warning" (that severity is among the flags), "any" (either), "none". `words` must
    all occur in the id, the place, or one of the texts.
    """

    language: str = ""
    category: str = ""
    kind: FieldKind | Literal[""] = ""
    flagged: Flagged = ""
    state: State | Literal[""] = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One field in the queue with its flags; None while they have not been looked for."""

    field: FieldText
    flags: tuple[Flag, ...] | None = None

    @property
    def state(self) -> State:
        """Whether a person changed it, it stands as the machine left it, or there is no translation."""
        return state_of(self.field)

    @property
    def severity(self) -> Severity | None:
        """The gravest flag on the translation."""
        return worst(flag for flag in self.flags or () if flag.side == "target")

    @property
    def findings(self) -> str:
        """The rules that fired on the translation, gravest first, with their number of places."""
        told = [flag for flag in self.flags or () if flag.side == "target" and flag.severity != "info"]
        places: dict[str, int] = {}
        for flag in told:
            name = flag.rule_id.partition(".")[2]
            places[name] = places.get(name, 0) + max(1, len(flag.spans))
        return ", ".join(f"{name} ×{count}" if count > 1 else name for name, count in places.items())


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one language is: numbers of fields. `checked` of them have been looked at by the rules.

    `clean` counts the edited ones without errors or warnings; it, `errors` and `warnings` never overlap.
    """

    language: str
    total: int
    edited: int
    missing: int
    errors: int
    warnings: int
    checked: int
    clean: int


def state_of(field: FieldText) -> State:
    """The state of a field."""
    if field.edited:
        return "edited"
    return "missing" if field.machine is None and field.edit is None else "machine"


def matches(entry: Entry, wanted: Filter) -> bool:
    """Whether a field is in the queue."""
    field = entry.field
    if wanted.language and field.language != wanted.language:
        return False
    if wanted.category and field.category != wanted.category:
        return False
    if wanted.kind and field.kind != wanted.kind:
        return False
    if wanted.state and entry.state != wanted.state:
        return False
    if wanted.flagged and not _flagged(entry, wanted.flagged):
        return False
    return not wanted.words.strip() or _has_words(field, wanted.words)


def counts(entries: Iterable[Entry], wanted: Filter, name: str) -> dict[str, int]:
    """How many fields each choice of one part of the filter would show, the other parts as they are.

    `name` is "category", "kind", "flagged" or "state"; the choice "" counts them all.
    """
    open_filter = {
        "category": replace(wanted, category=""),
        "kind": replace(wanted, kind=""),
        "flagged": replace(wanted, flagged=""),
        "state": replace(wanted, state=""),
    }[name]
    passing = [entry for entry in entries if matches(entry, open_filter)]
    found: Counter[str] = Counter({"": len(passing)})
    for entry in passing:
        if name == "category":
            found[entry.field.category] += 1
        elif name == "kind":
            found[entry.field.kind] += 1
        elif name == "state":
            found[entry.state] += 1
        else:
            found.update(choice for choice in FLAGGED[1:] if _flagged(entry, choice))
    return dict(found)


def progress(entries: Sequence[Entry], language: str) -> Progress:
    """The numbers of one language."""
    own = [entry for entry in entries if entry.field.language == language]
    states = Counter(entry.state for entry in own)
    severities = Counter(entry.severity for entry in own)
    return Progress(
        language,
        len(own),
        states["edited"],
        states["missing"],
        severities["error"],
        severities["warning"],
        sum(entry.flags is not None for entry in own),
        sum(entry.state == "edited" and entry.severity not in ("error", "warning") for entry in own),
    )


def _flagged(entry: Entry, wanted: Flagged) -> bool:
    severities = {flag.severity for flag in entry.flags or ()}
    target = {flag.severity for flag in entry.flags or () if flag.side == "target"}
    if wanted == "none":
        return entry.flags is not None and not target & {"error", "warning"}
    if wanted == "any":
        return bool(severities & {"error", "warning"})
    return wanted in severities


def _has_words(field: FieldText, words: str) -> bool:
    text = "\n".join(
        part for part in (field.question_id, field.place, field.source, field.machine, field.edit) if part
    ).casefold()
    return all(word in text for word in words.casefold().split())
