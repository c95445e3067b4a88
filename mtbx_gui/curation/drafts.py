"""The journal of unsaved text: what a person is typing survives a crash to within a second.

One file per open session under <study>/drafts/. A dead session's drafts become edits when the field is still
what it was, otherwise they are kept in the field's history; nothing is ever overwritten by them.
"""

import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.rundir.jsonl import append_line, read_lines, repair_tail
from mtbx_gui.rundir.process import ProcessId
from mtbx_gui.study.records import FieldText
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import add_text, field, withdraw

FOLDER = "drafts"
ABANDONED_AFTER_S = 3600.0
"""From this age on a journal of another machine counts as left behind."""


@dataclass(frozen=True)
class Recovered:
    """A text that was never saved; not `in_effect` when the field had changed and it went to the history."""

    field: FieldText
    text: str
    author: str
    in_effect: bool


class DraftJournal:
    """The session's journal; the file appears with the first draft and goes with the last one saved."""

    def __init__(self, study: Study, author: str) -> None:
        self._path = study.folder / FOLDER / f"{uuid.uuid4().hex}.jsonl"
        self._author = author
        self._open: dict[int, str] = {}

    @property
    def path(self) -> Path:
        """Where the journal lies, once there is one."""
        return self._path

    def keep(self, field_id: int, base: str, text: str) -> None:
        """Write down an unsaved text and what the field held when typing began. Raises WriteFailed."""
        if self._open.get(field_id) == text:
            return
        if not self._path.exists():
            self._path.parent.mkdir(exist_ok=True)
            header = {"process": ProcessId.current().to_json(), "author": self._author}
            append_line(self._path, header)
        append_line(self._path, {"field_id": field_id, "base": base, "text": text})
        self._open[field_id] = text

    def settle(self, field_id: int) -> None:
        """The field's text was saved, or given up."""
        if self._open.pop(field_id, None) is None:
            return
        if self._open:
            append_line(self._path, {"field_id": field_id, "text": None})
        else:
            self._path.unlink(missing_ok=True)


def recover(study: Study) -> list[Recovered]:
    """Take in the drafts of sessions that ended without saving; their journals are removed afterwards."""
    found: list[Recovered] = []
    for path in sorted((study.folder / FOLDER).glob("*.jsonl")):
        try:
            repair_tail(path)
            lines = list(read_lines(path))
            if lines and not _left_behind(lines[0], path):
                continue
            for field_id, draft in _unsettled(lines[1:]).items():
                recovered = _take_in(study, field_id, draft, str(lines[0].get("author", "")))
                if recovered is not None:
                    found.append(recovered)
        except (MtbxError, KeyError, TypeError, ValueError):
            path.replace(path.with_suffix(".unreadable"))
            continue
        path.unlink(missing_ok=True)
    return found


def _left_behind(header: dict[str, Any], path: Path) -> bool:
    process = ProcessId.from_json(header["process"])
    if process.elsewhere():
        return time.time() - path.stat().st_mtime > ABANDONED_AFTER_S
    return not process.alive()


def _unsettled(lines: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    last: dict[int, dict[str, Any]] = {}
    for line in lines:
        field_id = int(line["field_id"])
        if line["text"] is None:
            last.pop(field_id, None)
        else:
            last[field_id] = line
    return last


def _take_in(study: Study, field_id: int, draft: dict[str, Any], author: str) -> Recovered | None:
    text, base = str(draft["text"]), str(draft["base"])
    with study.write() as db:
        now = field(study, field_id)
        present = text_of(now)
        if text in (present, base):
            return None
        fact = add_text(db, field_id, "edit", text, "recovered", author)
        if present != base and fact is not None:
            withdraw(study, fact, author)
    return Recovered(field(study, field_id), text, author, present == base)


def text_of(found: FieldText) -> str:
    """What the editor shows for a field: the edit, else the machine's text, else nothing."""
    for text in (found.edit, found.machine):
        if text is not None:
            return text
    return ""
