"""The commands of `mtbx`, put together, and what becomes of their errors."""

import typer

from mtbx_gui import __version__
from mtbx_gui.cli import demo_commands, report_commands, run_commands, study_commands
from mtbx_gui.cli.output import Failed, print_error
from mtbx_gui.rundir.errors import MtbxError

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


def run(argv: list[str]) -> int:
    """Run one command; 0 when it worked, 1 when its work failed, 2 when its input was bad."""
    try:
        code = app(argv, standalone_mode=False)
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort:
        return 1
    except Failed:
        return 1
    except MtbxError as error:
        print_error(error, "--json" in argv)
        return 2
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        show = getattr(error, "show", None)
        if show is None:
            raise
        show()
        return 2
    return code if isinstance(code, int) else 0
