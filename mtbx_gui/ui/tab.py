"""What every tab of the window has in common. A tab shows a session's state and forwards keys, no more."""

from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mtbx_gui.ui.context import StudyContext, Target


class Tab(QWidget):
    """One of the five tabs; it is built when first shown and lives as long as the study is open."""

    title: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    KEYS: ClassVar[list[tuple[str, str]]] = []
    """(key, meaning) for the list that F1 shows."""
    TARGETS: ClassVar[frozenset[str]] = frozenset()
    """Kinds of `Target` that this tab can show ("item", "run", "model", ...)."""

    badge_changed = Signal(int)

    def __init__(self, context: StudyContext) -> None:
        super().__init__()
        self.context = context

    def activate(self) -> None:
        """The tab comes to the front: reload cheaply what is stale."""

    def leave(self) -> None:
        """The tab goes to the back or the window closes: write down whatever is not saved yet."""

    def show_target(self, target: Target) -> None:
        """Bring one thing of a kind in `TARGETS` into view ("Go to…", the run strip, a mark in a figure)."""

    def actions_by_name(self) -> list[tuple[str, Target]]:
        """Names and targets of this tab's actions, for "Go to…"."""
        return []
