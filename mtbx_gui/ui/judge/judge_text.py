"""A judge's text with the verdict's line highlighted where it was read."""

from PySide6.QtGui import QTextCursor, QTextDocument, QTextFormat
from PySide6.QtWidgets import QTextEdit, QWidget

from mtbx_gui.ui.theme import on_theme_change, tint
from mtbx_gui.ui.widgets.answer_view import AnswerView

PLAIN = {"score": "info", "": "info"}
"""Meanings without a colour of their own."""


class JudgeText(AnswerView):
    """`show_judgment(text, tag, meaning)`: `tag` is the bracketed verdict, "" when none was read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tag = self._meaning = ""
        self.completed.connect(self._mark)
        on_theme_change(self._mark)

    def show_judgment(self, text: str, tag: str, meaning: str) -> None:
        """Show a text and highlight the line with its verdict."""
        self._tag, self._meaning = tag, meaning
        self.show_text(text)
        self._mark()

    def marked_line(self) -> str:
        """The text of the line that is highlighted, "" when there is none."""
        marks = self.extraSelections()
        return marks[0].cursor.block().text() if marks else ""

    def _mark(self) -> None:
        if not hasattr(self, "_tag"):
            return
        cursor = self._find()
        if cursor is None:
            self.setExtraSelections([])
            return
        mark = QTextEdit.ExtraSelection()
        cursor.clearSelection()
        mark.cursor = cursor
        mark.format.setBackground(tint(PLAIN.get(self._meaning, self._meaning)))
        mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        self.setExtraSelections([mark])

    def _find(self) -> QTextCursor | None:
        """The last place where the tag stands: the last line with a verdict is the one that counts."""
        if not self._tag:
            return None
        end = QTextCursor(self.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        found = self.document().find(self._tag, end, QTextDocument.FindFlag.FindBackward)
        return None if found.isNull() else found
