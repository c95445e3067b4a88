"""Widgets that several tabs share. They know how things look, and nothing of studies, runs or votes.

Each is imported when first asked for, so that the first paint waits for none that it does not show.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtbx_gui.ui.widgets.answer_view import AnswerView
    from mtbx_gui.ui.widgets.diff_view import DiffHighlighter, DiffView
    from mtbx_gui.ui.widgets.empty_state import EmptyState
    from mtbx_gui.ui.widgets.form import Form
    from mtbx_gui.ui.widgets.key_button import KeyButton
    from mtbx_gui.ui.widgets.panel import Heading, Line, Panel, bare, icon_button
    from mtbx_gui.ui.widgets.progress_line import ProgressLine
    from mtbx_gui.ui.widgets.row_model import Column, RowModel
    from mtbx_gui.ui.widgets.row_table import RowTable
    from mtbx_gui.ui.widgets.state_label import StateLabel

_HOMES = {
    "AnswerView": "answer_view",
    "Column": "row_model",
    "DiffHighlighter": "diff_view",
    "DiffView": "diff_view",
    "EmptyState": "empty_state",
    "Form": "form",
    "Heading": "panel",
    "KeyButton": "key_button",
    "Line": "panel",
    "Panel": "panel",
    "ProgressLine": "progress_line",
    "RowModel": "row_model",
    "RowTable": "row_table",
    "StateLabel": "state_label",
    "bare": "panel",
    "icon_button": "panel",
}

__all__ = [
    "AnswerView",
    "Column",
    "DiffHighlighter",
    "DiffView",
    "EmptyState",
    "Form",
    "Heading",
    "KeyButton",
    "Line",
    "Panel",
    "ProgressLine",
    "RowModel",
    "RowTable",
    "StateLabel",
    "bare",
    "icon_button",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
