"""The editing session without a window: moving, saving, undo, other writers, and what a crash leaves."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtbx_gui.curation.queue import Filter, state_of
from mtbx_gui.curation.session import CurationSession
from mtbx_gui.study.study import Study, stamp
from mtbx_gui.study.texts import add_edit, add_text, ensure_field, field, history, withdraw

ITEMS = (
    ("81", "writing", "Write a poem about the sea.", "Scrivete una poesia sul mare."),
    ("82", "coding", "Explain {name} to me.", "Spiegami {nome}."),
    ("83", "writing", "Tell me a joke about cats.", "Raccontami una barzelletta sui gatti."),
    ("84", "math", "What is 3 + 4?", "Quanto fa 3 + 4?"),
)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = Study.create(tmp_path / "study", "Session", ("en", "it", "de"))
    with made.write() as db:
        for place, (question, category, english, italian) in enumerate(ITEMS):
            for language, role, text in (
                ("en", "source", english),
                ("it", "machine", italian),
                ("de", None, ""),
            ):
                db.execute(
                    "INSERT INTO item (question_id, language, category, position, author, at, app)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (question, language, category, place, *stamp("test")),
                )
                field_id = ensure_field(db, language, "turn", question, "", 0)
                if role:
                    add_text(db, field_id, role, text, "test", "translator")
    yield made
    made.close()


@pytest.fixture
def session(study: Study) -> CurationSession:
    made = CurationSession(study, "anna")
    made.set_filter(Filter("it"))
    made.take_flags(made.check_work(made.unchecked())())
    return made


def ids(session: CurationSession) -> list[str]:
    return [entry.field.question_id for entry in session.entries()]


def goto(session: CurationSession, question: str) -> int:
    found = next(e.field.field_id for e in session.entries() if e.field.question_id == question)
    session.open(found)
    return found


def test_filters_and_their_counts(session: CurationSession) -> None:
    assert session.languages == ["de", "it"]
    assert ids(session) == ["81", "82", "83", "84"]
    assert session.counts("category") == {"": 4, "writing": 2, "coding": 1, "math": 1}
    assert session.counts("state") == {"": 4, "machine": 4}
    session.set_filter(Filter("it", flagged="error"))
    assert ids(session) == ["81", "82"]
    assert session.counts("flagged")["error"] == 2
    assert session.counts("category") == {"": 2, "writing": 1, "coding": 1}
    session.set_filter(Filter("it", words="CATS 83"))
    assert ids(session) == ["83"]
    session.set_filter(Filter("de", state="missing"))
    assert ids(session) == ["81", "82", "83", "84"]
    progress = {p.language: p for p in session.progress()}
    assert (progress["it"].total, progress["it"].edited, progress["it"].errors) == (4, 0, 2)
    assert progress["de"].missing == 4


def test_moving_saves_and_the_edited_field_leaves_the_filter_only_then(session: CurationSession) -> None:
    session.set_filter(Filter("it", flagged="error"))
    first = goto(session, "81")
    session.set_draft("Scrivi una poesia sul mare.")
    session.save()
    session.take_flags(session.check_work([first])())
    assert ids(session) == ["81", "82"], "it stays while it is open"
    saved = session.move(1)
    assert saved is None, "it was saved before"
    assert ids(session) == ["82"]
    assert session.current is not None
    assert session.current.question_id == "82"
    assert session.move(1) is None
    assert session.current.question_id == "82", "at the end one stays"


def test_leaving_a_field_stores_the_draft_once(session: CurationSession, study: Study) -> None:
    first = goto(session, "81")
    session.set_draft("Scrivi una poesia sul mare 🌊.")
    saved = session.move(1)
    assert saved is not None
    assert (saved.field.field_id, saved.theirs) == (first, None)
    assert field(study, first).edit == "Scrivi una poesia sul mare 🌊."
    assert history(study, first)[-1].author == "anna"
    session.move(-1)
    session.move(1)
    assert len([f for f in history(study, first) if f.role == "edit"]) == 1


def test_typing_back_to_the_old_text_is_no_edit(session: CurationSession, study: Study) -> None:
    first = goto(session, "81")
    session.set_draft("x")
    session.set_draft(session.base)
    assert not session.dirty
    assert session.save() is None
    assert field(study, first).edit is None


def test_undo_withdraws_step_by_step_and_goes_back_to_the_field(
    session: CurationSession, study: Study
) -> None:
    first = goto(session, "81")
    session.set_draft("Uno.")
    session.move(1)
    session.move(-1)
    session.set_draft("Due.")
    session.move(1)
    back = session.undo()
    assert back is not None
    assert (back.field_id, session.draft) == (first, "Uno.")
    session.undo()
    assert session.draft == "Scrivete una poesia sul mare."
    assert not session.can_undo
    assert session.undo() is None
    assert state_of(field(study, first)) == "machine"
    assert [(f.text, f.withdrawn) for f in session.history()][:2] == [("Due.", True), ("Uno.", True)]


def test_an_older_text_can_be_restored(session: CurationSession) -> None:
    goto(session, "81")
    session.set_draft("Uno.")
    session.save()
    session.set_draft("Due.")
    session.save()
    older = next(f for f in session.history() if f.text == "Uno.")
    session.restore(older.fact_id)
    session.save()
    assert [f.text for f in session.history()] == ["Uno.", "Due.", "Uno.", "Scrivete una poesia sul mare."]
    with pytest.raises(KeyError):
        session.restore(10_000)


def test_somebody_elses_edit_is_noticed_and_kept(session: CurationSession, study: Study) -> None:
    first = goto(session, "81")
    session.set_draft("Scrivi tu.")
    assert not session.changed_elsewhere()
    other = Study.open(study.folder)
    add_edit(other, first, "Componi una poesia.", "bruno")
    other.close()
    assert session.changed_elsewhere()
    session.reload()
    assert session.draft == "Scrivi tu.", "what is being typed stays"
    saved = session.save()
    assert saved is not None
    assert (saved.theirs, saved.by) == ("Componi una poesia.", "bruno")
    assert [f.text for f in session.history()][:2] == ["Scrivi tu.", "Componi una poesia."]
    assert not session.changed_elsewhere()


def test_somebody_elses_edit_shows_when_nothing_was_typed(session: CurationSession, study: Study) -> None:
    first = goto(session, "81")
    add_edit(study, first, "Componi una poesia.", "bruno")
    session.reload()
    assert session.draft == "Componi una poesia."
    assert not session.dirty


def test_a_withdrawal_elsewhere_is_a_change(session: CurationSession, study: Study) -> None:
    first = goto(session, "81")
    session.set_draft("Uno.")
    saved = session.save()
    assert saved is not None
    withdraw(study, saved.fact_id, "bruno")
    assert session.changed_elsewhere()
    session.reload()
    assert session.current is not None
    assert session.current.edit is None
    assert field(study, first).edit is None


def test_flags_of_a_text_that_changed_meanwhile_are_not_taken(session: CurationSession) -> None:
    first = goto(session, "81")
    work = session.check_work([first])
    session.set_draft("Scrivi una poesia sul mare.")
    session.save()
    assert session.take_flags(work()) == []
    assert first in session.unchecked("it")


def test_a_missing_translation_can_be_written(session: CurationSession, study: Study) -> None:
    session.set_filter(Filter("de"))
    first = goto(session, "81")
    assert session.draft == ""
    assert session.case(first).target is None
    session.set_draft("Schreiben Sie ein Gedicht über das Meer.")
    session.move(1)
    assert field(study, first).edit == "Schreiben Sie ein Gedicht über das Meer."


def test_the_journal_is_gone_once_everything_is_saved(session: CurationSession, study: Study) -> None:
    goto(session, "81")
    session.set_draft("Scrivi")
    session.write_journal()
    journals = list((study.folder / "drafts").iterdir())
    assert len(journals) == 1
    assert json.loads(journals[0].read_text(encoding="utf-8").splitlines()[-1])["text"] == "Scrivi"
    assert CurationSession(study, "anna").recovered == [], "a living session's journal is left alone"
    session.move(1)
    assert list((study.folder / "drafts").iterdir()) == []
    session.set_draft("x")
    session.write_journal()
    session.revert_draft()
    assert list((study.folder / "drafts").iterdir()) == []


TYPIST = """
import sys
from mtbx_gui.curation.session import CurationSession
from mtbx_gui.study.study import Study
session = CurationSession(Study.open(sys.argv[1]), "carla")
session.open(int(sys.argv[2]))
for number in range(100000):
    session.set_draft(f"Testo {number}")
    session.write_journal()
    print(number, flush=True)
