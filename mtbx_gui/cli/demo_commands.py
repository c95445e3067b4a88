"""mtbx demo and mtbx demo-services."""

from pathlib import Path
from typing import Annotated

import typer

from mtbx_gui.actions.demo import create_demo
from mtbx_gui.cli.output import progress_bar
from mtbx_gui.cli.shared import JsonOption, output
from mtbx_gui.study.summary import summarise


def demo(
    folder: Annotated[Path, typer.Argument(help="Where the demo study goes, or is.")] = Path("demo-study"),
    tour: Annotated[
        bool, typer.Option("--tour", help="Walk the whole study headless; pictures and a report come out.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make the demo study; with --tour, carry it out from translation to report, without a screen."""
    with output(as_json) as out:
        study = create_demo(folder)
        try:
            out.put(study=str(folder), totals=summarise(study).as_dict())
            if not tour:
                out.say(f"The demo study is in {folder}. Open it: mtbx-gui {folder}")
                return
            from mtbx_gui.actions.tour import walk

            with progress_bar("tour") as advance:

                def tell(done: int, total: int, words: str) -> None:
                    out.say(f"  {words}")
                    advance(done, total, words)

                result = walk(study, tell)
        finally:
            study.close()
        from mtbx_gui.app import render_tabs

        pictures = [
            picture
            for dark in (False, True)
            for picture in render_tabs(folder, folder / "pictures", dark=dark, scale=1.0)
        ]
        out.put(report=str(result.report), pictures=[str(picture) for picture in pictures])
        out.say(f"Report:   {result.report}")
        out.say(f"Figures:  {result.report.parent / 'figures'}")
        out.say(f"Pictures: {folder / 'pictures'} ({len(pictures)} of the tabs, light and dark)")


def demo_services(
    port_deepl: Annotated[int, typer.Option(help="0: any free port.")] = 0,
    port_openai: Annotated[int, typer.Option(help="0: any free port.")] = 0,
    idle: Annotated[float, typer.Option(help="Stop after this many seconds without a request.")] = 4 * 3600.0,
    announce: Annotated[Path | None, typer.Option(help="Write the JSON line to this file as well.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Start the demo translator and the demo judge on loopback; where they answer is always JSON."""
    from mtbx_gui.actions import demo_services as kept
    from mtbx_gui.demo.serve import serve_forever

    def tell(line: str) -> None:
        print(line, flush=True)
        if announce is not None:
            kept.announce(line, announce)

    serve_forever(port_deepl, port_openai, tell, idle_limit_s=idle)
