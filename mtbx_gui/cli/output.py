"""What commands print: sentences for people, or one JSON document with --json; progress on stderr."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from mtbx_gui.rundir.errors import MtbxError


class Failed(Exception):
    """The command was right but its work failed: exit code 1, after what was printed."""


class Out:
    """Where a command's results go."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._data: dict[str, Any] = {}

    def say(self, text: str) -> None:
        """A line for people; nothing with --json."""
        if not self.as_json:
            print(text)

    def put(self, **data: Any) -> None:
        """Part of the JSON document."""
        self._data |= data

    def finish(self) -> None:
        """Print the JSON document, if asked for."""
        if self.as_json:
            print_json(self._data)


def print_json(data: dict[str, Any]) -> None:
    """One JSON document on stdout, in ASCII where stdout can't take more; no NaN, which JSON doesn't have."""
    finite = json.loads(json.dumps(data, default=str), parse_constant=lambda _: None)
    text = json.dumps(finite, ensure_ascii=False, indent=1)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(finite, indent=1)
    print(text)


def print_error(error: MtbxError, as_json: bool) -> None:
    """The sentence on stderr; with --json the document {"error", "next_step"} on stdout as well."""
    if as_json:
        print_json({"error": error.message, "next_step": error.next_step})
    print(f"mtbx: {error}", file=sys.stderr)


class Advance(Protocol):
    """Moves a progress bar: pieces done, pieces in all, a few words."""

    def __call__(self, done: int, total: int, words: str = "") -> None:
        """Show that `done` of `total` pieces are done."""


@contextmanager
def progress_bar(title: str) -> Iterator[Advance]:
    """A progress bar on a terminal; nothing where stderr is none."""
    if not sys.stderr.isatty():
        yield lambda done, total, words="": None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[words]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None, words="")

        def advance(done: int, total: int, words: str = "") -> None:
            bar.update(task, completed=done, total=total or None, words=words)

        yield advance
