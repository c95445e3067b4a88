"""What a tab needs to know of the world: the open study, who works, and the doors to tasks and notices.

It holds no widgets and no state of its own beyond these.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from mtbx_gui.ui.notices import Notices
from mtbx_gui.ui.settings_store import Settings
from mtbx_gui.ui.tasks import Tasks

if TYPE_CHECKING:
    from mtbx_gui.study.study import Study

KINDS = frozenset({"items", "texts", "answers", "judgments", "votes", "runs", "settings"})


@dataclass(frozen=True)
class Change:
    """What became stale: a subset of `KINDS`."""

    kinds: frozenset[str]

    def touches(self, *kinds: str) -> bool:
        """Whether any of `kinds` changed."""
        return not self.kinds.isdisjoint(kinds)


@dataclass(frozen=True)
class Target:
    """Something the window can jump to: a kind ("item", "run", "model", "action", "tab") and its key."""

    kind: str
    key: str
    details: dict[str, Any] = field(default_factory=dict, compare=False)


class StudyContext(QObject):
    """Handed to every tab; `changed` says what changed and who did it, so that the doer need not refresh."""

    changed = Signal(object, object)
    go_requested = Signal(object)

    def __init__(
        self,
        study: Study,
        author: str,
        tasks: Tasks,
        notices: Notices,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.study = study
        self.author = author
        self.tasks = tasks
        self.notices = notices
        self.settings = settings

    def announce(self, kinds: Iterable[str], initiator: object = None) -> None:
        """Tell every tab that these kinds changed; call it on the GUI thread.

        Raises ValueError for a kind that is not in `KINDS`.
        """
        named = frozenset(kinds)
        if unknown := named - KINDS:
            raise ValueError(f"Unknown kinds of change: {sorted(unknown)}")
        self.changed.emit(Change(named), initiator)

    def go(self, target: Target) -> None:
        """Ask the window to bring `target` into view, in whichever tab shows its kind."""
        self.go_requested.emit(target)
