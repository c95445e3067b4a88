"""Gets a public benchmark from its repository: single files at a pinned commit, each checked by its SHA-256.

The benchmarks are not shipped. Nothing is imported here; the folder that comes back goes to the importer.
"""

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from mtbx_gui.assets import resources
from mtbx_gui.rundir.errors import MtbxError

Progress = Callable[[int, int], bool]
"""Called with (bytes so far, bytes in all); False stops the download."""

TIMEOUT_S = 30


class FetchError(MtbxError):
    """A public file could not be had, or is not the one that was expected."""


class FetchStopped(MtbxError):
    """The person stopped the download; complete files are kept for the next time."""


class SourceFile(BaseModel):
    """One file of a source: its path below `base_url`, its size and its SHA-256."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    path: str
    bytes: int
    sha256: str


class Source(BaseModel):
    """A public benchmark at a pinned commit (`resources/sources/ID.json`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    title: str
    note: str
    repository: str
    commit: str
    base_url: str
    licence: str
    files: tuple[SourceFile, ...]

    @property
    def size(self) -> int:
        """All files together, in bytes."""
        return sum(file.bytes for file in self.files)


def sources() -> dict[str, Source]:
    """The known sources by id: `mt-bench-x` and `fastchat`."""
    found = (
        Source.model_validate_json(path.read_text(encoding="utf-8"))
        for path in sorted((resources() / "sources").glob("*.json"))
    )
    return {source.id: source for source in found}


def fetch(source: Source, folder: Path, progress: Progress | None = None) -> Path:
    """Download `source` into `folder`/ID and return that folder.

    Files that are there already and whose SHA-256 is right are not fetched again. Raises FetchError when a
    file can't be had or differs from the known one, FetchStopped when `progress` returns False.
    """
    target = folder / source.id
    done = 0
    for file in source.files:
        path = target / file.path
        if not (path.is_file() and _sha256(path.read_bytes()) == file.sha256):
            content = _download(source, file, done, progress)
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f".{path.name}.partial")
            partial.write_bytes(content)
            partial.replace(path)
        done += file.bytes
        _report(progress, done, source.size)
    return target


def _download(source: Source, file: SourceFile, done: int, progress: Progress | None) -> bytes:
    url = source.base_url + file.path
    parts: list[bytes] = []
    got = 0
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as reply:
            while chunk := reply.read(65536):
                parts.append(chunk)
                got += len(chunk)
                if got > file.bytes:
                    break
                _report(progress, done + got, source.size)
    except urllib.error.HTTPError as error:
        error.close()
        raise FetchError(f"{url} answered {error.code} {error.reason}.", _offline_step(source)) from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise FetchError(
            f"{url} can't be reached ({reason or type(error).__name__}).", _offline_step(source)
        ) from error
    content = b"".join(parts)
    if _sha256(content) != file.sha256:
        raise FetchError(
            f"{file.path} from {source.repository} is not the known file: its SHA-256 differs.",
            "Nothing of it was kept. Try again; if it stays so, import a folder you trust.",
        )
    return content


def _report(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None and not progress(done, total):
        raise FetchStopped("The download was stopped.", "Complete files are kept for the next time.")


def _offline_step(source: Source) -> str:
    return (
        f"Without a connection: download {source.repository} on another computer, copy the folder here,"
        " and choose Import, From a folder (or: mtbx import FOLDER --study STUDY)."
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
