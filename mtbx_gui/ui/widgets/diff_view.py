"""Shows what an edit changed: marks inside an editor, or both texts in one with removed and added words."""

from PySide6.QtGui import (
    QColor,
    QFont,
    QPalette,
    QSyntaxHighlighter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from mtbx_gui.study.worddiff import changed_spans, word_diff
from mtbx_gui.ui.theme import on_theme_change, reading_font, tint, unit
from mtbx_gui.ui.widgets.text_spans import Utf16Map

REMOVED, ADDED = "model_2", "model_1"
"""Meanings whose colours mark removed and added words; strike-out and underline say the same."""


def removed_format(palette: QPalette) -> QTextCharFormat:
    """Struck out on a quiet orange ground."""
    shape = QTextCharFormat()
    shape.setBackground(tint(REMOVED, palette))
    shape.setFontStrikeOut(True)
    return shape


def added_format(palette: QPalette) -> QTextCharFormat:
    """Underlined on a quiet blue ground."""
    shape = QTextCharFormat()
    shape.setBackground(tint(ADDED, palette))
    shape.setFontUnderline(True)
    return shape


class DiffHighlighter(QSyntaxHighlighter):
    """Marks in a document the words that differ from another text; it changes no text and no undo history.

    `side` is "new" when the document holds the edited text, "old" when it holds the text before the edit.
    """

    def __init__(self, document: QTextDocument, side: str = "new") -> None:
        super().__init__(document)
        self._side = side
        self._spans: list[tuple[int, int]] = []
        self._shape = QTextCharFormat()

    def show_changes(self, old: str, new: str, palette: QPalette) -> None:
        """Mark what changed from `old` to `new` in the document's own side of it."""
        removed, added = changed_spans(old, new)
        own, spans = (new, added) if self._side == "new" else (old, removed)
        places = Utf16Map(own)
        spans = [(places.to_qt(start), places.to_qt(end)) for start, end in spans]
        shape = added_format(palette) if self._side == "new" else removed_format(palette)
        if spans == self._spans and shape == self._shape:
            return
        self._spans, self._shape = spans, shape
        self.rehighlight()

    def clear(self) -> None:
        """Take all marks away."""
        if self._spans:
            self._spans = []
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Mark the changed words of one block (called by Qt)."""
        first = self.currentBlock().position()
        last = first + self.currentBlock().length()
        for start, end in self._spans:
            if start < last and end > first:
                begin = max(start, first) - first
                self.setFormat(begin, min(end, last) - first - begin, self._shape)


class DiffView(QTextBrowser):
    """Both texts in one: removed words struck out, added words underlined."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = ("", "")
        self.setOpenLinks(False)
        self.setProperty("bare", True)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.document().setDocumentMargin(unit(self))
        self.setFont(reading_font(self))
        on_theme_change(self.refresh)

    def show_diff(self, old: str, new: str) -> None:
        """Show how `new` came from `old`."""
        if (old, new) != self._texts:
            self._texts = (old, new)
            self._render()

    def refresh(self) -> None:
        """Draw anew in the colours and size of the moment."""
        self.setFont(reading_font(self))
        self._render()

    def _render(self) -> None:
        self.clear()
        cursor = QTextCursor(self.document())
        shapes = {
            "same": QTextCharFormat(),
            "removed": removed_format(self.palette()),
            "added": added_format(self.palette()),
        }
        cursor.beginEditBlock()
        for piece in word_diff(*self._texts):
            cursor.insertText(piece.text, shapes[piece.kind])
        cursor.select(QTextCursor.SelectionType.Document)
        spacing = QTextBlockFormat()
        spacing.setLineHeight(140, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.mergeBlockFormat(spacing)
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)


def mark_spans(
    editor: QTextEdit, spans: list[tuple[int, int, QColor]], text: str
) -> list[QTextEdit.ExtraSelection]:
    """Wavy underlines under (start, end, colour) in code points of `text`, for `setExtraSelections`."""
    places = Utf16Map(text)
    marks: list[QTextEdit.ExtraSelection] = []
    for start, end, ink in spans:
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(editor.document())
        cursor.setPosition(places.to_qt(start))
        cursor.setPosition(places.to_qt(end), QTextCursor.MoveMode.KeepAnchor)
        mark.cursor = cursor
        mark.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        mark.format.setUnderlineColor(ink)
        mark.format.setFontWeight(QFont.Weight.Normal)
        marks.append(mark)
    return marks
