"""A button for choosing several of a few things; its menu stays open while one ticks."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from mtbx_gui.ui.i18n import tr


class _StayingMenu(QMenu):
    """Ticking an entry leaves the menu open; Escape or a click beside it closes it."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.actionAt(event.position().toPoint())
        if action is not None and action.isEnabled():
            action.trigger()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.activeAction()
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and action is not None:
            action.trigger()
            return
        super().keyPressEvent(event)


class ChoiceButton(QPushButton):
    """`chosen()` is None while everything is ticked; `changed` tells that a person ticked something."""

    changed = Signal()

    def __init__(self, all_text: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(all_text, parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setStyleSheet("QPushButton { text-align: left; }")
        self._all_text = all_text
        self._actions: list[tuple[str, QAction]] = []
        self.menu_ = _StayingMenu(self)
        self.menu_.setObjectName(f"{name}_menu")
        self.clicked.connect(lambda _checked=False: self.open_menu())

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        """(value, shown text) of what can be chosen; what was left out before stays left out."""
        if [value for value, _ in self._actions] == [value for value, _ in options]:
            return
        left_out = {value for value, action in self._actions if not action.isChecked()}
        self.menu_.clear()
        every = self.menu_.addAction(self._all_text)
        every.triggered.connect(lambda _checked=False: self._tick_all())
        self.menu_.addSeparator()
        self._actions = []
        for value, text in options:
            action = self.menu_.addAction(text)
            action.setCheckable(True)
            action.setChecked(value not in left_out)
            action.toggled.connect(self._ticked)
            self._actions.append((value, action))
        self.setEnabled(bool(options))
        self._say()

    def chosen(self) -> tuple[str, ...] | None:
        """The ticked values, or None when all (or none) are."""
        ticked = tuple(value for value, action in self._actions if action.isChecked())
        return None if len(ticked) in (0, len(self._actions)) else ticked

    def choose(self, values: Sequence[str] | None) -> None:
        """Tick exactly these (None: all)."""
        self._set([value for value, _ in self._actions] if values is None else list(values))

    def open_menu(self) -> None:
        """Drop the menu below the button."""
        self.menu_.setMinimumWidth(self.width())
        self.menu_.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _tick_all(self) -> None:
        self._set([value for value, _ in self._actions])

    def _set(self, values: list[str]) -> None:
        for value, action in self._actions:
            action.blockSignals(True)
            action.setChecked(value in values)
            action.blockSignals(False)
        self._ticked()

    def _ticked(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        ticked = self.chosen()
        if ticked is None:
            text = self._all_text
        elif len(ticked) <= 2:
            texts = {value: action.text() for value, action in self._actions}
            text = ", ".join(texts[value] for value in ticked)
        else:
            text = tr("{shown} of {total}", shown=len(ticked), total=len(self._actions))
        room = self.fontMetrics().averageCharWidth() * 24
        self.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room))
        self.setToolTip(text)
