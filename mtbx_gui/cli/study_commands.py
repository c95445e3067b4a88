"""mtbx new, import, export: the study itself."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from mtbx_gui.actions.take_in import TakenIn, take_in
from mtbx_gui.cli.output import Out, progress_bar
from mtbx_gui.cli.shared import (
    JsonOption,
    LanguagesOption,
    StudyOption,
    author,
    codes,
    opened,
    output,
    study_path,
)
from mtbx_gui.study.datasets import dataset_names
from mtbx_gui.study.errors import StudyError
from mtbx_gui.study.exporting.fastchat import export_fastchat
from mtbx_gui.study.settings import languages
from mtbx_gui.study.study import DATABASE, Study
from mtbx_gui.study.summary import summarise


def new(
    folder: Annotated[Path, typer.Argument(help="The new study's folder; it must not hold one yet.")],
    name: Annotated[str, typer.Option(help="Its name in the window's title.")] = "",
    lang: LanguagesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Create an empty study."""
    with output(as_json) as out:
        study = Study.create(folder, name, tuple(codes(lang) or ("en", "de", "fr", "it", "es")))
        out.put(study=str(study.folder), name=study.name, languages=languages(study))
        out.say(f"Created the study {study.name} in {study.folder}.")
        study.close()


def import_(
    what: Annotated[str, typer.Argument(help="A folder or file; or mt-bench-x, fastchat to get them.")],
    study: StudyOption = None,
    language: Annotated[
        str | None,
        typer.Option("--lang", help="The language, where files don't name it.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Take questions, translations, references, prompts, answers, judgments or training sets into a study.

    Where --study names no study yet, one is created there; without --study and outside of a study, it is
    created beside you as NAME-study.
    """
    with output(as_json) as out:
        asked = codes(language) or []
        if len(asked) > 1:
            raise StudyError("The files of one import are in one language.", "Give --lang one code.")
        folder = study_path(study)
        if study is None and not (folder / DATABASE).is_file():
            folder = Path.cwd() / f"{Path(what).resolve().name}-study"
        if not Path(what).exists() and what not in ("mt-bench-x", "fastchat"):
            raise StudyError(f"There is nothing at {what}.", "Name a folder, a file, mt-bench-x or fastchat.")
        made, existed = not (folder / DATABASE).exists(), folder.exists()
        target = Study.create(folder) if made else Study.open(folder)
        with _taken_back(target, made, existed):
            with progress_bar("import") as advance:

                def progress(done: int, total: int) -> bool:
                    advance(done, total)
                    return True

                taken = take_in(target, what, author(), asked[0] if asked else None, progress)
            if not taken.summary.files and not taken.datasets:
                first = f" {taken.summary.problems[0]}" if taken.summary.problems else ""
                raise StudyError(
                    f"Nothing in {what} is recognised.{first}",
                    "Questions, answers, judgments and training sets are read as JSON lines (.jsonl).",
                )
            if made:
                out.say(f"Created the study {target.folder}.")
            _report(out, target, taken)


@contextmanager
def _taken_back(study: Study, made: bool, existed: bool) -> Iterator[None]:
    """Close the study at the end; one made for an import that failed goes again, if it is still empty."""
    try:
        yield
    except BaseException:
        empty = not study.connection.execute("SELECT 1 FROM file UNION SELECT 1 FROM run").fetchone()
        study.close()
        if made and empty and not dataset_names(study):
            for path in study.folder.glob(f"{DATABASE}*"):
                path.unlink()
            for folder in (study.runs_folder, study.folder / "packs", *(() if existed else (study.folder,))):
                with suppress(OSError):
                    folder.rmdir()
        raise
    finally:
        study.close()


def _report(out: Out, study: Study, taken: TakenIn) -> None:
    summary = taken.summary
    counts = dict(sorted(summary.new.items()))
    out.put(
        study=str(study.folder),
        files=summary.files,
        records=summary.records,
        unchanged=summary.unchanged,
        new=counts,
        edited=summary.edited,
        datasets={dataset.name: len(dataset.conversations) for dataset in taken.datasets},
        problems=[
            {"file": p.file, "line": p.line, "field": p.field, "message": p.message} for p in summary.problems
        ],
        warnings=[
            {"file": p.file, "line": p.line, "field": p.field, "message": p.message} for p in summary.warnings
        ],
        unknown_files=summary.unknown_files,
        totals=summarise(study).as_dict(),
    )
    new_ones = ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing new"
    out.say(f"{summary.records} records in {summary.files} files: {new_ones}; {summary.unchanged} unchanged.")
    for dataset in taken.datasets:
        out.say(f"Training set {dataset.name}: {len(dataset.conversations)} conversations.")
    if summary.edited:
        edited = " / ".join(f"{count} {code.upper()}" for code, count in summary.edited.items() if count)
        out.say(f"Edited items: {edited}.")
    for title, problems in (("left out", summary.problems), ("worth a look", summary.warnings)):
        if problems:
            out.say(f"{len(problems)} {title}:")
            for problem in problems[:20]:
                out.say(f"  {problem}")
            if len(problems) > 20:
                out.say(f"  … and {len(problems) - 20} more (--json lists all)")
    if summary.unknown_files:
        out.say(f"Not recognised: {', '.join(summary.unknown_files)}.")


def export(
    folder: Annotated[
        Path, typer.Argument(metavar="OUT", help="A new folder, or that of an earlier export.")
    ],
    study: StudyOption = None,
    layout: Annotated[str, typer.Option("--format", help="fastchat (the only one so far).")] = "fastchat",
    as_json: JsonOption = False,
) -> None:
    """Write the study in FastChat / MT-Bench-X layout; imported records come back unchanged."""
    if layout != "fastchat":
        raise StudyError(f"There is no export format {layout!r}.", "Use --format fastchat.")
    with output(as_json) as out, opened(study) as source:
        written = export_fastchat(source, folder)
        out.put(folder=str(written.folder), records=written.records, files=written.files)
        out.say(f"{written.records} records in {len(written.files)} files below {written.folder}.")


def show(study: StudyOption = None, as_json: JsonOption = False) -> None:
    """What a study holds: items, edits, answers, judgments, votes, per language."""
    with output(as_json) as out, opened(study) as source:
        summary = summarise(source)
        out.put(study=str(source.folder), **summary.as_dict())
        for line in summary.lines():
            out.say(line)
