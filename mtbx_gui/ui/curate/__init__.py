"""The Curate tab: a queue of translated fields, and the editor for one of them."""

from mtbx_gui.ui.curate.tab import CurateTab

__all__ = ["CurateTab"]
