"""The editing session: the current field, its draft, moving within the filter, saving, undo, history. No Qt.

Texts are bound to field ids, never to positions in a list; the study is written first, then the memory.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mtbx_gui.curation import queue
from mtbx_gui.curation.check import item_texts, siblings_of
from mtbx_gui.curation.drafts import DraftJournal, Recovered, recover, text_of
from mtbx_gui.curation.flags import Case, Flag, case_of, flags
from mtbx_gui.curation.queue import Entry, Filter, Progress
from mtbx_gui.curation.rules import RuleSet, default_rules
from mtbx_gui.study import texts
from mtbx_gui.study.records import FieldText, TextFact
from mtbx_gui.study.settings import languages as study_languages
from mtbx_gui.study.settings import source_language
from mtbx_gui.study.study import Study

Checked = dict[int, tuple[str, tuple[Flag, ...]]]
"""Field id -> (text that was checked, its flags)."""


@dataclass(frozen=True)
class Saved:
    """An edit that was stored. `theirs` is what somebody else (`by`) wrote meanwhile, if anybody."""

    field: FieldText
    fact_id: int
    theirs: str | None = None
    by: str = ""


@dataclass(frozen=True)
class Snapshot:
    """The study's fields as they were read, and up to which fact."""

    fields: tuple[FieldText, ...]
    seen: tuple[int, int]


def read_snapshot(study: Study) -> Snapshot:
    """Read all fields but those of the source language; may run in any thread."""
    seen = _newest(study)
    source = source_language(study)
    return Snapshot(tuple(f for f in texts.fields(study) if f.language != source), seen)


