"""A fold: "▸ Turn 1" with the beginning of what is folded beside it, and the text itself when it is open."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import muted, unit

PREVIEW_LETTERS = 300


class Preview(QWidget):
    """The beginning of a text in one quiet line, cut with an ellipsis where the room ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._shown = True
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show the beginning of another text."""
        self._text = " ".join(text[:PREVIEW_LETTERS].split())
        self.setAccessibleName(self._text)
        self.update()

    def show_words(self, shown: bool) -> None:
        """Keep the room, with or without the words."""
        self._shown = shown
        self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line."""
        if not self._shown:
            return
        painter = QPainter(self)
        painter.setPen(muted(self.palette()))
        words = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
        painter.end()


class FirstTurnFold(QWidget):
    """The row over a second turn: a switch and the first turn's beginning. `toggled(open)` when switched."""

    toggled = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        step = unit(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(step // 2)
        self._switch = QToolButton(self)
        self._switch.setObjectName(name)
        self._switch.setCheckable(True)
        self._switch.setAutoRaise(True)
        self._switch.setAccessibleName(tr("Turn 1"))
        self._switch.setToolTip(tr("Show or hide the first turn (E)"))
        self._switch.toggled.connect(self._toggled)
        self.preview = Preview(self)
        kept = self.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.setSizePolicy(kept)
        row.addWidget(self._switch)
        row.addWidget(self.preview, 1)
        self._toggled(False)

    def is_open(self) -> bool:
        """Whether the first turn is shown in full."""
        return self._switch.isChecked()

    def set_open(self, open_: bool) -> None:
        """Open or close it."""
        self._switch.setChecked(open_)

    def _toggled(self, open_: bool) -> None:
        self._switch.setText(f"{'▾' if open_ else '▸'} {tr('Turn 1')}")
        self.preview.show_words(not open_)
        self.toggled.emit(open_)
