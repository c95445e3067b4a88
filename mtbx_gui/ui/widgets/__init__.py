"""Widgets that several tabs share. They know how things look, and nothing of studies, runs or votes."""

from mtbx_gui.ui.widgets.answer_view import AnswerView
from mtbx_gui.ui.widgets.diff_view import DiffHighlighter, DiffView
from mtbx_gui.ui.widgets.empty_state import EmptyState
from mtbx_gui.ui.widgets.form import Form
from mtbx_gui.ui.widgets.key_button import KeyButton
from mtbx_gui.ui.widgets.panel import Heading, Line, Panel, bare, icon_button
from mtbx_gui.ui.widgets.progress_line import ProgressLine
from mtbx_gui.ui.widgets.row_table import Column, RowModel, RowTable
from mtbx_gui.ui.widgets.state_label import StateLabel

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
