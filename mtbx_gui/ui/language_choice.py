"""Which languages a study has: the five of MT-Bench-X to tick, others as two-letter codes."""

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import unit

SOURCE = "en"
USUAL = {"en": "English", "de": "German", "fr": "French", "it": "Italian", "es": "Spanish"}

_CODE = re.compile(r"[a-z]{2,3}")


class LanguageChoice(QWidget):
    """Ticks and a line for further codes; `changed` after every change."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None, chosen: list[str] | None = None) -> None:
        super().__init__(parent)
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, step // 2, 0, 0)
        column.setSpacing(step)
        row = QHBoxLayout()
        row.setSpacing(2 * step)
        self.ticks: dict[str, QCheckBox] = {}
        for code, name in USUAL.items():
            tick = QCheckBox(tr(name), self)
            tick.setObjectName(f"language_{code}")
            tick.setChecked(chosen is None or code in chosen)
            tick.toggled.connect(lambda _on: self.changed.emit())
            self.ticks[code] = tick
            row.addWidget(tick)
        self.ticks[SOURCE].setChecked(True)
        self.ticks[SOURCE].setEnabled(False)
        row.addStretch(1)
        column.addLayout(row)
        self.others = QLineEdit(self)
        self.others.setObjectName("language_others")
        self.others.setPlaceholderText(tr("Further codes, such as: nl, pl, pt"))
        self.others.setAccessibleName(tr("Further language codes"))
        self.others.setText(", ".join(code for code in chosen or [] if code not in USUAL))
        self.others.editingFinished.connect(self.changed)
        column.addWidget(self.others)
        self.setFocusProxy(self.ticks["de"])

    def codes(self) -> list[str]:
        """The codes chosen, the source language first."""
        found = [code for code, tick in self.ticks.items() if tick.isChecked()]
        found += [code for code in self._typed() if _CODE.fullmatch(code)]
        return list(dict.fromkeys(found))

    def problem(self) -> str:
        """What is wrong with the typed codes, or ""."""
        wrong = [code for code in self._typed() if not _CODE.fullmatch(code)]
        if wrong:
            return tr("{code} is no language code; write codes of two letters, such as nl.", code=wrong[0])
        return ""

    def _typed(self) -> list[str]:
        return [code for code in re.split(r"[\s,;]+", self.others.text().lower()) if code]
