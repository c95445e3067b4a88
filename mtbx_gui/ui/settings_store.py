"""The person's settings, kept as one JSON file in the per-user configuration folder.

Written by rename; a file that can't be read is never overwritten. Secrets are not kept here: actions.secrets.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from mtbx_gui.actions.home import config_dir
from mtbx_gui.rundir.errors import MtbxError

SCHEMES = ("system", "light", "dark")
RECENT_MOST = 12


class SettingsError(MtbxError):
    """The settings file can't be read or written."""


@dataclass(frozen=True)
class Host:
    """A machine for runs: its name, the ssh target ("" = the one at hand), the folder for runs there."""

    name: str
    ssh: str = ""
    folder: str = ""


@dataclass
class SettingsData:
    """Everything that is remembered between two starts."""

    scheme: str = "system"
    author: str = ""
    text_percent: int = 100
    translator: str = "deepl"
    translator_url: str = ""
    hosts: list[Host] = field(default_factory=list)
    recent: list[str] = field(default_factory=list)
    window: str = ""
    splitters: dict[str, list[int]] = field(default_factory=dict)
    view: dict[str, Any] = field(default_factory=dict)


class Settings:
    """The settings in use: read `data`, change it, call `save()`; `watch` tells who needs to know.

    `problem` says why the file could not be read; as long as it does, `save` keeps off the file.
    """

    def __init__(self, path: Path, data: SettingsData, problem: SettingsError | None = None) -> None:
        self.path = path
        self.data = data
        self.problem = problem
        self._watchers: list[Callable[[], None]] = []

    @classmethod
    def load(cls, path: Path | None = None) -> "Settings":
        """Read the settings file, or start with defaults where there is none. Never raises: see `problem`."""
        place = path or config_dir() / "settings.json"
        try:
            return cls(place, read(place))
        except SettingsError as problem:
            return cls(place, SettingsData(), problem)

    @property
    def author(self) -> str:
        """The pseudonym under which edits and votes are stored; the login name until one is chosen."""
        return self.data.author or _login_name()

    def save(self) -> None:
        """Write the file by rename and tell the watchers. Raises SettingsError; then the old file stands."""
        if self.problem is not None:
            raise self.problem
        write(self.path, self.data)
        for watcher in list(self._watchers):
            watcher()

    def start_afresh(self) -> Path:
        """Set an unreadable file aside as `settings.json.broken` and write the present settings."""
        kept = self.path.with_name(self.path.name + ".broken")
        if self.path.exists():
            self.path.replace(kept)
        self.problem = None
        self.save()
        return kept

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` after every save."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[], None]) -> None:
        """Stop calling `watcher`."""
        if watcher in self._watchers:
            self._watchers.remove(watcher)

    def remember_study(self, folder: Path) -> None:
        """Put a study first in the list of recent ones and save."""
        name = str(folder.resolve())
        self.data.recent = [name, *(known for known in self.data.recent if known != name)][:RECENT_MOST]
        self.save()

    def forget_study(self, folder: str) -> None:
        """Take a study off the list of recent ones (its folder stays) and save."""
        self.data.recent = [known for known in self.data.recent if known != folder]
        self.save()


def read(path: Path) -> SettingsData:
    """The settings in `path`; defaults without a file. Raises SettingsError naming file and field."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return SettingsData()
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, str(error)) from error
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise _unreadable(path, f"line {error.lineno}: {error.msg}") from error
    if not isinstance(raw, dict):
        raise _unreadable(path, "line 1: it does not hold an object")
    data = SettingsData()
    for known in fields(SettingsData):
        if known.name in raw:
            setattr(data, known.name, _checked(path, known.name, raw[known.name], getattr(data, known.name)))
    if data.scheme not in SCHEMES:
        raise _unreadable(path, f'field "scheme" is {data.scheme!r}, not one of {", ".join(SCHEMES)}')
    return data


def write(path: Path, data: SettingsData) -> None:
    """Write the settings by rename. Raises SettingsError; then the old file stands as it was."""
    text = json.dumps(asdict(data), ensure_ascii=False, indent=2)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise SettingsError(
            f"The settings can't be written to {path}: {error.strerror or error}.",
            "Make room on the disk or make the folder writable; until then changes last only for now.",
        ) from error


def _checked(path: Path, name: str, value: Any, default: Any) -> Any:
    if name == "hosts":
        return _hosts(path, value)
    if not isinstance(value, type(default)) or isinstance(value, bool) != isinstance(default, bool):
        raise _unreadable(path, f'field "{name}" should hold a {type(default).__name__}')
    if name == "recent" and not all(isinstance(entry, str) for entry in value):
        raise _unreadable(path, f'field "{name}" should hold texts only')
    return value


def _hosts(path: Path, value: Any) -> list[Host]:
    if not isinstance(value, list):
        raise _unreadable(path, 'field "hosts" should hold a list')
    hosts: list[Host] = []
    for number, entry in enumerate(value, start=1):
        where = f'field "hosts", entry {number},'
        if not isinstance(entry, dict) or not all(isinstance(text, str) for text in entry.values()):
            raise _unreadable(path, f"{where} should hold an object of texts")
        try:
            hosts.append(Host(**entry))
        except TypeError as error:
            raise _unreadable(path, f"{where} lacks a key or has one too many") from error
    return hosts


def _unreadable(path: Path, why: str) -> SettingsError:
    return SettingsError(
        f"The settings file {path} can't be read ({why}); it is kept as it is.",
        "Mend the file, or set it aside and start with fresh settings.",
    )


def _login_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "author"
