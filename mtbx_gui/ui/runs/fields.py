"""Fields the forms for new runs share: ticks in a row, a choice, a model by name or folder, a line."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import unit


class Ticks(QWidget):
    """Check boxes, so many to a row; `changed` after every change. `name` begins their object names."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None, columns: int = 6) -> None:
        super().__init__(parent)
        self._name = name
        self._columns = columns
        self.boxes: dict[str, QCheckBox] = {}
        step = unit(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, step // 2, 0, step // 2)
        self._grid.setHorizontalSpacing(2 * step)
        self._grid.setVerticalSpacing(step // 2)
        self._grid.setColumnStretch(columns, 1)

    def offer(self, choices: Sequence[tuple[str, str]], ticked: Sequence[str]) -> None:
        """Show these (value, words); those known before keep their ticks."""
        before = {value: box.isChecked() for value, box in self.boxes.items()}
        if list(before) == [value for value, _ in choices]:
            return
        for box in self.boxes.values():
            self._grid.removeWidget(box)
            box.deleteLater()
        self.boxes = {}
        for place, (value, words) in enumerate(choices):
            box = QCheckBox(words, self)
            box.setObjectName(f"{self._name}_{value}")
            box.setAccessibleName(words)
            box.setChecked(before.get(value, value in ticked))
            box.toggled.connect(lambda _on: self.changed.emit())
            self._grid.addWidget(box, place // self._columns, place % self._columns)
            self.boxes[value] = box
        if self.boxes:
            self.setFocusProxy(next(iter(self.boxes.values())))

    def chosen(self) -> tuple[str, ...]:
        """The values ticked, in the order shown."""
        return tuple(value for value, box in self.boxes.items() if box.isChecked())

    def choose(self, values: Sequence[str]) -> None:
        """Tick exactly these."""
        for value, box in self.boxes.items():
            box.setChecked(value in values)


class Choice(QComboBox):
    """A drop-down of (value, words); `changed` when the person or the program chose another one."""

    changed = Signal()

    def __init__(
        self, name: str, choices: Sequence[tuple[str, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMinimumContentsLength(12)
        self.offer(choices)
        self.currentIndexChanged.connect(lambda _index: self.changed.emit())

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Show these (value, words); the present choice stays when it is among them."""
        if [(self.itemData(i), self.itemText(i)) for i in range(self.count())] == list(choices):
            return
        before = self.value()
        self.blockSignals(True)
        self.clear()
        for value, words in choices:
            self.addItem(words, value)
        place = self.findData(before)
        self.setCurrentIndex(place if place >= 0 else 0)
        self.blockSignals(False)
        if self.value() != before:
            self.changed.emit()

    def value(self) -> str:
        """The value chosen, "" when there is none."""
        data = self.currentData()
        return str(data) if data is not None else ""

    def choose(self, value: str) -> None:
        """Choose a value that is offered; nothing happens for others."""
        place = self.findData(value)
        if place >= 0:
            self.setCurrentIndex(place)


class ModelField(QWidget):
    """A model by name, or by its folder (typed or looked for); `changed` after every change."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(unit(self))
        self.box = QComboBox(self)
        self.box.setObjectName(name)
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.box.setAccessibleName(tr("Model or model folder"))
        self.box.editTextChanged.connect(lambda _text: self.changed.emit())
        browse = QPushButton(tr("Folder…"), self)
        browse.setObjectName(f"{name}_browse")
        browse.setAccessibleName(tr("Look for a model folder"))
        browse.clicked.connect(lambda _checked=False: self._look_for())
        row.addWidget(self.box, 1)
        row.addWidget(browse)
        self.setFocusProxy(self.box)

    def offer(self, names: Sequence[str]) -> None:
        """Offer these; a text typed stays."""
        if [self.box.itemText(i) for i in range(self.box.count())] == list(names):
            return
        text = self.value()
        self.box.blockSignals(True)
        self.box.clear()
        self.box.addItems(list(names))
        self.box.setEditText(text or (names[0] if names else ""))
        self.box.blockSignals(False)
        self.changed.emit()

    def value(self) -> str:
        """The name or folder."""
        return self.box.currentText().strip()

    def set_value(self, text: str) -> None:
        """Put a name or folder in."""
        self.box.setEditText(text)

    def _look_for(self) -> None:
        dialog = QFileDialog(self, tr("The folder of a model"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.fileSelected.connect(self.set_value)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def value_line(name: str, placeholder: str, parent: QWidget | None = None) -> QLineEdit:
    """A line for one value; empty means what the placeholder says."""
    line = QLineEdit(parent)
    line.setObjectName(name)
    line.setPlaceholderText(placeholder)
    line.setMaximumWidth(30 * unit(line))
    return line
