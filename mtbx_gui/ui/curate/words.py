"""How the Curate tab names things: fields, states, severities, languages, choices of the filter."""

from collections.abc import Sequence

from mtbx_gui.curation.drafts import Recovered
from mtbx_gui.curation.queue import Entry, Flagged, State
from mtbx_gui.curation.rules import Severity
from mtbx_gui.curation.session import Saved
from mtbx_gui.study.records import FieldKind, FieldText, TextFact
from mtbx_gui.ui.i18n import tr, tr_count

STATE_MEANINGS: dict[State, str] = {"edited": "approved", "machine": "open", "missing": "stalled"}
"""The meaning in COLORS whose dot stands for a state."""


def state_word(state: State) -> str:
    """A state in one word."""
    return {"edited": tr("edited"), "machine": tr("machine"), "missing": tr("missing")}[state]


def severity_word(severity: Severity) -> str:
    """A severity in one word."""
    return {"error": tr("error"), "warning": tr("warning"), "info": tr("note")}[severity]


def kind_word(kind: FieldKind) -> str:
    """A kind of field, in the plural."""
    return {
        "turn": tr("turns"),
        "reference": tr("references"),
        "judge_reference": tr("judge references"),
        "judge_prompt": tr("judge prompts"),
        "sample": tr("samples"),
    }[kind]


def flagged_word(choice: Flagged) -> str:
    """A choice of the filter by flags."""
    return {
        "": tr("any flags"),
        "error": tr("with errors"),
        "warning": tr("with warnings"),
        "any": tr("errors or warnings"),
        "none": tr("nothing flagged"),
    }[choice]


def place_word(field: FieldText) -> str:
    """Where a field stands within its item: "turn 1", "judge reference 2"; a prompt's name and part."""
    if field.kind == "judge_prompt":
        name = field.name.rpartition("/")[2]
        return f"{name}, {(tr('system prompt'), tr('template'))[field.position]}"
    return tr(f"{field.kind.replace('_', ' ')} {{number}}", number=field.position + 1)


def row_word(entry: Entry) -> str:
    """A field in the list: its item, then its place."""
    field = entry.field
    return f"{field.question_id}  {place_word(field)}" if field.question_id else place_word(field)


def title_word(field: FieldText) -> str:
    """A field as a heading: "121 · coding · turn 1"."""
    return " · ".join(part for part in (field.question_id, field.category, place_word(field)) if part)


def language_word(code: str) -> str:
    """A language's name for a heading; its code where it has none."""
    known = {
        "en": tr("English"),
        "de": tr("German"),
        "fr": tr("French"),
        "it": tr("Italian"),
        "es": tr("Spanish"),
    }
    return known.get(code, code.upper())


def fact_word(fact: TextFact) -> str:
    """What an entry of the history is."""
    said = {
        "source": tr("source text"),
        "machine": tr("machine translation"),
        "edit": tr("recovered draft") if fact.origin == "recovered" else tr("edit"),
    }[fact.role]
    return tr("{what}, taken back", what=said) if fact.withdrawn else said


def recovered_sentence(recovered: Sequence[Recovered]) -> str:
    """What was recovered from a session that ended unexpectedly (at least one text)."""
    text = tr_count(
        "Unsaved text of {field} was recovered from a window that ended unexpectedly.",
        "Unsaved texts of {count} fields ({field} …) were recovered from a window that ended unexpectedly.",
        len(recovered),
        field=title_word(recovered[0].field),
    )
    if all(each.in_effect for each in recovered):
        return text
    return text + " " + tr("Where the field had changed meanwhile, the text is in its history.")


def conflict_sentence(saved: Saved) -> str:
    """Somebody else wrote the same field meanwhile."""
    return tr(
        "{who} changed {field} while you edited it. Your text counts; theirs is in the history.",
        who=saved.by or tr("Somebody"),
        field=title_word(saved.field),
    )
