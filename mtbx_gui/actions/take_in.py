"""Takes what a person names into a study: a folder, a file, a training set, a public benchmark."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mtbx_gui.actions.fetch import fetch, sources
from mtbx_gui.study.datasets import Dataset, add_dataset, is_dataset
from mtbx_gui.study.importing.batch import ImportSummary
from mtbx_gui.study.importing.importer import import_path
from mtbx_gui.study.importing.lines import read_json_lines
from mtbx_gui.study.study import Study

Progress = Callable[[int, int], bool]


@dataclass(slots=True)
class TakenIn:
    """What came of it: the import's summary, and training sets where there were any."""

    summary: ImportSummary
    datasets: list[Dataset] = field(default_factory=list)


def take_in(
    study: Study, what: str | Path, author: str, language: str | None = None, progress: Progress | None = None
) -> TakenIn:
    """Import `what`: a path, or the id of a public source where no such path exists.

    `progress` is called with (done, total) and stops by returning False. Raises StudyError, FetchError,
    FetchStopped or ImportStopped.
    """
    path = Path(what).expanduser()
    if not path.exists() and str(what) in sources():
        with tempfile.TemporaryDirectory(prefix="mtbx-fetch-") as folder:
            return _local(study, fetch(sources()[str(what)], Path(folder), progress), author, language, None)
    return _local(study, path, author, language, progress)


def _local(study: Study, path: Path, author: str, language: str | None, progress: Progress | None) -> TakenIn:
    if path.is_file():
        read = read_json_lines(path, path.name)
        if is_dataset(read):
            return _datasets(study, [path])
    summary = import_path(study, path, author, language, progress)
    unknown = dict(zip(summary.unknown_paths, summary.unknown_files, strict=True))
    sets = [one for one, name in unknown.items() if is_dataset(read_json_lines(one, name))]
    taken = _datasets(study, sets)
    taken.summary.problems[:0] = summary.problems
    summary.problems = taken.summary.problems
    summary.unknown_files = [name for one, name in unknown.items() if one not in sets]
    taken.summary = summary
    return taken


def _datasets(study: Study, paths: list[Path]) -> TakenIn:
    taken = TakenIn(ImportSummary())
    for path in paths:
        dataset = add_dataset(study, path)
        taken.datasets.append(dataset)
        taken.summary.files += 1
        taken.summary.problems += dataset.problems
    return taken
