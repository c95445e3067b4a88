"""Tab 2: starting, watching, cancelling and resuming runs."""

from mtbx_gui.ui.runs.tab import RunsTab

__all__ = ["RunsTab"]
