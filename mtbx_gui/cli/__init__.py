"""The command line `mtbx`: the headless twin of every action in the window."""

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run `mtbx` with `argv` (default: the process's) and return 0, 1 (work failed) or 2 (bad input)."""
    from mtbx_gui.cli.commands import run

    code = run(list(sys.argv[1:] if argv is None else argv))
    if argv is None:
        sys.exit(code)
    return code
