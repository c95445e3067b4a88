"""F1: every key of the window and of its tabs, on one page."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.tabs import TabSpec
from mtbx_gui.ui.theme import scaled_font, unit
from mtbx_gui.ui.widgets.panel import Heading


class KeysHelp(QDialog):
    """Two columns of groups: the window's keys, then each tab's own."""

    def __init__(
        self,
        window_keys: list[tuple[str, str]],
        specs: Sequence[TabSpec],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("keys_help")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("All keys"))
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * step, 2 * step, 2 * step, 2 * step)
        column.setSpacing(2 * step)
        inner = QWidget(self)
        inner.setProperty("clear", True)
        across = QHBoxLayout(inner)
        across.setContentsMargins(0, 0, 2 * step, 0)
        across.setSpacing(5 * step)
        left, right = QVBoxLayout(), QVBoxLayout()
        for side in (left, right):
            side.setSpacing(3 * step)
            across.addLayout(side, 1)
        groups = keys_of_tabs(specs)
        groups.insert(0, (tr("Everywhere"), [(key, tr(meaning)) for key, meaning in window_keys]))
        self._cap_width = self._widest(groups)
        lines = {id(left): 0, id(right): 0}
        for title, keys in groups:
            side = min((left, right), key=lambda candidate: lines[id(candidate)])
            lines[id(side)] += len(keys) + 2
            side.addWidget(self._group(title, keys))
        left.addStretch(1)
        right.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        column.addWidget(area, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        close = QPushButton(tr("Close"), self)
        close.setObjectName("keys_close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        column.addLayout(row)
        wanted = max(lines.values()) * self.fontMetrics().height() * 1.75 + 14 * step
        most = 108 * step if parent is None else parent.window().height() - 4 * step
        self.resize(132 * step, round(min(wanted, most)))

    def _widest(self, groups: list[tuple[str, list[tuple[str, str]]]]) -> int:
        """The width of the widest key, so that all meanings stand in line."""
        metrics = QFontMetrics(scaled_font(self, 0.92))
        texts = [shown_key(key) for _title, keys in groups for key, _meaning in keys]
        return max(metrics.horizontalAdvance(text) for text in texts) + 2 * unit(self)

    def _group(self, title: str, keys: list[tuple[str, str]]) -> QWidget:
        holder = QWidget(self)
        grid = QGridLayout(holder)
        step = unit(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * step)
        grid.setVerticalSpacing(step)
        grid.addWidget(Heading(title, holder), 0, 0, 1, 2)
        for row, (key, meaning) in enumerate(keys, start=1):
            cap = QLabel(shown_key(key), holder)
            cap.setProperty("keycap", True)
            cap.setFont(scaled_font(self, 0.92))
            words = QLabel(meaning, holder)
            words.setWordWrap(True)
            words.setContentsMargins(0, step // 4 + 1, 0, 0)
            grid.addWidget(cap, row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, row, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, self._cap_width)
        return holder


def keys_of_tabs(specs: Sequence[TabSpec]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Title and keys of every tab that has keys of its own and can be imported."""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for spec in specs:
        try:
            keys = spec.tab_class().KEYS
        except ImportError:
            continue
        if keys:
            found.append((tr(spec.title), [(key, tr(meaning)) for key, meaning in keys]))
    return found


def shown_key(key: str) -> str:
    """A key as this system writes it; a list of keys as it was given."""
    sequence = QKeySequence(key)
    native = sequence.toString(QKeySequence.SequenceFormat.NativeText)
    plain = sequence.count() == 1 and "/" not in key and "…" not in key and native
    return native if plain else key
