"""Options and small helpers several commands share."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from mtbx_gui.cli.output import Failed, Out
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.study.errors import NotAStudyError
from mtbx_gui.study.study import DATABASE, Study

StudyOption = Annotated[
    Path | None,
    typer.Option(
        "--study",
        help="The study's folder. Default: $MTBX_STUDY, else the current folder.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of sentences.")]
LanguagesOption = Annotated[
    str | None,
    typer.Option(
        "--languages", "--lang", help="Two-letter codes, comma-separated: de,fr,it.", show_default=False
    ),
]


class BadLanguage(MtbxError):
    """A language that is no two-letter code."""


def study_path(given: Path | None) -> Path:
    """The study meant: the option, else $MTBX_STUDY, else the current folder."""
    if given is not None:
        return given
    named = os.environ.get("MTBX_STUDY")
    return Path(named) if named else Path.cwd()


@contextmanager
def opened(given: Path | None) -> Iterator[Study]:
    """The study meant, open. Raises NotAStudyError with the way to name one."""
    path = study_path(given)
    if given is None and not (path / DATABASE).is_file():
        raise NotAStudyError(f"{path} is no study.", "Name one with --study DIR.")
    study = Study.open(path)
    try:
        yield study
    finally:
        study.close()


@contextmanager
def output(as_json: bool) -> Iterator[Out]:
    """The command's output; the JSON document is printed when the work failed, too, but not on bad input."""
    out = Out(as_json)
    try:
        yield out
    except Failed:
        out.finish()
        raise
    out.finish()


def codes(given: str | None) -> list[str] | None:
    """The language codes of a comma-separated option. Raises BadLanguage."""
    if given is None:
        return None
    found = [code.strip().lower() for code in given.split(",") if code.strip()]
    for code in found:
        if not re.fullmatch("[a-z]{2}", code):
            raise BadLanguage(f"{code!r} is no language code.", "Write two letters each, such as de,fr,it.")
    return found


def author() -> str:
    """Who is at the command line: $MTBX_AUTHOR, else "cli"."""
    return os.environ.get("MTBX_AUTHOR", "cli")
