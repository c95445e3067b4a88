"""What the forms of the four kinds of run have in common. A page collects values; it starts nothing."""

import re
from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.study.study import Study
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.runs.facts import Facts
from mtbx_gui.ui.runs.fields import value_line
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.form import Form

Starter = Callable[[], str]
"""Starts the run and returns its id; called in the background."""


class KindPage(QWidget):
    """The form of one kind of run."""

    kind: ClassVar[str] = ""
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, unit(self), 0)
        self.form = Form(self)
        column.addWidget(self.form)
        column.addStretch(1)
        self._lines: dict[str, QLineEdit] = {}
        self._more: list[QWidget] = []

    def offer(self, facts: Facts) -> None:
        """Fill the choices; what the person entered stays."""

    def first(self) -> QWidget:
        """The field that takes the focus when the form comes up."""
        return self

    def command(self) -> list[str]:
        """The same as words of the command line, without --study."""
        return [self.kind]

    def starter(self, study: Study, author: str) -> Starter:
        """What starts this run. Raises MtbxError for a value that can't be."""
        raise MtbxError(f"A run of the kind {self.kind} can't be started here.")

    def add_line(
        self, name: str, label: str, default: object, hint: str = "", more: bool = False
    ) -> QLineEdit:
        """A row for one value of a configuration; empty takes the default, which is shown in grey."""
        shown = "" if default is None else f"{default}"
        line = self.form.add(label, value_line(f"{self.kind}_{name}", shown, self.form), "" if more else hint)
        line.setToolTip(hint)
        line.textChanged.connect(lambda _text: self.changed.emit())
        self._lines[name] = line
        if more:
            self._more.append(line)
        return line

    def typed(self) -> dict[str, str]:
        """The values entered, by the name of their field."""
        return {name: line.text().strip() for name, line in self._lines.items() if line.text().strip()}

    def show_more(self, shown: bool) -> None:
        """Show or fold the rows that are seldom needed."""
        for widget in self._more:
            self.form.set_visible(widget, shown)

    def complain(self, sentence: str) -> bool:
        """Show a sentence that begins with a field's name below that field; False when it names none here."""
        found = re.match(r"(\w+): (.*)", sentence, re.DOTALL)
        line = self._lines.get(found[1]) if found else None
        if line is None or found is None:
            return False
        if line in self._more:
            self.show_more(True)
        self.form.complain(line, found[2])
        line.setFocus()
        return True

    def forget_complaints(self) -> None:
        """Take all sentences against fields away."""
        for line in self._lines.values():
            self.form.complain(line, "")


def options(pairs: dict[str, Any]) -> list[str]:
    """--set NAME=VALUE words for values that were entered."""
    return [word for name, value in pairs.items() for word in ("--set", f"{name}={value}")]


def described(model: type, name: str) -> str:
    """The description of a pydantic model's field, as hint."""
    return tr(str(model.model_fields[name].description or ""))  # type: ignore[attr-defined]
