"""The view of one answer; its next text can be laid out beforehand, so that a vote only swaps documents.

It must not know votes or sessions.
"""

from collections import deque
from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtGui import QPaintEvent, QTextCursor
from PySide6.QtWidgets import QWidget

from mtbx_gui.ui.widgets.answer_view import AnswerView, Inks, QuietDocument
from mtbx_gui.ui.widgets.markdown import pieces

LAID_OUT_AHEAD = 20_000
"""Longer texts are put together beforehand, but laid out when they show, as far as they are in sight."""


@dataclass(frozen=True)
class Look:
    """What a rendered text depends on beside its characters."""

    inks: Inks
    font: str
    width: int


@dataclass
class Prepared:
    """A text on its way into a document; `html` holds the pieces that are still to be put in."""

    text: str
    look: Look
    document: QuietDocument
    html: deque[str] = field(default_factory=deque)
    ready: bool = False


def html_pieces(text: str, look: Look) -> list[str]:
    """The text as pieces of HTML; the slow part of showing it. Safe in any thread."""
    return [look.inks.html(piece) for piece in pieces(text)]


class CardView(AnswerView):
    """An AnswerView that tells when it was painted and takes a text prepared ahead."""

    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prepared: Prepared | None = None

    def look(self) -> Look:
        """How texts are rendered at the moment."""
        return Look(Inks.now(), self.font().toString(), round(self.document().textWidth()))

    def prepare(self, text: str, html: list[str], look: Look) -> None:
        """Begin a document for a text that is likely to be shown next; `prepare_more` goes on with it."""
        if self._prepared is not None:
            self._prepared.document.deleteLater()
        shown, document = self.document(), QuietDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDefaultFont(self.font())
        document.setDefaultStyleSheet(shown.defaultStyleSheet())
        document.setDefaultTextOption(shown.defaultTextOption())
        document.setDocumentMargin(shown.documentMargin())
        self._prepared = Prepared(text, look, document, deque(html))

    def prepare_more(self) -> bool:
        """Put one more piece in, at last lay the document out; True while there is more to do."""
        prepared = self._prepared
        if prepared is None or prepared.ready:
            return False
        if prepared.html:
            cursor = QTextCursor(prepared.document)
            cursor.movePosition(QTextCursor.MoveOperation.End)
            if prepared.document.characterCount() > 1:
                cursor.insertBlock()
            cursor.insertHtml(prepared.html.popleft())
            return True
        if len(prepared.text) <= LAID_OUT_AHEAD:
            prepared.document.setTextWidth(prepared.look.width)
            prepared.document.size()
        prepared.ready = True
        return False

    def is_prepared(self, text: str) -> bool:
        """Whether this text is laid out and waits to be shown."""
        return self._prepared is not None and self._prepared.ready and self._prepared.text == text

    def show_text(self, text: str) -> None:
        """Show a text from its start: the prepared document when it is the one, else piece by piece."""
        prepared = self._prepared if self.is_prepared(text) and not self.is_raw() else None
        if prepared is not None and prepared.look == self.look():
            self._prepared = None
            self._adopt(prepared)
        else:
            super().show_text(text)
        self.verticalScrollBar().setValue(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, then say so."""
        super().paintEvent(event)
        self.painted.emit()

    def _adopt(self, prepared: Prepared) -> None:
        self._timer.stop()
        self._rest = None
        self._text = prepared.text
        before = self.document()
        self.setDocument(prepared.document)
        before.deleteLater()
        self.completed.emit()
