"""One judged turn in full: both orders side by side, repetitions in columns, what the judge said or read."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from mtbx_gui.judging.reading import JudgedTurn, Reading
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.judge.judge_text import JudgeText
from mtbx_gui.ui.theme import scaled_font, unit
from mtbx_gui.ui.widgets.panel import Heading, Panel, icon_button
from mtbx_gui.ui.widgets.state_label import StateLabel

COLUMN_CHARACTERS = 40
"""A column is at least so wide; more columns than fit are scrolled."""


class JudgmentColumn(Panel):
    """One judgment: repetition and order, verdict, facts, text."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"judgment_{number}")
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * COLUMN_CHARACTERS)
        self._reading: Reading | None = None
        self.title = Heading("", self)
        self.state = StateLabel(parent=self)
        self.state.setObjectName(f"judgment_{number}_verdict")
        self.facts = QLabel(self)
        self.facts.setObjectName(f"judgment_{number}_facts")
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setFont(scaled_font(self, 0.92))
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.facts.setWordWrap(True)
        self.facts.setProperty("muted", True)
        self.text = JudgeText(self)
        self.text.setObjectName(f"judgment_{number}_text")
        self.title.add(self.text.raw_button(self))
        self.column.addWidget(self.title)
        self.column.addWidget(self.state)
        self.column.addWidget(self.text, 1)
        self.column.addWidget(self.facts)

    def show_reading(self, reading: Reading, prompt: bool, narrow: bool) -> None:
        """Show a judgment; `prompt` shows what the judge read in place of what it wrote.

        `narrow`: what the title has no room for goes to the facts.
        """
        self._reading = reading
        self.title.set_text(reading.title or tr("Judgment"), "" if narrow else reading.note)
        facts = [reading.note, *reading.facts] if narrow and reading.note else list(reading.facts)
        self.state.show_state({"score": "open"}.get(reading.meaning, reading.meaning), reading.outcome)
        self.facts.setText(" · ".join(facts))
        self.facts.setToolTip("\n".join(facts))
        self.facts.setVisible(bool(facts))
        self.show_prompt(prompt)

    def show_prompt(self, prompt: bool) -> None:
        """Switch between what the judge wrote and what it read."""
        reading = self._reading
        if reading is None:
            return
        name = tr("What the judge read") if prompt else tr("What the judge wrote")
        self.text.setAccessibleName(f"{reading.title}: {name}")
        if prompt:
            self.text.show_judgment(reading.judgment.user_prompt, "", "")
        else:
            written = reading.judgment.text or tr("The judge wrote nothing.")
            self.text.show_judgment(written, reading.tag, reading.meaning)


class JudgmentDetail(QWidget):
    """`show_turn` with the readings of a judged turn; `item_wanted` to open its item in Curate."""

    item_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("judge_detail")
        step = unit(self)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        holder = Panel(self)
        outer.addWidget(holder)
        self.heading = Heading("", holder)
        self.prompt = icon_button("item", tr("What the judge read"), holder, show_text=True)
        self.prompt.setObjectName("judge_show_prompt")
        self.prompt.setCheckable(True)
        self.prompt.setToolTip(tr("What the judge read, in place of what it wrote (Ctrl+U)"))
        self.prompt.toggled.connect(self._switch)
        self.heading.add(self.prompt)
        open_item = icon_button("curate", tr("Open the item in Curate"), holder)
        open_item.setObjectName("judge_open_item")
        open_item.clicked.connect(lambda _checked=False: self.item_wanted.emit())
        self.heading.add(open_item)
        holder.column.addWidget(self.heading)
        self.area = QScrollArea(holder)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget(self.area)
        inside.setProperty("clear", True)
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(step)
        self.area.setWidget(inside)
        holder.column.addWidget(self.area, 1)
        self.columns: list[JudgmentColumn] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        switch = QShortcut(QKeySequence("Ctrl+U"), self)
        switch.activated.connect(self.prompt.toggle)

    def show_turn(self, turn: JudgedTurn, readings: list[Reading]) -> None:
        """Show all judgments of a turn, in as many columns as there are."""
        where = tr("turn {number}", number=turn.turn)
        self.heading.set_text(
            f"{turn.question_id} · {turn.category} · {where} · {turn.language.upper()}",
            f"{' / '.join(turn.models)} · {turn.judge} · {turn.prompt_name}",
        )
        while len(self.columns) < len(readings):
            column = JudgmentColumn(len(self.columns) + 1, self.area.widget())
            self._row.addWidget(column, 1)
            self.columns.append(column)
        for place, column in enumerate(self.columns):
            column.setVisible(place < len(readings))
            if place < len(readings):
                column.show_reading(readings[place], self.prompt.isChecked(), len(readings) > 2)

    def shown(self) -> list[JudgmentColumn]:
        """The columns in use."""
        return [column for column in self.columns if not column.isHidden()]

    def _switch(self, prompt: bool) -> None:
        for column in self.shown():
            column.show_prompt(prompt)
