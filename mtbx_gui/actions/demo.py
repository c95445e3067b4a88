"""Makes the demo study: everything a newcomer needs, with something left to do at every station.

German and French come raw and corrected, Italian raw only (to be curated), Spanish untranslated.
"""

from pathlib import Path

from mtbx_gui.demo.texts import benchmark_folder, demo_folder
from mtbx_gui.judging.profiles import demo_profile, save_profile
from mtbx_gui.rundir.jsonl import read_lines
from mtbx_gui.study import settings
from mtbx_gui.study.datasets import add_dataset
from mtbx_gui.study.errors import StudyError
from mtbx_gui.study.ids import bare_id
from mtbx_gui.study.importing.importer import import_path
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import add_edit, fields

NAME = "Demo study"
LANGUAGES = ("en", "de", "fr", "it", "es")
DEMO_COMPLETE = "demo_complete"
"""The setting that tells a demo study from others."""

ADDRESS_TO_COME = "http://127.0.0.1:0/v1"
"""Stands for the demo judge's address until it is started for the first time."""

_LEFT_TO_DO = (
    "mt_bench_IT/question.jsonl",
    "mt_bench_IT/corrections.jsonl",
    "mt_bench_ES/question",
    "mt_bench_ES/corrections.jsonl",
    "mt_bench_ES/reference_answer/",
)


def create_demo(folder: Path, author: str = "demo") -> Study:
    """Create the demo study in `folder`, or open it where it is there already. Raises StudyError."""
    if (folder / "study.db").exists():
        study = Study.open(folder)
        if settings.get(study, DEMO_COMPLETE):
            return study
        if study.name != NAME:
            study.close()
            raise StudyError(f"{folder} holds another study.", "Choose a new folder for the demo study.")
    else:
        study = Study.create(folder, NAME, LANGUAGES)
    root = demo_folder()
    import_path(
        study,
        root,
        author,
        choose=lambda path: path.startswith("data/") and not any(part in path for part in _LEFT_TO_DO),
    )
    add_dataset(study, root / "instructions.jsonl")
    save_profile(study, demo_profile(ADDRESS_TO_COME), author)
    settings.put(study, DEMO_COMPLETE, True, author)
    return study


def apply_corrections(study: Study, languages: tuple[str, ...], author: str = "demo curator") -> int:
    """Take in the hand-written corrections of `languages` as edits, as a curator would type them.

    Only where there is a machine translation. Returns how many fields were edited.
    """
    edited = 0
    for code in languages:
        corrected = {
            bare_id(record["question_id"]): {
                "turn": record["turns"],
                "reference": record.get("reference") or [],
            }
            for record in read_lines(benchmark_folder(code) / "question.jsonl")
        }
        for field in fields(study, [code], ["turn", "reference"]):
            texts = corrected.get(field.question_id, {}).get(field.kind, [])
            if field.machine is not None and field.position < len(texts):
                better = texts[field.position]
                edited += add_edit(study, field.field_id, better, author, "demo") is not None
    return edited
