"""How far one language is, as a thin bar with its numbers; a click shows that language."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from mtbx_gui.curation.queue import Progress
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import color, mix, muted, unit


class LanguageBar(QAbstractButton):
    """Edited and clean (green), with errors (vermilion), with warnings (orange), the rest; in words too."""

    def __init__(self, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.language = language
        self._progress: Progress | None = None
        self._room = 0
        self.setObjectName(f"curate_bar_{language}")
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_progress(self, progress: Progress) -> None:
        """Show other numbers."""
        if progress == self._progress:
            return
        self._progress = progress
        self.setAccessibleName(f"{self.language.upper()}: {self.words()}")
        self.setToolTip(self.words())
        self.update()

    def words_width(self) -> int:
        """How wide the numbers are."""
        return self.fontMetrics().horizontalAdvance(self.words())

    def set_room(self, width: int) -> None:
        """Keep so much room for the numbers, the same for all languages, so that the bars can be compared."""
        if width != self._room:
            self._room = width
            self.update()

    def words(self) -> str:
        """The numbers: "72 edited · 27 with errors · 3 missing"."""
        now = self._progress
        if now is None:
            return ""
        parts = [tr("{count} edited", count=now.edited)]
        if now.checked < now.total - now.missing:
            parts.append(tr("looking for flags"))
        elif now.errors:
            parts.append(tr("{count} with errors", count=now.errors))
        else:
            parts.append(tr("no errors"))
        if now.missing:
            parts.append(tr("{count} missing", count=now.missing))
        return " · ".join(parts)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(20 * unit(self), self.fontMetrics().height() + unit(self) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Code, bar, words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step, palette, metrics = unit(self), self.palette(), self.fontMetrics()
        ink = palette.color(self.foregroundRole())
        font = self.font()
        font.setBold(self.isChecked())
        painter.setFont(font)
        painter.setPen(ink if self.isChecked() or self.underMouse() or self.hasFocus() else muted(palette))
        code = metrics.horizontalAdvance("MM") + step
        painter.drawText(0, 0, code, self.height(), int(Qt.AlignmentFlag.AlignVCenter), self.language.upper())
        needed = max(self._room, self.words_width()) + step
        words_width = min(needed, max(0, self.width() - code - 6 * step))
        words = metrics.elidedText(self.words(), Qt.TextElideMode.ElideRight, words_width)
        painter.setFont(self.font())
        painter.setPen(muted(palette))
        painter.drawText(
            self.width() - words_width,
            0,
            words_width,
            self.height(),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight),
            words,
        )
        width = self.width() - code - words_width - step
        bar = QRectF(code, (self.height() - step / 2) / 2, max(0, width), max(2.0, step / 2))
        self._paint_bar(painter, bar, mix(palette.color(self.backgroundRole()), ink, 0.13))
        painter.end()

    def _paint_bar(self, painter: QPainter, bar: QRectF, track: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(track)
        painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2)
        now = self._progress
        if now is None or not now.total:
            return
        left = bar.left()
        for count, meaning in ((now.clean, "approved"), (now.errors, "error"), (now.warnings, "warning")):
            width = min(bar.width() * count / now.total, bar.right() - left)
            if width > 0:
                painter.setBrush(color(meaning))
                painter.drawRect(QRectF(left, bar.top(), width, bar.height()))
                left += width
