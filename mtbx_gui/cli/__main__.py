"""`python -m mtbx_gui.cli` is `mtbx`."""

from mtbx_gui.cli import main

main()
