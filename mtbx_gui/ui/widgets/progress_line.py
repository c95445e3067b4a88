"""Quiet progress: a thin bar and one line, "128/800 · 4.2/s · 2 min left", with Cancel at its end."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import unit


class ProgressLine(QWidget):
    """A bar of a quarter unit and a line of text below; `cancelled` when its button was pressed."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None, *, can_cancel: bool = True) -> None:
        super().__init__(parent)
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(step // 2)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(max(2, step // 2))
        self.bar.setAccessibleName(tr("Progress"))
        self.words = QLabel(self)
        self.words.setObjectName("progress_words")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("muted", True)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = QPushButton(tr("Cancel"), self)
        self.button.setObjectName("progress_cancel")
        self.button.setProperty("flat", True)
        self.button.setAccessibleName(tr("Cancel"))
        self.button.setVisible(can_cancel)
        self.button.clicked.connect(lambda _checked=False: self.cancelled.emit())
        column.addWidget(self.bar)
        row = QHBoxLayout()
        row.setSpacing(step)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        column.addLayout(row)

    def show_progress(
        self,
        done: int,
        total: int,
        rate: float | None = None,
        eta_s: float | None = None,
        unit_name: str = "",
    ) -> None:
        """Show `done` of `total` (0 = not known yet), pieces per second and seconds left."""
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(min(done, total) if total else 0)
        self.words.setText(progress_words(done, total, rate, eta_s, unit_name))

    def say(self, words: str) -> None:
        """Show a line of words; the bar stays."""
        self.words.setText(words)


def progress_words(
    done: int, total: int, rate: float | None = None, eta_s: float | None = None, unit_name: str = ""
) -> str:
    """Progress as in "128/800 · 4.2/s · 2 min left"; what is not known is left out."""
    count = f"{done}/{total}" if total else f"{done}"
    parts = [f"{count} {unit_name}".strip()]
    if rate:
        parts.append(f"{rate:.1f}/s" if rate >= 0.1 else f"{rate * 60:.1f}/min")
    if eta_s is not None:
        parts.append(tr("{time} left", time=duration(eta_s)))
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """A length of time as people say it: "40 s", "2 min", "3 h 10 min"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
