"""The start-up of the window: `mtbx-gui [STUDY|PACK]`. Imports nothing heavy before the first paint."""

import argparse
import os
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from mtbx_gui import __version__
from mtbx_gui.ui import failures, stall_watchdog, theme
from mtbx_gui.ui.settings_store import Settings
from mtbx_gui.ui.shell import Shell

PACK_SUFFIX = ".mtbxtask"


def main(argv: list[str] | None = None) -> int:
    """Open the window on a study, or on the start page; returns the exit code (2: bad input).

    `argv` is without the program's name.
    """
    given = _parser().parse_args(sys.argv[1:] if argv is None else argv)
    if given.path is not None and given.path.suffix == PACK_SUFFIX:
        print(
            f"{given.path} is a pack for annotators. Packs come with a later version of mtbx-gui; "
            "this one opens study folders.",
            file=sys.stderr,
        )
        return 2
    if not _has_display():
        print(
            "There is no display for a window. Work without one: mtbx --help; or on a desktop: mtbx-gui.",
            file=sys.stderr,
        )
        return 2
    app = application()
    settings = Settings.load()
    theme.apply_theme(app, settings.data.scheme)
    theme.set_text_percent(settings.data.text_percent)
    shell = Shell(settings)
    guard = failures.Guard(shell)
    watchdog = stall_watchdog.from_environment(shell)
    shell.show()
    if given.path is not None:
        shell.open_study(given.path)
    try:
        return int(app.exec())
    finally:
        if watchdog is not None:
            watchdog.stop()
        guard.release()
        shell.deleteLater()


def application() -> QApplication:
    """The process's QApplication with the program's name and icon; made where there is none."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(["mtbx-gui"])
    app.setApplicationName("mtbx-gui")
    app.setApplicationDisplayName("mtbx")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("mtbx-gui")
    app.setWindowIcon(theme.app_icon())
    return app


def render_tabs(study_path: Path, out_dir: Path, dark: bool = False, scale: float = 1.0) -> list[Path]:
    """Render the start page and every tab of a study to PNG files in `out_dir`; needs no display.

    `scale` is pixels per point of the layout (1.0, 1.5, 2.0). Raises MtbxError when the study won't open.
    """
    from mtbx_gui.ui.portrait import portraits

    if not _has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return portraits(application(), study_path, out_dir, dark, scale)


def _has_display() -> bool:
    """Whether Qt can show or render a window here; without a display server it would abort the process."""
    if not sys.platform.startswith("linux") or QApplication.instance() is not None:
        return True
    return any(os.environ.get(name) for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mtbx-gui", description="The window of mtbx: a workbench for multilingual MT-Bench studies."
    )
    parser.add_argument("path", nargs="?", type=Path, metavar="STUDY|PACK", help="a study folder to open")
    parser.add_argument("--version", action="version", version=f"mtbx-gui {__version__}")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
