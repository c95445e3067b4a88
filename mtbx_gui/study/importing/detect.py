"""Which layout a file has and which language it is in: from its path first, else from its records."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mtbx_gui.study.ids import LANGUAGES, language_of_id
from mtbx_gui.study.importing.lines import LinesRead

LAYOUTS = (
    "question_original",
    "question",
    "corrections",
    "reference_answer",
    "judge_prompts",
    "model_answer",
    "single_judgment",
    "pair_judgment",
)
"""In the order of import: machine translations before the curated texts that differ from them."""

STRUCTURAL = ("reference_answer", "model_answer", "model_judgment")
"""Folders that say what the files in them are."""

_FOLDER = re.compile(r"(?:^|_)(?P<language>[A-Za-z]{2})(?:_|$)")


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's layout and language. `language_known` is False where English was assumed."""

    layout: str
    language: str
    language_known: bool


def detect(relative: str, read: LinesRead, language: str | None = None) -> Layout | None:
    """The layout of a file with the path `relative` (posix) below the imported root; None if unknown.

    `language` overrides what path and ids say.
    """
    layout = _layout(PurePosixPath(relative), read)
    if layout is None:
        return None
    found = language or language_of_path(relative) or _language_of_records(read)
    return Layout(layout, found or "en", found is not None)


def known_surroundings(root: Path) -> str:
    """The end of `root` that says what lies in it (`mt_bench_DE/reference_answer`), as posix; else "".

    Only names of the known layouts count: a folder that merely happens to be called `it` does not.
    """
    parts = root.resolve().parts[1:]
    start = len(parts)
    while start and _says_something(parts[:start]):
        start -= 1
        if "bench" in parts[start].lower():
            break
    return PurePosixPath(*parts[start:]).as_posix() if start < len(parts) else ""


def _says_something(parts: tuple[str, ...]) -> bool:
    name = parts[-1].lower()
    if name in STRUCTURAL:
        return True
    if "bench" in name:
        return language_of_path(f"{parts[-1]}/x.jsonl") is not None
    return name in LANGUAGES and len(parts) > 1 and parts[-2].lower() in STRUCTURAL


def language_of_path(relative: str) -> str | None:
    """The language a path names: `mt_bench_DE/…`, `de_mt_bench/…`, `de/…`, `question_de.jsonl`."""
    path = PurePosixPath(relative)
    for part in (path.stem, *reversed(path.parent.parts)):
        for match in reversed(list(_FOLDER.finditer(part))):
            code = match["language"].lower()
            if "mt_bench" in part.lower() and code != "mt":
                return code
            if code in LANGUAGES and (part.lower() == code or match["language"].isupper() or "_" in part):
                return code
    return None


def _language_of_records(read: LinesRead) -> str | None:
    for line in read.lines[:5]:
        question_id = line.data.get("question_id")
        if isinstance(question_id, str):
            return language_of_id(question_id)
    return None


def _layout(path: PurePosixPath, read: LinesRead) -> str | None:
    stem = path.stem.lower()
    if stem.startswith("question_original"):
        return "question_original"
    if stem.startswith("corrections"):
        return "corrections"
    if stem.startswith("judge_prompts"):
        return "judge_prompts"
    if not read.lines:
        return "question" if stem.startswith("question") else None
    keys = read.lines[min(1, len(read.lines) - 1)].data.keys() | read.lines[0].data.keys()
    if "choices" in keys:
        return "reference_answer" if "reference_answer" in path.parts else "model_answer"
    if "g1_winner" in keys or "g1_judgment" in keys:
        return "pair_judgment"
    if "judgment" in keys and ("score" in keys or "model" in keys):
        return "single_judgment"
    if "prompt_template" in keys:
        return "judge_prompts"
    if "turns" in keys or stem.startswith("question"):
        return "question"
    return None
