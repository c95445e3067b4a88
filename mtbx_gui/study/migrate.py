"""Ordered SQL migrations in one transaction, after a backup copy. A newer file is refused, never guessed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from mtbx_gui.study.errors import DamagedStudyError, NewerStudyError

FOLDER = Path(__file__).resolve().parent / "migrations"


def migrations() -> list[Path]:
    """The migration files in order; file N (from 1) leads from version N-1 to version N."""
    return sorted(FOLDER.glob("[0-9][0-9][0-9][0-9]_*.sql"))


def latest_version() -> int:
    """The `PRAGMA user_version` this program writes."""
    return len(migrations())


def statements(script: str) -> Iterator[str]:
    """Split a script into complete statements; triggers stay whole.

    Raises ValueError when the script's last statement is incomplete.
    """
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    rest = [line for line in pending.splitlines() if line.strip() and not line.strip().startswith("--")]
    if rest:
        raise ValueError(f"incomplete statement: {rest[0]}")


def version_of(connection: sqlite3.Connection) -> int:
    """The file's `PRAGMA user_version`."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, path: Path) -> int:
    """Bring the database at `path` to the latest version and return the version it had before.

    The connection must be in autocommit mode. A file with tables is copied beside itself first, as
    `study.db.before-v<new>-<UTC time>`. Everything happens in one transaction: killed at any statement,
    the file is what it was. Raises NewerStudyError and DamagedStudyError; nothing is changed then.
    """
    old = version_of(connection)
    new = latest_version()
    if old == new:
        return old
    if old > new:
        raise NewerStudyError(
            f"{path} was written by a newer version of mtbx-gui"
            f" (study version {old}, this program knows {new}).",
            "Install the newer version; this one leaves the file as it is.",
        )
    tables = connection.execute("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'").fetchone()[0]
    if version_of(connection) != old:
        return migrate(connection, path)  # another process has just done it
    if old == 0 and tables:
        raise DamagedStudyError(
            f"{path} is an SQLite file of another program: it has {tables} tables and no study version.",
            "Choose the study.db of a study folder.",
        )
    if tables:
        _back_up(connection, path, new)
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version_of(connection) == old:
            for number, file in enumerate(migrations(), start=1):
                if number > old:
                    for statement in statements(file.read_text(encoding="utf-8")):
                        connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {new}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return old


def _back_up(connection: sqlite3.Connection, path: Path, new: int) -> None:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    copy = path.with_name(f"{path.name}.before-v{new}-{stamp}")
    with closing(sqlite3.connect(copy)) as target:
        connection.backup(target)
