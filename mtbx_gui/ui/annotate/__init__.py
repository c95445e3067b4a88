"""The Annotate tab: blind pairs, votes by key."""

from mtbx_gui.ui.annotate.tab import AnnotateTab

__all__ = ["AnnotateTab"]
