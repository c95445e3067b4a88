"""One side of the rating view: a heading, the first turn folded, the answer. Both sides share one height."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from mtbx_gui.ui.annotate.card_view import CardView
from mtbx_gui.ui.annotate.fold import FirstTurnFold
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import color, scaled_font, unit
from mtbx_gui.ui.widgets.answer_view import AnswerView
from mtbx_gui.ui.widgets.panel import Line, Panel


class AnswerPane(Panel):
    """`show_turns(("first", "second"))` shows the last turn; the one before it waits behind the fold."""

    def __init__(self, side: str, meaning: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        step = unit(self)
        self.setObjectName(f"annotate_pane_{side.lower()}")
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        stripe = QFrame(self)
        stripe.setFixedHeight(max(2, step // 3))
        stripe.setStyleSheet(f"background: {color(meaning).name()}; border: none;")
        title = QLabel(tr("Assistant {side}", side=side), self)
        title.setFont(scaled_font(self, 1.1, bold=True))
        self.fold = FirstTurnFold(f"annotate_turn1_{side.lower()}", self)
        self.fold.toggled.connect(self._unfold)
        head = QHBoxLayout()
        head.setContentsMargins(step, step // 2, step, step // 2)
        head.setSpacing(step)
        head.addWidget(title)
        head.addWidget(self.fold, 1)
        self.first_turn = AnswerView(self)
        self.first_turn.setObjectName(f"annotate_first_turn_{side.lower()}")
        self.first_turn.setAccessibleName(tr("First turn of assistant {side}", side=side))
        line = Line(self)
        self.answer = CardView(self)
        self.answer.setObjectName(f"annotate_answer_{side.lower()}")
        self.answer.setAccessibleName(tr("Answer of assistant {side}", side=side))
        self.column.addWidget(stripe)
        self.column.addLayout(head)
        self.column.addWidget(self.first_turn, 2)
        self.column.addWidget(line)
        self.column.addWidget(self.answer, 3)
        self._first_text = ""
        for view in (self.first_turn, self.answer):
            view.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
            view.setPlaceholderText(tr("This answer is empty."))
        self._show_first(None)

    def show_turns(self, turns: tuple[str, ...]) -> None:
        """Show the last of `turns`; an earlier one is kept behind the fold, open or closed as it was left."""
        self._show_first(turns[0] if len(turns) > 1 else None)
        self.answer.show_text(turns[-1])

    def set_raw(self, raw: bool) -> None:
        """Show the characters as they are."""
        self.answer.set_raw(raw)
        self.first_turn.set_raw(raw)

    def _show_first(self, text: str | None) -> None:
        self._first_text = text or ""
        has_first = text is not None
        self.fold.setVisible(has_first)
        if has_first:
            self.fold.preview.show_text(self._first_text)
            self._unfold(self.fold.is_open())
        else:
            self.first_turn.hide()

    def _unfold(self, open_: bool) -> None:
        if open_:
            self.first_turn.show_text(self._first_text)
        self.first_turn.setVisible(open_)
