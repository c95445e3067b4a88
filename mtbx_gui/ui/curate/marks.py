"""Marks in a document by spans: code, changed words, flags. They change no text and no undo history.

While someone types, the spans move along with the text until they are computed anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QObject
from PySide6.QtGui import (
    QFont,
    QPalette,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextDocument,
)

from mtbx_gui.curation.rules import Severity
from mtbx_gui.curation.segments import regions
from mtbx_gui.study.worddiff import changed_spans
from mtbx_gui.ui.theme import color, fixed_font, mix, tint
from mtbx_gui.ui.widgets.diff_view import added_format, removed_format
from mtbx_gui.ui.widgets.text_spans import Utf16Map


@dataclass(frozen=True)
class Mark:
    """A format for a span in code points."""

    start: int
    end: int
    shape: QTextCharFormat


def kept_marks(text: str, palette: QPalette) -> list[Mark]:
    """Code and placeholders on a slightly tinted ground; code in the fixed font."""
    ground = mix(palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text), 0.07)
    families = fixed_font().families()
    found: list[Mark] = []
    for region in regions(text):
        shape = QTextCharFormat()
        shape.setBackground(ground)
        if region.block or region.kind == "inline_code":
            shape.setFontFamilies(families)
            shape.setFontFixedPitch(True)
        found.append(Mark(region.start, region.end, shape))
    return found


def change_marks(old: str, new: str, side: str, palette: QPalette) -> list[Mark]:
    """Words that differ, as they stand in the "old" or the "new" text."""
    removed, added = changed_spans(old, new)
    spans, shape = (removed, removed_format(palette)) if side == "old" else (added, added_format(palette))
    return [Mark(start, end, shape) for start, end in spans]


def flag_shape(severity: Severity, palette: QPalette) -> QTextCharFormat:
    """A wavy line in the severity's colour; errors and warnings also on a quiet ground."""
    shape = QTextCharFormat()
    shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    shape.setUnderlineColor(color(severity))
    if severity != "info":
        shape.setBackground(tint(severity, palette))
    shape.setFontWeight(QFont.Weight.Normal)
    return shape


class MarkHighlighter(QSyntaxHighlighter):
    """Shows marks in a document; later ones lie over earlier ones."""

    def __init__(self, document: QTextDocument) -> None:
        self._keeper = _SpanKeeper(document)
        super().__init__(document)

    def show_marks(self, text: str, marks: Sequence[Mark]) -> None:
        """Show these marks (code points of `text`, the document's own) in place of the former ones."""
        places = Utf16Map(text)
        spans = [
            (places.to_qt(mark.start), places.to_qt(mark.end), mark.shape)
            for mark in marks
            if mark.start < mark.end
        ]
        if spans == self._keeper.spans:
            return
        first = _first_difference(self._keeper.spans, spans)
        self._keeper.spans = spans
        self._rehighlight_from(first)

    def highlightBlock(self, text: str) -> None:
        """Format one block (called by Qt)."""
        first = self.currentBlock().position()
        last = first + len(text)
        inside = [
            (max(start, first) - first, min(end, last) - first, shape)
            for start, end, shape in self._keeper.spans
            if start < last and end > first
        ]
        cuts = sorted({place for start, end, _ in inside for place in (start, end)})
        for begin, stop in pairwise(cuts):
            shapes = [shape for start, end, shape in inside if start <= begin and stop <= end]
            if shapes:
                merged = QTextCharFormat(shapes[0])
                for shape in shapes[1:]:
                    merged.merge(shape)
                self.setFormat(begin, stop - begin, merged)

    def _rehighlight_from(self, place: int) -> None:
        """Only the blocks from `place` on: what stands before it keeps its marks."""
        block = self.document().findBlock(max(0, place))
        while block.isValid():
            self.rehighlightBlock(block)
            block = block.next()


class _SpanKeeper(QObject):
    """The spans in UTF-16 units, shifted as the text changes, before the highlighter hears of it."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.spans: list[tuple[int, int, QTextCharFormat]] = []
        document.contentsChange.connect(self._shift)

    def _shift(self, place: int, removed: int, added: int) -> None:
        if removed == added or not self.spans:
            return
        gone = place + removed

        def moved(position: int, at_end: bool) -> int:
            if position >= gone and (position > place or at_end):
                return position + added - removed
            return min(position, place)

        self.spans = [
            (start, end, shape)
            for start, end, shape in (
                (moved(start, start >= gone), moved(end, False), shape) for start, end, shape in self.spans
            )
            if start < end
        ]


def _first_difference(
    old: list[tuple[int, int, QTextCharFormat]], new: list[tuple[int, int, QTextCharFormat]]
) -> int:
    """The earliest position at which two lists of spans differ."""
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    rest = [span[0] for span in (*old[same:], *new[same:])]
    return min(rest, default=0)
