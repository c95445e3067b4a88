"""Creating, opening and migrating a study folder, and every way that can go wrong."""

import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mtbx_gui.study import migrate
from mtbx_gui.study.errors import (
    DamagedStudyError,
    DiskFullError,
    NewerStudyError,
    NotAStudyError,
    ReadOnlyStudyError,
    StudyError,
)
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import add_edit, add_text, ensure_field, history


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A 1 MiB file system of its own."""
    mounted = tmp_path / "small"
    mounted.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(mounted)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("mounting a small tmpfs needs root")
    yield mounted
    subprocess.run(["umount", str(mounted)], check=True)


def old_study(folder: Path, version: int) -> Path:
    """A study as it stood at `version`, with one text in it."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / "study.db", isolation_level=None)) as db:
        for file in migrate.migrations()[:version]:
            for statement in migrate.statements(file.read_text(encoding="utf-8")):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {version}")
        db.execute("INSERT INTO meta VALUES ('name', 'Old one')")
        field = ensure_field(db, "de", "turn", "81", "", 0)
        add_text(db, field, "machine", "Hallo", "import:x", "somebody")
    return folder


def test_a_created_study_opens_again_with_its_name(tmp_path: Path) -> None:
    Study.create(tmp_path / "s", "Pilot", ("en", "de")).close()
    study = Study.open(tmp_path / "s" / "study.db")
    assert study.name == "Pilot"
    assert study.study_id
    assert (tmp_path / "s" / "runs").is_dir()
    study.close()


def test_creating_over_a_study_is_refused(tmp_path: Path) -> None:
    Study.create(tmp_path / "s").close()
    with pytest.raises(StudyError, match="already holds a study"):
        Study.create(tmp_path / "s")


@pytest.mark.parametrize("name", ["study.db", "notes.txt"])
def test_a_text_file_is_not_a_study(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("Dear diary, " * 400)
    with pytest.raises((NotAStudyError, DamagedStudyError)) as caught:
        Study.open(path)
    assert name in str(caught.value)
    assert caught.value.next_step
    assert path.read_text() == "Dear diary, " * 400


def test_missing_folder_and_folder_without_database(tmp_path: Path) -> None:
    with pytest.raises(NotAStudyError, match="There is no folder"):
        Study.open(tmp_path / "nowhere")
    with pytest.raises(NotAStudyError, match="not a study"):
        Study.open(tmp_path)


def test_a_newer_study_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    Study.create(tmp_path / "s").close()
    with closing(sqlite3.connect(tmp_path / "s" / "study.db")) as db:
        db.execute("PRAGMA user_version = 999")
    before = (tmp_path / "s" / "study.db").read_bytes()
    with pytest.raises(NewerStudyError, match="newer version of mtbx-gui"):
        Study.open(tmp_path / "s")
    assert (tmp_path / "s" / "study.db").read_bytes() == before


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "study.db")) as db:
        db.execute("CREATE TABLE cats (name TEXT)")
    with pytest.raises(DamagedStudyError, match="another program"):
        Study.open(tmp_path)


@pytest.mark.parametrize("version", range(1, migrate.latest_version()))
def test_an_old_study_is_backed_up_and_migrated(tmp_path: Path, version: int) -> None:
    folder = old_study(tmp_path / "s", version)
    study = Study.open(folder)
    assert study.migrated_from == version
    assert history(study, 1)[0].text == "Hallo"
    copies = list(folder.glob("study.db.before-v*"))
    assert len(copies) == 1
    with closing(sqlite3.connect(copies[0])) as db:
        assert migrate.version_of(db) == version
        assert db.execute("SELECT text FROM text").fetchone()[0] == "Hallo"
    study.close()


KILLER = """
import os, signal, sqlite3, sys
from mtbx_gui.study import migrate
kill_at, path = int(sys.argv[1]), sys.argv[2]
count = 0
def trace(statement):
    global count
    count += 1
    if count == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)
db = sqlite3.connect(path, isolation_level=None)
db.execute("PRAGMA journal_mode = WAL")
db.set_trace_callback(trace)
from pathlib import Path
migrate.migrate(db, Path(path))
print(count)
"""


