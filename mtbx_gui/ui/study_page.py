"""An open study in the window: the tabs, the one in front, and the line at the bottom with runs and "saved".

Tabs are built when first shown. A tab that can't write down its unsaved work stays in front.
"""

import contextlib
import importlib
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mtbx_gui.ui.context import Change, StudyContext, Target
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.tab import Tab
from mtbx_gui.ui.tab_bar import TabBar
from mtbx_gui.ui.tabs import TabSpec, index_for, index_of
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.empty_state import EmptyState

SAVED_KINDS = ("items", "texts", "answers", "judgments", "votes", "settings")


class StudyPage(QWidget):
    """Everything between title bar and lower edge while a study is open."""

    tab_shown = Signal(int)

    def __init__(
        self, context: StudyContext, specs: tuple[TabSpec, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.context = context
        self.specs = specs
        self.tabs: list[Tab | None] = [None] * len(specs)
        self._places: list[QWidget] = []
        self._current = -1
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.bar = TabBar(specs, self)
        self.bar.chosen.connect(self.show_tab)
        column.addWidget(self.bar)
        column.addWidget(context.notices.bars)
        self._stack = QStackedWidget(self)
        for _spec in specs:
            place = QWidget(self._stack)
            self._places.append(place)
            self._stack.addWidget(place)
        column.addWidget(self._stack, 1)
        self.status = StatusLine(context, self)
        column.addWidget(self.status)
        context.go_requested.connect(self.go)

    @property
    def current(self) -> int:
        """Which tab is in front; -1 before the first."""
        return self._current

    def current_tab(self) -> Tab | None:
        """The tab in front, or None when it could not be built."""
        return self.tabs[self._current] if self._current >= 0 else None

    def show_tab(self, index: int) -> bool:
        """Bring a tab to the front; False when the present one has something that can't be saved."""
        if index == self._current:
            return True
        if not self.flush():
            self.bar.show_chosen(self._current)
            return False
        tab = self._built(index)
        self._current = index
        self.bar.show_chosen(index)
        self._stack.setCurrentIndex(index)
        if tab is not None:
            self._guarded(tab.activate)
            focused = QApplication.focusWidget()
            if focused is None or not (focused is tab or tab.isAncestorOf(focused)):
                tab.setFocus(Qt.FocusReason.OtherFocusReason)
        self.tab_shown.emit(index)
        return True

    def go(self, target: Target) -> bool:
        """Bring a target into view: its tab to the front, then the thing itself."""
        named = target.kind == "tab"
        index = index_of(self.specs, target.key) if named else index_for(self.specs, target.kind)
        if index is None or not self.show_tab(index):
            return False
        tab = self.tabs[index]
        if tab is not None and target.kind != "tab":
            self._guarded(lambda: tab.show_target(target))
        return True

    def flush(self) -> bool:
        """Let the tab in front write down what is unsaved; False (and a notice) when it can't."""
        tab = self.current_tab()
        return tab is None or self._guarded(tab.leave)

    def _guarded(self, step: Callable[[], None]) -> bool:
        try:
            step()
        except Exception as problem:
            self.context.notices.error(problem)
            return False
        return True

    def _built(self, index: int) -> Tab | None:
        known = self.tabs[index]
        if known is not None:
            return known
        try:
            tab = self.specs[index].make(self.context)
        except Exception as problem:
            self.context.notices.error(problem)
            sentence = tr("This tab can't be shown. The notice above says why.")
            self._replace(index, EmptyState(sentence, icon_name=self.specs[index].icon))
            return None
        tab.setObjectName(f"{self.specs[index].name}_tab")
        tab.badge_changed.connect(self.bar.buttons[index].set_badge)
        self.tabs[index] = tab
        self._replace(index, tab)
        return tab

    def _replace(self, index: int, widget: QWidget) -> None:
        old = self._places[index]
        self._stack.insertWidget(index, widget)
        self._stack.removeWidget(old)
        old.deleteLater()
        self._places[index] = widget


class StatusLine(QFrame):
    """The lower edge: the strip of runs at the left, "saved 10:42:07" at the right."""

    def __init__(self, context: StudyContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("status", True)
        self.setObjectName("status_line")
        step = unit(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * step, step // 2, 2 * step, step // 2)
        row.setSpacing(2 * step)
        strip = _run_strip(context)
        if strip is not None:
            strip.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            row.addWidget(strip, 1)
        else:
            row.addStretch(1)
        self.saved = QLabel(self)
        self.saved.setObjectName("saved_label")
        self.saved.setProperty("muted", True)
        self.saved.setText(tr("everything is saved"))
        row.addWidget(self.saved)
        self.setMinimumHeight(self.fontMetrics().height() + 2 * step)
        context.changed.connect(self._note)

    def _note(self, change: Change, _initiator: object) -> None:
        if change.touches(*SAVED_KINDS):
            self.saved.setText(tr("saved {time}", time=datetime.now().strftime("%H:%M:%S")))


def _run_strip(context: StudyContext) -> QWidget | None:
    with contextlib.suppress(ModuleNotFoundError):
        module = importlib.import_module("mtbx_gui.ui.run_strip")
        strip = module.RunStrip(context)
        assert isinstance(strip, QWidget)
        return strip
    return None