class CurationSession:
    """One person at work on the translations of one study, for use in one thread."""

    def __init__(self, study: Study, author: str, rules: RuleSet | None = None) -> None:
        """Read the study and take in what a crashed session left behind (`recovered`). Raises StudyError."""
        self.study = study
        self.author = author
        self.rules = rules or default_rules()
        self.recovered: list[Recovered] = recover(study)
        self.source_language = source_language(study)
        self._journal = DraftJournal(study, author)
        self._fields: dict[int, FieldText] = {}
        self._items: dict[tuple[str, str], dict[int, str]] = {}
        self._flags: Checked = {}
        self._by_language: dict[str, list[Entry]] = {}
        self._queue: list[Entry] | None = None
        self._seen = (-1, -1)
        self._current: int | None = None
        self._base = ""
        self._draft = ""
        self._undo: list[tuple[int, int]] = []
        self._filter = Filter()
        self.reload()
        languages = self.languages
        self._filter = Filter(language=languages[0] if languages else "")

    # what there is

    @property
    def languages(self) -> list[str]:
        """The languages that can be curated: those with fields, without the source language."""
        present = {field.language for field in self._fields.values()}
        return [code for code in study_languages(self.study) if code in present]

    @property
    def categories(self) -> list[str]:
        """The categories of the current language's fields, in benchmark order."""
        own = (f.category for f in self._fields.values() if f.language == self._filter.language)
        return [name for name in dict.fromkeys(own) if name]

    def reload(self) -> None:
        """Read all fields again; the current field, its draft and the filter stay."""
        self.take(read_snapshot(self.study))

    def take(self, snapshot: Snapshot) -> None:
        """Go on with fields that were read elsewhere; one that is older than what was saved here is left."""
        if snapshot.seen < self._seen:
            return
        self._seen = snapshot.seen
        self._forget_entries()
        self._fields = {field.field_id: field for field in snapshot.fields}
        self._items = item_texts(snapshot.fields)
        if self._current is not None and self._current not in self._fields:
            self._current = None
            self._queue = None
        if self._current is not None and not self.dirty:
            self._base = self._draft = text_of(self._fields[self._current])

    def changed_elsewhere(self) -> bool:
        """Whether somebody else (a window, a collected run, an import) wrote texts since the last reading."""
        return _newest(self.study) != self._seen

    # the queue

    @property
    def filter(self) -> Filter:
        """What is in the queue."""
        return self._filter

    def set_filter(self, wanted: Filter) -> None:
        """Show another queue; the current field stays open until `move` or `open`."""
        self._filter = wanted
        self._queue = None

    def entries(self) -> list[Entry]:
        """The fields that pass the filter, in benchmark order; the current one stays until one moves on."""
        if self._queue is None:
            self._queue = [
                entry
                for entry in self._entries(self._filter.language)
                if queue.matches(entry, self._filter) or entry.field.field_id == self._current
            ]
        return list(self._queue)

    def counts(self, name: str) -> dict[str, int]:
        """Fields per choice of "category", "kind", "flagged" or "state" under the rest of the filter."""
        return queue.counts(self._entries(self._filter.language), self._filter, name)

    def total(self) -> int:
        """Fields of the filter's language."""
        return len(self._entries(self._filter.language))

    def progress(self) -> list[Progress]:
        """How far each language is."""
        return [queue.progress(self._entries(language), language) for language in self.languages]

    def entry(self, field_id: int) -> Entry:
        """One field with its flags. Raises KeyError."""
        return self._entry(self._fields[field_id])

    def has(self, field_id: int) -> bool:
        """Whether there is such a field."""
        return field_id in self._fields

    def first_field(self, question_id: str, language: str) -> int | None:
        """The first field of an item in a language, else in any."""
        own = [field for field in self._fields.values() if field.question_id == question_id]
        own.sort(key=lambda field: field.language != language)
        return own[0].field_id if own else None

    def item_fields(self, field_id: int) -> list[FieldText]:
        """All fields of the same item (or judge prompt) and language, in order."""
        own = self._fields[field_id]
        return [
            field
            for field in self._fields.values()
            if (field.language, field.question_id) == (own.language, own.question_id)
            and (own.question_id or field.name == own.name)
        ]

    # the current field

    @property
    def current(self) -> FieldText | None:
        """The field that is open."""
        return None if self._current is None else self._fields[self._current]

    @property
    def base(self) -> str:
        """What stood in the field when it was opened."""
        return self._base

    @property
    def draft(self) -> str:
        """The text in the editor."""
        return self._draft

    @property
    def dirty(self) -> bool:
        """Whether the editor holds something that isn't saved."""
        return self._current is not None and self._draft != self._base

    def set_draft(self, text: str) -> None:
        """The person typed."""
        if self._current is not None:
            self._draft = text

    def open(self, field_id: int) -> Saved | None:
        """Go to a field, saving the one that is left. Raises KeyError, StudyError (then nothing moves)."""
        if field_id not in self._fields:
            raise KeyError(field_id)
        saved = self.save() if field_id != self._current else None
        if field_id != self._current:
            self._current = field_id
            self._queue = None
            self._base = self._draft = text_of(self._fields[field_id])
        return saved

    def neighbour(self, step: int) -> int | None:
        """The id of the next (1) or previous (-1) field of the queue, None at its end."""
        ids = [entry.field.field_id for entry in self.entries()]
        if not ids:
            return None
        if self._current not in ids:
            return ids[0] if step > 0 else ids[-1]
        place = ids.index(self._current) + step
        return ids[place] if 0 <= place < len(ids) else None

    def move(self, step: int) -> Saved | None:
        """Save and go to the next (1) or previous (-1) field; at the end only save."""
        target = self.neighbour(step)
        return self.save() if target is None else self.open(target)

    # saving

    def save(self) -> Saved | None:
        """Store the draft as an edit when it differs; durable when this returns. Raises StudyError."""
        if not self.dirty or self._current is None:
            return None
        field_id, theirs, by = self._current, None, ""
        with self.study.write():
            before = texts.field(self.study, field_id)
            if text_of(before) not in (self._base, self._draft):
                theirs, by = text_of(before), self._author_of(field_id)
            fact = texts.add_edit(self.study, field_id, self._draft, self.author)
        self._journal.settle(field_id)
        self._base = self._draft
        after = self._read(field_id)
        if fact is None:
            return None
        self._undo.append((field_id, fact))
        return Saved(after, fact, theirs, by)

    def revert_draft(self) -> None:
        """Forget what was typed since the field was opened."""
        if self._current is not None:
            self._draft = self._base
            self._journal.settle(self._current)

    def write_journal(self) -> None:
        """Put the unsaved draft into the journal; cheap when nothing changed. Raises WriteFailed."""
        if self._current is None:
            return
        if self.dirty:
            self._journal.keep(self._current, self._base, self._draft)
        else:
            self._journal.settle(self._current)

    # undo and history

    @property
    def can_undo(self) -> bool:
        """Whether this session has stored an edit that can be taken back."""
        return bool(self._undo)

    def undo(self) -> FieldText | None:
        """Withdraw the edit stored last and open its field; None when there is none. Raises StudyError."""
        if not self._undo:
            return None
        self.save()
        field_id, fact = self._undo[-1]
        texts.withdraw(self.study, fact, self.author)
        self._undo.pop()
        self._current = field_id
        self._queue = None
        field = self._read(field_id)
        self._base = self._draft = text_of(field)
        return field

    def history(self) -> list[TextFact]:
        """Everything ever written for the current field, newest first."""
        return [] if self._current is None else texts.history(self.study, self._current)[::-1]

    def undo_saved(self) -> Saved | None:
        """`undo`, saving nothing new; for callers that treat every step alike."""
        self.undo()
        return None

    def take_back(self, saved: Saved) -> Saved | None:
        """Withdraw one stored edit, so that the text before it (somebody else's) counts again."""
        texts.withdraw(self.study, saved.fact_id, self.author)
        self._undo = [step for step in self._undo if step != (saved.field.field_id, saved.fact_id)]
        field = self._read(saved.field.field_id)
        if self._current == field.field_id:
            self._base = self._draft = text_of(field)
        return None

    def restore(self, fact_id: int) -> None:
        """Put the text of a fact of the current field's history into the draft. Raises KeyError."""
        for fact in self.history():
            if fact.fact_id == fact_id:
                self.set_draft(fact.text)
                return
        raise KeyError(fact_id)

    # flags

    def case(self, field_id: int, text: str | None = None) -> Case:
        """What the rules are to look at for a field, with `text` instead of the stored one when given."""
        field = self._fields[field_id]
        stored = None if text_of(field) == "" and queue.state_of(field) == "missing" else text_of(field)
        shown = stored if text is None else text
        return case_of(field, self.source_language, shown, siblings_of(field, self._items))

    def unchecked(self, language: str | None = None) -> list[int]:
        """Fields whose present text the rules have not seen, in order."""
        return [
            field.field_id
            for field in self._fields.values()
            if (language is None or field.language == language) and self._known(field) is None
        ]

    def check_work(self, field_ids: Sequence[int]) -> Callable[[], Checked]:
        """A function that looks for flags; it touches nothing of the session and may run in any thread."""
        cases = [(field_id, text_of(self._fields[field_id]), self.case(field_id)) for field_id in field_ids]
        rules = self.rules
        return lambda: {field_id: (text, tuple(flags(case, rules))) for field_id, text, case in cases}

    def take_flags(self, checked: Checked) -> list[int]:
        """Accept the result of `check_work`; returns the fields it is still true for."""
        taken = [
            field_id
            for field_id, (text, _) in checked.items()
            if field_id in self._fields and text_of(self._fields[field_id]) == text
        ]
        self._flags.update({field_id: checked[field_id] for field_id in taken})
        for field_id in taken:
            self._forget_entries(self._fields[field_id].language)
        return taken

    # inner

    def _entries(self, language: str) -> list[Entry]:
        known = self._by_language.get(language)
        if known is None:
            own = (field for field in self._fields.values() if field.language == language)
            known = self._by_language[language] = [self._entry(field) for field in own]
        return known

    def _forget_entries(self, language: str | None = None) -> None:
        if language is None:
            self._by_language.clear()
        else:
            self._by_language.pop(language, None)
        self._queue = None

    def _entry(self, field: FieldText) -> Entry:
        return Entry(field, self._known(field))

    def _known(self, field: FieldText) -> tuple[Flag, ...] | None:
        known = self._flags.get(field.field_id)
        return known[1] if known is not None and known[0] == text_of(field) else None

    def _read(self, field_id: int) -> FieldText:
        """Read one field again; the rest of its item is to be checked anew, as its forms lend confidence."""
        field = texts.field(self.study, field_id)
        self._fields[field_id] = field
        if field.question_id:
            self._items.setdefault((field.language, field.question_id), {})[field_id] = text_of(field)
        for other in self.item_fields(field_id):
            self._flags.pop(other.field_id, None)
        self._forget_entries(field.language)
        self._seen = _newest(self.study)
        return field

    def _author_of(self, field_id: int) -> str:
        edits = [fact for fact in texts.history(self.study, field_id) if not fact.withdrawn]
        return edits[-1].author if edits else ""


def _newest(study: Study) -> tuple[int, int]:
    """The newest text and withdrawal: anything newer was written by somebody else."""
    row = study.connection.execute(
        "SELECT (SELECT COALESCE(MAX(id), 0) FROM text), (SELECT COALESCE(MAX(id), 0) FROM withdrawal)"
    ).fetchone()
    return int(row[0]), int(row[1])
