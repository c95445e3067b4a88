"""Writes a report: one HTML page, every figure as PDF, SVG and PNG, every table as CSV, and a manifest.

The same study gives the same bytes: nothing depends on when or where the report is written.
"""

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from mtbx_gui import __version__
from mtbx_gui.results.content import Content
from mtbx_gui.results.data import Source, StudyData, load
from mtbx_gui.results.figures import FORMATS, KINDS, Kind, drawable, save
from mtbx_gui.results.files import markdown
from mtbx_gui.results.look import Look
from mtbx_gui.results.report_methods import (
    annotator_table,
    demo_notice,
    judge_table,
    language_table,
    methods,
    model_table,
)
from mtbx_gui.results.report_page import Section, page
from mtbx_gui.results.selection import Filter, Rules, choose, pair_sources, pair_table, score_sources
from mtbx_gui.results.summary import summarise
from mtbx_gui.results.words import Words
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.study.study import Study

PAIRS_SHOWN = 12
"""At most so many pairs get a figure of their own; the ones with most votes come first."""

Tell = Callable[[int, int, str], None]
"""Called with (done, all, what comes next)."""


class ReportError(MtbxError):
    """The report can't be written."""


@dataclass(frozen=True)
class WrittenReport:
    """Where the report lies: its page, all files it wrote (page and manifest included)."""

    html: Path
    manifest: Path
    files: tuple[Path, ...]


def write_report(
    study: Study,
    out_dir: Path,
    chosen: Filter | None = None,
    *,
    language: str = "en",
    rules: Rules | None = None,
    tell: Tell | None = None,
) -> WrittenReport:
    """Write the report of a study into `out_dir`, replacing an earlier one there.

    `language` is that of labels and sentences. Raises NoWordsError for a language without words, ReportError
    when the folder can't be written, and the study's errors.
    """
    words, kept, used = Words(language), chosen or Filter(), rules or Rules()
    _make_folder(out_dir)
    data = load(study)
    summary = summarise(study, kept)
    planned = list(_planned(data, kept))
    sections: list[Section] = []
    files: dict[str, bytes] = {}
    for number, (kind, narrowed, suffix) in enumerate(planned):
        if tell is not None:
            tell(number, len(planned), words(kind.title))
        content = kind.compute(data, narrowed, used, words)
        sections.append(_section(kind, content, suffix, words, files))
    overview = [
        (words("Languages"), language_table(summary, words)),
        (words("Models"), model_table(summary, words)),
        (words("Judgments"), judge_table(summary, words)),
        (words("Annotators"), annotator_table(summary, words)),
    ]
    paragraphs = methods(summary, [section.content for section in sections], words)
    html = page(summary.name, demo_notice(summary, words), overview, sections, paragraphs, words)
    files["report.html"] = html.encode()
    return _write(out_dir, files, summary.name, language)


def _planned(data: StudyData, chosen: Filter) -> Iterator[tuple[Kind, Filter, str]]:
    """Every figure and table: one per source (never pooled), verdicts one per pair; with a file suffix."""
    singles = [source for source in score_sources(data) if choose([source], chosen)]
    pairs = [source for source in pair_sources(data) if choose([source], chosen)]
    for kind in KINDS:
        sources: list[Source | None] = [*(singles if kind.group == "Scores" else pairs)]
        if kind.key == "chance" or not sources:
            sources = [None]
        for source in sources:
            narrowed = chosen if source is None else chosen.of(source)
            by_source = f"-{slug(source.name)}" if source is not None and len(sources) > 1 else ""
            if kind.key != "verdicts":
                yield kind, narrowed, by_source
                continue
            found: list[tuple[str, str] | None] = [*pair_table(data, narrowed).pairs[:PAIRS_SHOWN]]
            for pair in found or [None]:
                by_pair = f"-{slug('-vs-'.join(pair))}" if pair is not None and len(found) > 1 else ""
                yield kind, replace(narrowed, pair=pair), by_source + by_pair


def _section(kind: Kind, content: Content, suffix: str, words: Words, files: dict[str, bytes]) -> Section:
    """Draw and keep a figure's files in memory; empty contents leave none."""
    if content.empty:
        return Section(kind.group, content, "", ())
    name = content.key + suffix
    mine = {
        f"tables/{name}.csv": content.table.csv().encode(),
        f"tables/{name}.md": markdown(content).encode(),
    }
    svg = ""
    if drawable(content):
        for form in FORMATS:
            mine[f"figures/{name}.{form}"] = save(content, form, Look(), words)
        svg = save(content, "svg", Look(width=9.0, font=9.5, caption=False), words).decode()
    files.update(mine)
    order = sorted(mine, key=lambda path: (path.startswith("tables/"), path))
    return Section(kind.group, content, svg, tuple(order))


def slug(name: str) -> str:
    """A name as part of a file's name: letters, digits, dots and dashes; never empty, never a path."""
    text = re.sub(r"[^A-Za-z0-9._]+", "-", name).strip("-.")
    if text and text == name:
        return text
    return f"{text or 'x'}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def _make_folder(out_dir: Path) -> None:
    """Find out before the work whether the folder can be had."""
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out_dir):
            pass
    except OSError as error:
        raise _cannot_write(out_dir, error) from error


def _cannot_write(out_dir: Path, error: OSError) -> ReportError:
    return ReportError(
        f"The report can't be written to {error.filename or out_dir}: {error.strerror or error}.",
        "Choose another folder, or make room on the disk.",
    )


def _write(out_dir: Path, files: dict[str, bytes], study: str, language: str) -> WrittenReport:
    entries = [
        {"path": path, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for path, content in sorted(files.items())
    ]
    manifest = {"study": study, "language": language, "app_version": __version__, "files": entries}
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    try:
        earlier = _listed(out_dir / "manifest.json")
        for path, content in {**files, "manifest.json": text.encode()}.items():
            target = out_dir / path
            target.parent.mkdir(parents=True, exist_ok=True)
            new = target.with_name(target.name + ".new")
            new.write_bytes(content)
            new.replace(target)
        for path in earlier - files.keys():
            (out_dir / path).unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(out_dir, error) from error
    paths = tuple(out_dir / path for path in (*sorted(files), "manifest.json"))
    return WrittenReport(out_dir / "report.html", out_dir / "manifest.json", paths)


def _listed(manifest: Path) -> set[str]:
    """Files of an earlier report in the same folder, so that none of its figures stays behind."""
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))
        paths = {str(entry["path"]) for entry in found["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    safe = re.compile(r"(report\.html|(figures|tables)/[A-Za-z0-9._-]+)")
    return {path for path in paths if safe.fullmatch(path)}
