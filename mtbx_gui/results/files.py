"""Writes one figure or table to a file whose ending says what it is: png, svg, pdf, csv or md."""

import tempfile
from pathlib import Path
from typing import cast

from mtbx_gui.results.content import Content
from mtbx_gui.results.figures import FORMATS, Format, drawable, save
from mtbx_gui.results.look import Look
from mtbx_gui.results.words import Words
from mtbx_gui.rundir.errors import MtbxError

TABLE_ENDINGS = ("csv", "md")


class ExportError(MtbxError):
    """A figure or table can't be written as asked."""


def write_file(content: Content, path: Path, look: Look | None = None, words: Words | None = None) -> Path:
    """Write a content by rename and return the path. Raises ExportError; an older file then stands."""
    ending = path.suffix.lower().lstrip(".")
    if ending not in (*FORMATS, *TABLE_ENDINGS):
        raise ExportError(
            f'"{path.name}" does not say what to write.', "Give it the ending .pdf, .svg, .png, .csv or .md."
        )
    if content.empty:
        raise ExportError(f"There is nothing to export: {content.empty}")
    data = _bytes(content, ending, look, words)
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=path.name, suffix=".new", delete=False
        ) as file:
            temporary = Path(file.name)
            file.write(data)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise ExportError(
            f"{path} can't be written: {error.strerror or error}.",
            "Choose another folder, or make room on the disk.",
        ) from error
    return path


def markdown(content: Content) -> str:
    """The table as a Markdown page with its reading, scope, n and rule."""
    lines = [f"# {content.title}", content.reading, content.table.markdown().rstrip()]
    lines += [content.scope, f"n: {content.n}", content.rule]
    return "\n\n".join(line for line in lines if line) + "\n"


def _bytes(content: Content, ending: str, look: Look | None, words: Words | None) -> bytes:
    if ending == "csv":
        return content.table.csv().encode()
    if ending == "md":
        return markdown(content).encode()
    if not drawable(content):
        raise ExportError(f'"{content.title}" is a table, not a picture.', "Export it as .csv or .md.")
    return save(content, cast(Format, ending), look, words)
