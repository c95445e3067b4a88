"""What may be unfolded beneath the answers: the reference, the instruction, the comment."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from mtbx_gui.annotation.card import Card
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.theme import scaled_font, unit
from mtbx_gui.ui.widgets.answer_view import AnswerView
from mtbx_gui.ui.widgets.key_button import KeyButton
from mtbx_gui.ui.widgets.panel import Panel

HIGHEST_SHARE = 0.22
"""The reference and the instruction take this share of the window's height."""
COMMENT_LINES = 3


class TextFold(Panel):
    """A titled reading panel of a fixed height that is shown or hidden as a whole."""

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        step = unit(self)
        self.setObjectName(f"{name}_panel")
        self.column.setContentsMargins(0, step // 2, 0, 0)
        self.column.setSpacing(0)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(step, 0, step, 0)
        heading = QLabel(title, self)
        heading.setFont(scaled_font(self, 1.0, bold=True))
        self.head.addWidget(heading)
        self.head.addStretch(1)
        self.column.addLayout(self.head)
        self.view = AnswerView(self)
        self.view.setObjectName(name)
        self.view.setAccessibleName(title)
        self.column.addWidget(self.view)
        self.hide()

    def fit(self) -> None:
        """Take a share of the window's height."""
        self.setFixedHeight(max(round(self.window().height() * HIGHEST_SHARE), 8 * unit(self)))


class CommentField(QPlainTextEdit):
    """A text field that is left by Esc, whatever else Esc means in the window."""

    left = Signal()

    def event(self, event: QEvent) -> bool:
        """Keep Esc from being taken as a shortcut of the view."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the field; every other key writes."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class SupportPanel(QWidget):
    """The three folds side by side or beneath each other; the answers above give them their room."""

    comment_changed = Signal(str)
    comment_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit(self))
        texts = QHBoxLayout()
        texts.setSpacing(unit(self))
        self.reference = TextFold(tr("Reference"), "annotate_reference_text", self)
        self.instruction = TextFold(tr("Instruction"), "annotate_instruction_text", self)
        texts.addWidget(self.reference)
        texts.addWidget(self.instruction)
        column.addLayout(texts)
        self._which = KeyButton(tr("Show the benchmark's reference"), "", self)
        self._which.setObjectName("annotate_reference_switch")
        self._which.setProperty("flat", True)
        self._which.clicked.connect(self._switch)
        self.reference.head.addWidget(self._which)
        self.comment = CommentField(self)
        self.comment.left.connect(self.close_comment)
        self.comment.setObjectName("annotate_comment_field")
        self.comment.setAccessibleName(tr("Comment on this vote"))
        self.comment.setPlaceholderText(tr("A comment on this vote; Esc leads back to the choices"))
        self.comment.setTabChangesFocus(True)
        self.comment.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.comment.setFixedHeight(self.fontMetrics().lineSpacing() * COMMENT_LINES + 2 * unit(self))
        self.comment.textChanged.connect(self._typed)
        self.comment.hide()
        column.addWidget(self.comment)
        self._texts = ("", "")
        self._judge = True
        self._loading = False

    def show_card(self, card: Card) -> None:
        """Take the card's references and comment; what is open stays open."""
        self._texts = (_turn(card.judge_references, card), _turn(card.references, card))
        self._fill_reference()
        if self.comment.toPlainText() != card.comment:
            self._loading = True
            self.comment.setPlainText(card.comment)
            self._loading = False
        self.comment.setVisible(bool(card.comment))

    def fit(self) -> None:
        """Follow the window's height."""
        self.reference.fit()
        self.instruction.fit()

    def set_instruction(self, text: str) -> None:
        """The instruction in the rating's language."""
        self.instruction.view.show_text(text)

    def has_reference(self) -> bool:
        """Whether the card has a reference of either kind."""
        return any(self._texts)

    def open_comment(self) -> None:
        """Show the comment field and put the cursor into it."""
        self.comment.show()
        self.comment.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_comment(self) -> None:
        """Leave the field; an empty one goes away."""
        self.comment.setVisible(bool(self.comment.toPlainText()))
        self.comment_left.emit()

    def _fill_reference(self) -> None:
        judge, shown = self._texts
        self._which.setVisible(bool(judge and shown and judge != shown))
        use_judge = bool(judge) and (self._judge or not shown)
        self._which.set_label(tr("Show the benchmark's reference") if use_judge else tr("Show the judge's"))
        text = judge if use_judge else shown
        self.reference.view.show_text(text or tr("*There is no reference for this turn.*"))

    def _switch(self) -> None:
        self._judge = not self._judge
        self._fill_reference()

    def _typed(self) -> None:
        if not self._loading:
            self.comment_changed.emit(self.comment.toPlainText())


def _turn(texts: tuple[str, ...], card: Card) -> str:
    """The reference for the card's turn, or "" where there is none."""
    return texts[card.place.turn - 1] if len(texts) >= card.place.turn else ""
