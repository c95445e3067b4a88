"""Makes a new study out of a folder, a file or a public source; leaves nothing behind on failure."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from mtbx_gui.actions.take_in import Progress, TakenIn, take_in
from mtbx_gui.study.study import Study

SOURCE_LANGUAGE = "en"


@dataclass(frozen=True)
class NewStudy:
    """A study that was just made, and what was taken into it."""

    study: Study
    taken: TakenIn


def new_study_from(
    folder: Path, name: str, what: str | Path, author: str, progress: Progress | None = None
) -> NewStudy:
    """Create a study in `folder` and take `what` into it (see `take_in`).

    Raises MtbxError; when the work fails or is stopped, a folder that was not there before is gone again.
    """
    there_before = folder.exists()
    study = Study.create(folder, name, (SOURCE_LANGUAGE,))
    try:
        return NewStudy(study, take_in(study, what, author, progress=progress))
    except BaseException:
        study.close()
        if not there_before:
            shutil.rmtree(folder, ignore_errors=True)
        raise
