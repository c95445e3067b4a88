"""Forms: a label, its field, a quiet hint and, when a value is wrong, a sentence beneath the field."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mtbx_gui.ui.theme import scaled_font, unit

W = TypeVar("W", bound=QWidget)


class Form(QWidget):
    """A column of fields; `add` returns the widget it was given, so that the caller keeps it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        step = unit(self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._layout = QFormLayout()
        outer.addLayout(self._layout)
        outer.addStretch(1)
        self._layout.setHorizontalSpacing(2 * step)
        self._layout.setVerticalSpacing(step)
        self._layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self._notes: dict[QWidget, tuple[QLabel, QLabel]] = {}

    def add(self, label: str, field: W, hint: str = "") -> W:
        """A row: label, field and, below the field, a hint. Names the field for screen readers."""
        field.setAccessibleName(label)
        holder = QWidget(self)
        holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit(self) // 2)
        wide = field.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Expanding
        if isinstance(field, QComboBox) and not wide:
            column.addWidget(field, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            column.addWidget(field)
        note = self._small(hint, holder, "muted")
        problem = self._small("", holder, "problem")
        column.addWidget(note)
        column.addWidget(problem)
        self._notes[field] = (note, problem)
        name = QLabel(label, self)
        name.setBuddy(field)
        low = 1 if isinstance(field, QCheckBox | QRadioButton | QLabel) else unit(self) // 2 + 2
        name.setContentsMargins(0, low, 0, 0)
        name.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._layout.addRow(name, holder)
        return field

    def add_title(self, text: str) -> None:
        """A heading over the rows that follow."""
        title = QLabel(text, self)
        title.setFont(scaled_font(self, 1.1, bold=True))
        title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if self._layout.rowCount():
            title.setContentsMargins(0, 2 * unit(self), 0, 0)
        self._layout.addRow(title)

    def add_wide(self, widget: QWidget) -> None:
        """A widget over the whole width, without a label."""
        self._layout.addRow(widget)

    def set_visible(self, field: QWidget, shown: bool) -> None:
        """Show or hide a field's whole row."""
        holder = field.parentWidget()
        if holder is not None:
            self._layout.setRowVisible(holder, shown)

    def complain(self, field: QWidget, sentence: str) -> None:
        """Show below a field what is wrong with it; an empty sentence brings the hint back."""
        note, problem = self._notes[field]
        problem.setText(sentence)
        problem.setVisible(bool(sentence))
        note.setVisible(bool(note.text()) and not sentence)

    def set_hint(self, field: QWidget, hint: str) -> None:
        """Say something else below a field."""
        note, problem = self._notes[field]
        note.setText(hint)
        note.setVisible(bool(hint) and not problem.text())

    def complaint(self, field: QWidget) -> str:
        """The sentence now shown against a field, or ""."""
        return self._notes[field][1].text()

    def _small(self, text: str, holder: QWidget, role: str) -> QLabel:
        note = QLabel(text, holder)
        note.setTextFormat(Qt.TextFormat.PlainText)
        note.setWordWrap(True)
        note.setProperty(role, True)
        note.setFont(scaled_font(self, 0.92))
        note.setVisible(bool(text))
        return note