"""


def _crash(study: Study, field_id: int, after: int) -> int:
    """A session in another process is killed in the middle of typing; returns the last number it told."""
    command = [sys.executable, "-c", TYPIST, str(study.folder), str(field_id)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as typist:
        assert typist.stdout is not None
        for line in typist.stdout:
            if int(line) >= after:
                typist.send_signal(signal.SIGKILL)
                break
        rest = [line for line in typist.stdout.read().split("\n") if line]
    return int(rest[-1]) if rest and rest[-1].isdigit() else after


@pytest.mark.parametrize("after", [0, 7])
def test_a_killed_session_loses_at_most_what_was_not_journaled(study: Study, after: int) -> None:
    field_id = CurationSession(study, "x").entry(_italian(study, "81")).field.field_id
    told = _crash(study, field_id, after)
    reopened = CurationSession(study, "anna")
    assert len(reopened.recovered) == 1
    recovered = reopened.recovered[0]
    assert recovered.in_effect
    assert recovered.author == "carla"
    assert int(recovered.text.removeprefix("Testo ")) >= told
    assert field(study, field_id).edit == recovered.text
    assert CurationSession(study, "anna").recovered == []


def test_a_draft_whose_field_changed_goes_to_the_history(study: Study) -> None:
    field_id = _italian(study, "81")
    _crash(study, field_id, 2)
    add_edit(study, field_id, "Componi una poesia.", "bruno")
    reopened = CurationSession(study, "anna")
    assert [r.in_effect for r in reopened.recovered] == [False]
    assert field(study, field_id).edit == "Componi una poesia."
    assert history(study, field_id)[-1].text.startswith("Testo ")
    assert history(study, field_id)[-1].withdrawn


def test_a_journal_that_cant_be_read_is_kept_aside(study: Study) -> None:
    folder = study.folder / "drafts"
    folder.mkdir()
    (folder / "abc.jsonl").write_text('{"process": 5}\n{"field_id": 1}\n', encoding="utf-8")
    assert CurationSession(study, "anna").recovered == []
    assert [path.name for path in folder.iterdir()] == ["abc.unreadable"]


def _italian(study: Study, question: str) -> int:
    with study.write() as db:
        return ensure_field(db, "it", "turn", question, "", 0)
