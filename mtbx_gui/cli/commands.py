"""The commands of `mtbx`, put together, and what becomes of their errors."""

import sqlite3
import traceback
from collections.abc import Callable
from typing import Any

import typer

from mtbx_gui import __version__
from mtbx_gui.actions.demo_services import DemoServicesError
from mtbx_gui.actions.fetch import FetchError, FetchStopped
from mtbx_gui.cli import demo_commands, report_commands, run_commands, study_commands
from mtbx_gui.cli.output import Failed, print_error, print_json
from mtbx_gui.rundir.errors import MtbxError, WriteFailed
from mtbx_gui.study.errors import BusyStudyError, DiskFullError
from mtbx_gui.study.importing.importer import ImportStopped

app = typer.Typer(
    name="mtbx",
    help="Multilingual MT-Bench studies without a window: every action of mtbx-gui as a command.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(demo_commands.demo)
app.command("demo-services")(demo_commands.demo_services)
app.command("new")(study_commands.new)
app.command("import")(study_commands.import_)
app.command("export")(study_commands.export)
app.command("show")(study_commands.show)
app.command("translate")(run_commands.translate)
app.command("check")(report_commands.check)
app.command("train")(run_commands.train)
app.command("generate")(run_commands.generate)
app.command("judge")(run_commands.judge)
app.add_typer(run_commands.runs, name="runs")
app.command("report")(report_commands.report)


def _version(value: bool) -> None:
    if value:
        print(f"mtbx {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Multilingual MT-Bench studies without a window."""


WORK_FAILED = (
    BusyStudyError,
    DiskFullError,
    ImportStopped,
    WriteFailed,
    FetchError,
    FetchStopped,
    DemoServicesError,
)
"""Errors that say nothing against the input: the same command may work later."""


def run(argv: list[str]) -> int:
    """Run one command; 0 when it worked, 1 when its work failed, 2 when its input was bad."""
    as_json = any(word == "--json" or word.startswith("--json=") for word in argv)
    try:
        code = app(argv, standalone_mode=False)
    except typer.Exit as stop:
        return stop.exit_code
    except (typer.Abort, KeyboardInterrupt):
        print_error(MtbxError("Stopped.", "What was finished is kept; runs go on."), as_json)
        return 1
    except Failed:
        return 1
    except MtbxError as error:
        print_error(error, as_json)
        return 1 if isinstance(error, WORK_FAILED) else 2
    except sqlite3.Error as error:
        print_error(
            MtbxError(f"The study's database: {error}.", "Nothing was half written; try again."), as_json
        )
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        reason = error.strerror or str(error)
        print_error(MtbxError(f"{where}{reason}.", "Check the path, its permissions and the disk."), as_json)
        return 1
    except Exception as error:
        show = getattr(error, "show", None)
        if show is not None:
            return _usage(error, show, as_json)
        traceback.print_exc()
        print_error(MtbxError(f"Unexpected: {error!r}.", "Please report it with the lines above."), as_json)
        return 1
    return code if isinstance(code, int) else 0


def _usage(error: Any, show: Callable[[], None], as_json: bool) -> int:
    """What the parser of the command line has to say; always exit code 2."""
    show()
    if as_json:
        path = error.ctx.command_path if getattr(error, "ctx", None) else "mtbx"
        words = "No command was given." if "NoArgs" in type(error).__name__ else error.format_message()
        print_json({"error": words, "next_step": f"See {path} --help."})
    return 2
