"""Reads an answer: Markdown and coloured code, large and calm; it loads nothing and opens no link.

Long answers are laid out piece by piece, so that a 50,000-character one never holds up the window.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QTimer, QUrl, Signal
from PySide6.QtGui import QPalette, QResizeEvent, QTextCursor, QTextDocument, QTextOption
from PySide6.QtWidgets import QApplication, QTextBrowser, QTextEdit, QToolButton, QWidget

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import fixed_font, is_dark, mix, on_theme_change, reading_font, unit
from mtbx_gui.ui.widgets.markdown import Piece, pieces, render
from mtbx_gui.ui.widgets.panel import icon_button

LINE_MOST = 90
TURN_S = 0.008
"""A longer text comes in turns of the event loop of about this length."""


@dataclass(frozen=True)
class Inks:
    """What colours a text is rendered in: for a dark window or a light one, behind code, around cells."""

    dark: bool
    ground: str
    line: str

    @classmethod
    def now(cls) -> "Inks":
        """Those of the window; a view's own palette won't do, its ground is transparent."""
        palette = QApplication.palette()
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        return cls(is_dark(palette), mix(base, text, 0.06).name(), mix(base, text, 0.25).name())

    def html(self, piece: Piece) -> str:
        """A piece as HTML. Safe in any thread."""
        return render(piece, self.dark, self.ground, self.line)


class QuietDocument(QTextDocument):
    """A document that loads nothing; Qt's own would read local files that a text names."""

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Nothing is ever loaded, from the disk as little as from the network."""
        return None


class AnswerView(QTextBrowser):
    """`show_text(markdown)` shows a text; `set_raw(True)` shows its characters as they are."""

    raw_changed = Signal(bool)
    completed = Signal()
    """All of the text is in the view (at once for short ones)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._raw = False
        self._rest: Iterator[Piece] | None = None
        self.setDocument(QuietDocument(self))
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setProperty("bare", True)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(unit(self))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)
        on_theme_change(self.refresh)
        self._set_font()

    def show_text(self, text: str) -> None:
        """Show another text from its start; the same text again keeps the place where it was scrolled to."""
        if text == self._text and self.document().characterCount() > 1:
            return
        self._text = text
        self._render()
        self.verticalScrollBar().setValue(0)

    def text(self) -> str:
        """The text that is shown, as it was given."""
        return self._text

    def is_raw(self) -> bool:
        """Whether the characters are shown as they are."""
        return self._raw

    def set_raw(self, raw: bool) -> None:
        """Switch between the formatted and the raw text."""
        if raw != self._raw:
            self._raw = raw
            self._render()
            self.raw_changed.emit(raw)

    def raw_button(self, parent: QWidget | None = None) -> QToolButton:
        """A quiet switch for the raw text, to be put beside the view's heading."""
        button = icon_button("raw", tr("Raw text"), parent)
        button.setCheckable(True)
        button.setChecked(self._raw)
        button.toggled.connect(self.set_raw)
        self.raw_changed.connect(button.setChecked)
        return button

    def refresh(self) -> None:
        """Draw the text anew in the colours and size of the moment, at the same place."""
        place = self.verticalScrollBar().value()
        self._set_font()
        self._render()
        self.verticalScrollBar().setValue(place)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Nothing; see `QuietDocument`."""
        return None

    def changeEvent(self, event: QEvent) -> None:
        """Follow a palette that changed for this view alone."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep lines at a readable length."""
        self._fit()
        super().resizeEvent(event)

    def finish(self) -> None:
        """Lay out all that is left now (for printing and pictures)."""
        self._timer.stop()
        self._go_on(budget=float("inf"))

    def _set_font(self) -> None:
        self.setFont(reading_font(self))
        self.document().setDefaultFont(self.font())
        self._fit()

    def _fit(self) -> None:
        """Lines are as wide as the view, but no wider than about 90 characters."""
        widest = round(self.fontMetrics().averageCharWidth() * LINE_MOST + 2 * unit(self))
        room = self.viewport().width()
        if room > widest:
            self.setLineWrapMode(QTextEdit.LineWrapMode.FixedPixelWidth)
            if self.lineWrapColumnOrWidth() != widest:  # setting it lays the whole text out again
                self.setLineWrapColumnOrWidth(widest)
        else:
            self.setLineWrapMode(QTextEdit.LineWrapMode.WidgetWidth)

    def _render(self) -> None:
        self._timer.stop()
        self._rest = None
        if self._raw:
            self.document().setDefaultFont(fixed_font(self.font().pointSizeF() / max(1.0, _app_size(self))))
            self.setPlainText(self._text)
            self.completed.emit()
            return
        self.document().setDefaultFont(self.font())
        self.document().setDefaultStyleSheet(_sheet())
        self.clear()
        self._rest = pieces(self._text)
        self._go_on()
        self.moveCursor(QTextCursor.MoveOperation.Start)  # else a resize scrolls to where the text grew

    def _go_on(self, budget: float = TURN_S) -> None:
        """Put in pieces until the time of this turn is used up."""
        if self._rest is None:
            return
        inks = Inks.now()
        end = time.perf_counter() + budget
        cursor = QTextCursor(self.document())
        for piece in self._rest:
            cursor.movePosition(QTextCursor.MoveOperation.End)
            if self.document().characterCount() > 1:
                cursor.insertBlock()
            cursor.insertHtml(inks.html(piece))
            if time.perf_counter() >= end:
                self._timer.start(0)
                return
        self._rest = None
        self.completed.emit()


def _app_size(view: QWidget) -> float:
    return QApplication.font().pointSizeF()


def _sheet() -> str:
    return (
        "p, li { line-height: 140%; } h1 { font-size: large; } h2, h3, h4, h5, h6 { font-size: medium; }"
        " td, th { line-height: 130%; } pre { line-height: 125%; }"
    )