def test_a_migration_killed_at_any_statement_leaves_a_study_that_opens(tmp_path: Path) -> None:
    whole = old_study(tmp_path / "whole", 1)
    done = subprocess.run(
        [sys.executable, "-c", KILLER, "-1", str(whole / "study.db")],
        capture_output=True,
        text=True,
        check=True,
    )
    statements = int(done.stdout)
    assert statements > 10
    original = old_study(tmp_path / "original", 1)
    for kill_at in range(1, statements + 1):
        folder = tmp_path / f"killed-{kill_at}"
        shutil.copytree(original, folder)
        killed = subprocess.run(
            [sys.executable, "-c", KILLER, str(kill_at), str(folder / "study.db")], check=False
        )
        assert killed.returncode == -9
        study = Study.open(folder)
        assert migrate.version_of(study.connection) == migrate.latest_version()
        assert [fact.text for fact in history(study, 1)] == ["Hallo"]
        study.close()


def test_an_interrupted_creation_is_finished_on_opening(tmp_path: Path) -> None:
    (tmp_path / "study.db").touch()
    study = Study.open(tmp_path)
    assert study.name == tmp_path.name
    study.close()


def test_a_full_disk_is_a_sentence_and_loses_nothing(small_disk: Path) -> None:
    study = Study.create(small_disk / "s")
    with study.write() as db:
        field = ensure_field(db, "de", "turn", "81", "", 0)
    add_edit(study, field, "kept", "me")
    with pytest.raises(DiskFullError) as caught:
        for number in range(100):
            add_edit(study, field, f"{number} " + "x" * 50_000, "me")
    assert "Free some space" in caught.value.next_step
    texts = [fact.text for fact in history(study, field)]
    assert texts[0] == "kept"
    assert [text.split(" ")[0] for text in texts[1:]] == [str(n) for n in range(len(texts) - 1)]
    study.close()
    again = Study.open(small_disk / "s")
    assert [fact.text for fact in history(again, field)] == texts
    again.close()


def test_a_read_only_folder_is_a_sentence(small_disk: Path) -> None:
    Study.create(small_disk / "s").close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    try:
        with pytest.raises(ReadOnlyStudyError) as caught:
            Study.open(small_disk / "s")
        assert "Copy the study" in caught.value.next_step
        with pytest.raises(ReadOnlyStudyError, match="can't be created"):
            Study.create(small_disk / "other")
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)


def test_facts_can_be_neither_changed_nor_deleted(tmp_path: Path) -> None:
    study = Study.open(old_study(tmp_path / "s", 1))
    for statement in ("UPDATE text SET text = 'other'", "DELETE FROM text"):
        with pytest.raises(sqlite3.IntegrityError, match="never"), study.write() as db:
            db.execute(statement)
    study.close()


WRITER = """
import sys
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import add_edit
study = Study.open(sys.argv[1])
for number in range(40):
    add_edit(study, 1, f"{sys.argv[2]}-{number}", sys.argv[2])
"""


def test_processes_and_threads_writing_at_once_lose_no_update(tmp_path: Path) -> None:
    folder = old_study(tmp_path / "s", 1)
    study = Study.open(folder)
    others = [subprocess.Popen([sys.executable, "-c", WRITER, str(folder), name]) for name in "ab"]

    def write() -> None:
        for number in range(40):
            add_edit(study, 1, f"thread-{number}", "thread")

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    assert [process.wait() for process in others] == [0, 0]
    texts = [fact.text for fact in history(study, 1)][1:]
    assert sorted(texts) == sorted(
        f"{name}-{number}" for name in ("a", "b", "thread") for number in range(40)
    )
    study.close()


def test_a_rolled_back_transaction_leaves_nothing(tmp_path: Path) -> None:
    study = Study.open(old_study(tmp_path / "s", 1))
    with pytest.raises(RuntimeError), study.write() as db:
        add_text(db, 1, "edit", "half", "window", "me")
        raise RuntimeError
    assert len(history(study, 1)) == 1
    study.close()
