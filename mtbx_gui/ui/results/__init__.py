"""Tab 5: figures and tables of what judge and people said, their filters, and the items behind every mark."""

from mtbx_gui.ui.results.tab import ResultsTab

__all__ = ["ResultsTab"]
