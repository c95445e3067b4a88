"""Imports a file or folder into a study in one transaction: whole or, if killed, not at all."""

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from mtbx_gui.study.errors import StudyError
from mtbx_gui.study.importing import benchmark, outputs
from mtbx_gui.study.importing.batch import Batch, FileBatch, ImportSummary
from mtbx_gui.study.importing.detect import LAYOUTS, Layout, detect, known_surroundings
from mtbx_gui.study.importing.lines import LinesRead, read_json_lines
from mtbx_gui.study.settings import languages, source_language
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import edited_items

Progress = Callable[[int, int], bool]
"""Called with (files read, files in all); False stops the import before anything is written."""

IMPORTERS: dict[str, Callable[[LinesRead, FileBatch], None]] = {
    "question_original": benchmark.import_questions,
    "question": benchmark.import_questions,
    "corrections": benchmark.import_corrections,
    "reference_answer": benchmark.import_references,
    "judge_prompts": benchmark.import_prompts,
    "model_answer": outputs.import_answers,
    "single_judgment": outputs.import_singles,
    "pair_judgment": outputs.import_pairs,
}


class ImportStopped(StudyError):
    """The person stopped the import; nothing was written."""


def import_path(
    study: Study,
    path: str | Path,
    author: str = "import",
    language: str | None = None,
    progress: Progress | None = None,
    choose: Callable[[str], bool] | None = None,
) -> ImportSummary:
    """Import every JSONL file at `path` (a file or a folder) and say what was taken in and left out.

    `language` overrides what paths and ids say; `choose` picks files by their path below the folder.
    Importing the same again changes nothing. Raises StudyError when there is nothing to import at `path`,
    ImportStopped when `progress` says so.
    """
    given = Path(path).expanduser()
    if not given.exists():
        raise StudyError(f"There is nothing at {given}.", "Check the path.")
    root = given if given.is_dir() else given.parent
    files = sorted(file for file in given.rglob("*.jsonl") if file.is_file()) if given.is_dir() else [given]
    if choose is not None:
        files = [file for file in files if choose(file.relative_to(root).as_posix())]
    if not files:
        raise StudyError(f"{given} holds no .jsonl file.", "Choose the folder that holds question.jsonl.")
    outside = known_surroundings(root)
    found: list[tuple[Layout, LinesRead]] = []
    unknown: list[LinesRead] = []
    for number, file in enumerate(files):
        if progress is not None and not progress(number, len(files)):
            raise ImportStopped("The import was stopped; nothing was changed.")
        relative = PurePosixPath(outside, file.relative_to(root).as_posix())
        read = read_json_lines(file, os.fsencode(relative).decode("utf-8", "replace"))
        layout = detect(read.shown, read, language)
        if layout is None:
            unknown.append(read)
        else:
            found.append((layout, read))
    found.sort(key=lambda pair: LAYOUTS.index(pair[0].layout))
    found.sort(key=lambda pair: pair[0].language != source_language(study) and pair[0].layout in LAYOUTS[:5])
    with study.write() as db:
        batch = Batch(study, db, author, source_language(study), language)
        for layout, read in found:
            file_batch = batch.file(read, layout, root.resolve().name)
            if not layout.language_known and layout.layout != "judge_prompts":
                note = LinesRead(read.path, read.shown)
                note.problem(0, "", "names no language; English is assumed. Give another with --lang.")
                batch.summary.warnings += note.problems
            IMPORTERS[layout.layout](read, file_batch)
            batch.summary.problems += read.problems
    summary = batch.summary
    for read in unknown:
        summary.unknown_files.append(read.shown)
        summary.unknown_paths.append(read.path)
        summary.problems += read.problems
    summary.edited = {code: len(ids) for code in languages(study) if (ids := edited_items(study, code))}
    return summary
