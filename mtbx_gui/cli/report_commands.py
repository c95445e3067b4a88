"""mtbx check and mtbx report."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from mtbx_gui.cli.output import Failed
from mtbx_gui.cli.shared import JsonOption, LanguagesOption, StudyOption, codes, opened, output
from mtbx_gui.rundir.errors import MtbxError


class NothingToCheck(MtbxError):
    """Neither a file nor a study was named."""


def check(
    file: Annotated[Path | None, typer.Argument(help="JSONL with id, lang, kind, source, target.")] = None,
    study: StudyOption = None,
    lang: LanguagesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Flag what is wrong with translations; exit code 1 when errors are open.

    FILE: a line in, a line out ({"id", "flags"}) with --json. --study: every translated field of a study.
    """
    from mtbx_gui.curation.check import check_file, check_study

    if file is not None:
        results, problems = check_file(file)
        for result in results:
            if as_json:
                print(json.dumps(result.as_record(), ensure_ascii=False))
            else:
                for flag in result.flags:
                    print(f"{result.id}: {flag.severity} {flag.rule_id}: {flag.message}")
        for problem in problems:
            print(f"mtbx: {problem}", file=sys.stderr)
        if any(flag.severity == "error" for result in results for flag in result.flags):
            raise Failed
        return
    with output(as_json) as out, opened(study) as target:
        found = check_study(target, codes(lang))
        errors = sum(flag.severity == "error" for result in found for flag in result.flags)
        out.put(
            fields=len(found),
            errors=errors,
            results=[result.as_record() for result in found if result.flags],
        )
        for result in found:
            for flag in result.flags:
                if flag.severity != "info":
                    out.say(f"{result.id}: {flag.severity} {flag.rule_id}: {flag.message}")
        out.say(f"{len(found)} fields checked, {errors} open errors.")
        if errors:
            raise Failed


def report(
    study: StudyOption = None,
    to: Annotated[Path, typer.Option("--out", help="Where the report goes.")] = Path("report"),
    language: Annotated[str, typer.Option("--report-lang", help="Language of the labels.")] = "en",
    as_json: JsonOption = False,
) -> None:
    """Write figures (PDF, SVG, PNG), tables (CSV) and an HTML report of the study."""
    from mtbx_gui.results.report import write_report

    with output(as_json) as out, opened(study) as target:
        written = write_report(target, to, language=language)
        out.put(report=str(written.html), files=[str(path) for path in written.files])
        out.say(f"{written.html} and {len(written.files)} files beside it.")
