"""The command line `mtbx`: the headless twin of every action in the window."""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper


def main(argv: Sequence[str] | None = None) -> int:
    """Run `mtbx` with `argv` (default: the process's) and return 0, 1 (work failed) or 2 (bad input)."""
    if argv is not None:
        from mtbx_gui.cli.commands import run

        return run(list(argv))
    sys.exit(_as_a_process())


def _as_a_process() -> int:
    """Run with the process's own arguments, whatever its terminal can show and whoever reads along."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        from mtbx_gui.cli.commands import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 1
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if not isinstance(error, BrokenPipeError):
            print(f"mtbx: The output can't be written: {error.strerror}.", file=sys.stderr)
        code = 1
    return code
