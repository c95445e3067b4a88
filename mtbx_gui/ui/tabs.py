"""The five tabs by name: their modules are imported only when a tab is first shown."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mtbx_gui.ui.context import StudyContext
    from mtbx_gui.ui.tab import Tab


@dataclass(frozen=True)
class TabSpec:
    """A tab's handle: name in code, title, icon, where its class lies, the kinds of target it shows."""

    name: str
    title: str
    icon: str
    module: str
    class_name: str
    targets: frozenset[str]

    def tab_class(self) -> type[Tab]:
        """Import the tab's module and return its class."""
        from mtbx_gui.ui.tab import Tab

        found = getattr(importlib.import_module(self.module), self.class_name)
        if not (isinstance(found, type) and issubclass(found, Tab)):
            raise TypeError(f"{self.module}.{self.class_name} is no tab")
        return found

    def make(self, context: StudyContext) -> Tab:
        """Build the tab."""
        return self.tab_class()(context)


TABS: tuple[TabSpec, ...] = (
    TabSpec("curate", "Curate", "curate", "mtbx_gui.ui.curate", "CurateTab", frozenset({"item", "field"})),
    TabSpec("runs", "Runs", "runs", "mtbx_gui.ui.runs", "RunsTab", frozenset({"run"})),
    TabSpec("judge", "Judge", "judge", "mtbx_gui.ui.judge", "JudgeTab", frozenset({"judgment"})),
    TabSpec("annotate", "Annotate", "annotate", "mtbx_gui.ui.annotate", "AnnotateTab", frozenset({"pair"})),
    TabSpec(
        "results", "Results", "results", "mtbx_gui.ui.results", "ResultsTab", frozenset({"model", "figure"})
    ),
)


def index_of(specs: Sequence[TabSpec], name: str) -> int:
    """Where the tab of a name stands. Raises KeyError for an unknown name."""
    for index, spec in enumerate(specs):
        if spec.name == name:
            return index
    raise KeyError(name)


def index_for(specs: Sequence[TabSpec], kind: str) -> int | None:
    """The tab that shows a kind of target, or None."""
    for index, spec in enumerate(specs):
        if kind in spec.targets:
            return index
    return None
