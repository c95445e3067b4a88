"""The study folder: `study.db` beside `runs/` and `packs/`, opened, created and written to."""

import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from mtbx_gui import __version__
from mtbx_gui.study.errors import (
    BusyStudyError,
    DamagedStudyError,
    DiskFullError,
    NotAStudyError,
    ReadOnlyStudyError,
    StudyError,
)
from mtbx_gui.study.migrate import migrate

BUSY_SECONDS = 15.0
"""How long a writer waits for another process's transaction."""

DATABASE = "study.db"


def now() -> str:
    """The time of a fact: UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Study:
    """An open study. Any number of threads and processes may share one folder.

    Every thread gets a connection of its own; `write()` is one `BEGIN IMMEDIATE … COMMIT`.
    """

    def __init__(self, folder: Path) -> None:
        """Open the database in `folder`, migrating it where needed. Use `Study.open` or `Study.create`."""
        self.folder = folder
        self.database = folder / DATABASE
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        try:
            self.migrated_from = migrate(self.connection, self.database)
        except (sqlite3.Error, StudyError) as error:
            self.close()
            if isinstance(error, StudyError):
                raise
            raise_study_error(error, self.database)

    @classmethod
    def open(cls, path: str | Path) -> "Study":
        """Open the study at `path` (the folder or its study.db).

        Raises NotAStudyError, NewerStudyError, DamagedStudyError or ReadOnlyStudyError.
        """
        given = Path(path).expanduser()
        folder = given.parent if given.name == DATABASE else given
        if given.is_file() and given.name != DATABASE:
            raise NotAStudyError(
                f"{given} is a file; a study is a folder with a {DATABASE} in it.",
                "Choose the study's folder, or import this file into a study.",
            )
        if not folder.exists():
            raise NotAStudyError(
                f"There is no folder {folder}.", "Check the path, or create a new study there."
            )
        if not (folder / DATABASE).is_file():
            raise NotAStudyError(
                f"{folder} holds no {DATABASE}, so it is not a study.",
                "Choose another folder, or create a new study.",
            )
        return cls(folder)

    @classmethod
    def create(cls, path: str | Path, name: str = "", languages: tuple[str, ...] = ()) -> "Study":
        """Create a study in a new or empty folder and open it.

        `languages` are two-letter codes; the first is the source language. Raises StudyError when there is
        a study already or the folder can't be written.
        """
        folder = Path(path).expanduser()
        if (folder / DATABASE).exists():
            raise StudyError(f"{folder} already holds a study.", "Open it, or choose another folder.")
        if folder.is_file():
            raise StudyError(f"{folder} is a file.", "Choose a folder for the new study.")
        try:
            (folder / "runs").mkdir(parents=True, exist_ok=True)
            (folder / "packs").mkdir(exist_ok=True)
        except OSError as error:
            raise ReadOnlyStudyError(
                f"The folder {folder} can't be created: {error.strerror}.",
                "Choose a folder you may write to, with free space.",
            ) from error
        study = cls(folder)
        with study.write() as db:
            for key, value in (
                ("study_id", uuid.uuid4().hex),
                ("name", name or folder.name),
                ("created", now()),
                ("languages", json.dumps(list(languages))),
            ):
                db.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (key, value))
        return study

    @property
    def name(self) -> str:
        """The study's name as shown in the window's title."""
        return self.meta("name") or self.folder.name

    @property
    def study_id(self) -> str:
        """A random id, made once; the key of drawn sides and of packs."""
        return self.meta("study_id") or self.folder.name

    @property
    def runs_folder(self) -> Path:
        """Where the run directories lie."""
        return self.folder / "runs"

    def meta(self, key: str) -> str | None:
        """A value written once when the study was created."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    @property
    def connection(self) -> sqlite3.Connection:
        """The calling thread's connection, for reading. Writing goes through `write()`."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is not None:
            return found
        try:
            connection = sqlite3.connect(
                self.database, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise_study_error(error, self.database)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error as error:
            connection.close()
            raise_study_error(error, self.database)
        self._local.connection = connection
        with self._lock:
            self._connections.append(connection)
        return connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it becomes durable (fsynced) at the end, or none of it.

        Raises DiskFullError, ReadOnlyStudyError, BusyStudyError or DamagedStudyError. Nests: an inner
        `write()` of the same thread joins the outer transaction.
        """
        connection = self.connection
        if connection.in_transaction:
            yield connection
            return
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except BaseException as error:
            if connection.in_transaction:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError | sqlite3.DatabaseError) and not isinstance(
                error, sqlite3.IntegrityError | sqlite3.ProgrammingError
            ):
                raise_study_error(error, self.database)
            raise

    def close(self) -> None:
        """Close every connection. Votes and edits are on disk already."""
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
        self._local = threading.local()


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; SQLite does not wait by itself when two processes do it at once."""
    patience = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > patience:
                raise
        time.sleep(0.01)


def stamp(author: str) -> tuple[str, str, str]:
    """The three columns every fact ends with: author, time, app version."""
    return author, now(), __version__


def raise_study_error(error: sqlite3.Error, database: Path) -> NoReturn:
    """Turn an SQLite error into the study's own, with a sentence and a next step."""
    text = str(error)
    if "full" in text or (isinstance(error, sqlite3.OperationalError) and "disk I/O" in text):
        raise DiskFullError(
            f"{database} could not be written: the disk is full or failing ({text}).",
            "Free some space and do it again; what was saved before is safe.",
        ) from error
    if "readonly" in text or "unable to open" in text:
        raise ReadOnlyStudyError(
            f"{database} can't be opened for writing ({text}).",
            "Copy the study to a folder you may write to and open the copy.",
        ) from error
    if "locked" in text or "busy" in text:
        raise BusyStudyError(
            f"{database} is held by another process.", "Wait for the import or run to end and try again."
        ) from error
    if "not a database" in text or "malformed" in text:
        raise DamagedStudyError(
            f"{database} is not a readable database ({text}).",
            "Choose another study, or put back a copy (study.db.before-…, or your own backup).",
        ) from error
    raise StudyError(
        f"{database}: {text}.", "Close other programs that use the study and try again."
    ) from error
