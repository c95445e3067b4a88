"""The left side: what to work on. Filter with counts, the list, how far each language is."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mtbx_gui.curation.queue import FLAGGED, STATES, Entry, Filter, Progress
from mtbx_gui.study.records import FIELD_KINDS
from mtbx_gui.ui.curate.language_bar import LanguageBar
from mtbx_gui.ui.curate.words import STATE_MEANINGS, flagged_word, kind_word, row_word, state_word
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import icon, unit
from mtbx_gui.ui.widgets.row_table import Column, RowTable

Counts = Callable[[str], dict[str, int]]


class _FieldTable(RowTable[Entry]):
    """The list of fields; its columns are sized by the font, not by measuring hundreds of rows."""

    def fit_columns(self) -> None:
        """Room for "121  judge reference 2" and "machine"; the flags take the rest."""
        metrics, header, step = self.view.fontMetrics(), self.view.horizontalHeader(), unit(self)
        header.resizeSection(0, metrics.horizontalAdvance("000  judge reference 0") + 2 * step)
        header.resizeSection(1, metrics.horizontalAdvance("machine") + metrics.ascent() + 2 * step)


class QueuePanel(QWidget):
    """`filter_changed(Filter)` when the person chose, `chosen(field id)` when they went to a row."""

    filter_changed = Signal(object)
    chosen = Signal(int)
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curate_queue")
        self._filter = Filter()
        self._filling = False
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(step)
        self.combos: dict[str, QComboBox] = {}
        for names in (
            (
                ("language", tr("Language"), 2),
                ("category", tr("Category"), 4),
                ("kind", tr("Kind of field"), 4),
            ),
            (("flagged", tr("Flags"), 1), ("state", tr("State"), 1)),
        ):
            row = QHBoxLayout()
            row.setSpacing(step // 2)
            for name, title, share in names:
                row.addWidget(self._combo(name, title), share)
            column.addLayout(row)
        self.search = QLineEdit(self)
        self.search.setObjectName("curate_search")
        self.search.setPlaceholderText(tr("Search in texts  (Ctrl+F)"))
        self.search.setAccessibleName(tr("Search in texts"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._changed)
        self.search.installEventFilter(self)
        self.count = QLabel(self)
        self.count.setObjectName("curate_count")
        self.count.setProperty("muted", True)
        row = QHBoxLayout()
        row.setSpacing(step)
        row.addWidget(self.search, 1)
        row.addWidget(self.count)
        column.addLayout(row)
        self.table = self._table()
        column.addWidget(self.table, 1)
        self._bars: dict[str, LanguageBar] = {}
        self._bar_column = QVBoxLayout()
        self._bar_column.setSpacing(0)
        column.addLayout(self._bar_column)

    def _combo(self, name: str, title: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(f"curate_{name}")
        combo.setAccessibleName(title)
        combo.setToolTip(title)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(4)
        combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        combo.currentIndexChanged.connect(self._changed)
        self.combos[name] = combo
        return combo

    def _table(self) -> RowTable[Entry]:
        table = _FieldTable(
            [
                Column(tr("Field"), row_word),
                Column(tr("State"), lambda e: state_word(e.state), state=lambda e: STATE_MEANINGS[e.state]),
                Column(
                    tr("Flags"),
                    lambda e: e.findings,
                    state=lambda e: e.severity if e.severity in ("error", "warning") else None,
                    tip=lambda e: e.findings,
                    stretch=True,
                ),
            ],
            key=lambda e: e.field.field_id,
            parent=self,
            name="curate_table",
            filter_line=False,
        )
        table.view.setSortingEnabled(False)
        table.view.setAccessibleName(tr("Fields"))
        table.row_chosen.connect(self._row_chosen)
        table.row_opened.connect(lambda _row: self.opened.emit())
        table.view.typed.connect(self._typed)
        return table

    def show_choices(
        self, wanted: Filter, languages: Sequence[str], categories: Sequence[str], counts: Counts
    ) -> None:
        """Fill the filter's boxes, each choice with its number of fields."""
        self._filling = True
        self._filter = wanted
        self._fill("language", [(code, code.upper()) for code in languages], wanted.language)
        found = counts("category")
        self._fill(
            "category",
            [("", tr("all categories"))] + [(c, f"{c}  {found.get(c, 0)}") for c in categories],
            wanted.category,
        )
        found = counts("kind")
        kinds = [kind for kind in FIELD_KINDS if found.get(kind) or kind == wanted.kind]
        self._fill(
            "kind",
            [("", tr("all fields"))] + [(k, f"{kind_word(k)}  {found.get(k, 0)}") for k in kinds],
            wanted.kind,
        )
        found = counts("flagged")
        self._fill(
            "flagged",
            [(f, f"{flagged_word(f)}  {found.get(f, 0)}" if f else flagged_word(f)) for f in FLAGGED],
            wanted.flagged,
        )
        found = counts("state")
        self._fill(
            "state",
            [("", tr("any state"))] + [(s, f"{state_word(s)}  {found.get(s, 0)}") for s in STATES],
            wanted.state,
        )
        if self.search.text() != wanted.words:
            self.search.setText(wanted.words)
        self._filling = False

    def show_entries(self, entries: Sequence[Entry], total: int, current: int | None) -> None:
        """Show the queue; the current field's row is chosen, nothing scrolls unless it was out of sight."""
        self._filling = True
        self.table.set_rows(entries)
        shown = self.table.current()
        if current is not None and (shown is None or shown.field.field_id != current):
            self.table.choose(current)
        self.count.setText(tr("{shown} of {total}", shown=len(entries), total=total))
        self._filling = False

    def show_progress(self, progress: Sequence[Progress], language: str) -> None:
        """One bar a language."""
        if list(self._bars) != [p.language for p in progress]:
            for bar in self._bars.values():
                self._bar_column.removeWidget(bar)
                bar.deleteLater()
            self._bars = {p.language: LanguageBar(p.language, self) for p in progress}
            for bar in self._bars.values():
                bar.clicked.connect(lambda _checked=False, code=bar.language: self.choose_language(code))
                self._bar_column.addWidget(bar)
        for numbers in progress:
            bar = self._bars[numbers.language]
            bar.show_progress(numbers)
            bar.setChecked(numbers.language == language)
        widest = max((bar.words_width() for bar in self._bars.values()), default=0)
        for bar in self._bars.values():
            bar.set_room(widest)

    def choose_language(self, code: str) -> None:
        """Show another language, as if it was chosen in its box."""
        combo = self.combos["language"]
        combo.setCurrentIndex(combo.findData(code))
        for language, bar in self._bars.items():
            bar.setChecked(language == self.combos["language"].currentData())

    def focus_search(self) -> None:
        """Put the cursor into the search line."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """Down and Return in the search line lead into the list, Escape empties it."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if (
                event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
                and not event.modifiers()
            ):
                if self.table.current() is None and self.table.model.rowCount():
                    self.table.choose_place(0)
                self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return bool(super().eventFilter(watched, event))

    def _fill(self, name: str, choices: Sequence[tuple[str, str]], chosen: str) -> None:
        combo = self.combos[name]
        if [(combo.itemData(n), combo.itemText(n)) for n in range(combo.count())] != list(choices):
            combo.clear()
            for value, text in choices:
                combo.addItem(text, value)
        combo.setCurrentIndex(max(0, combo.findData(chosen)))
        combo.setEnabled(combo.count() > 1 or name == "language")

    def _changed(self) -> None:
        if self._filling:
            return
        values: dict[str, Any] = {name: combo.currentData() or "" for name, combo in self.combos.items()}
        if values["language"] != self._filter.language:
            values["category"] = ""
        self._filter = Filter(words=self.search.text(), **values)
        self.filter_changed.emit(self._filter)

    def _row_chosen(self, entry: Entry | None) -> None:
        if entry is not None and not self._filling:
            self.chosen.emit(entry.field.field_id)

    def _typed(self, letters: str) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.setText(self.search.text() + letters)
