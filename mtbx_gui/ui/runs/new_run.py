"""The side panel for a new run: one form per kind, the same as a command beneath, one button to start."""

import shlex

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mtbx_gui.ui.context import StudyContext
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.notices import sentence_of
from mtbx_gui.ui.run_board import kind_word
from mtbx_gui.ui.runs.facts import Facts, facts_of
from mtbx_gui.ui.runs.generate_page import GeneratePage
from mtbx_gui.ui.runs.judge_page import JudgePage
from mtbx_gui.ui.runs.page import KindPage
from mtbx_gui.ui.runs.train_page import TrainPage
from mtbx_gui.ui.runs.translate_page import TranslatePage
from mtbx_gui.ui.theme import fixed_font, icon, unit
from mtbx_gui.ui.widgets.key_button import KeyButton
from mtbx_gui.ui.widgets.panel import Heading, Line


class NewRun(QWidget):
    """`started(run_id)` when a run was started, `closed` when the person changed their mind."""

    started = Signal(str)
    closed = Signal()

    def __init__(self, context: StudyContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("new_run")
        self._context = context
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(step)
        column.addWidget(Heading(tr("New run"), self))
        column.addLayout(self._kinds())
        self.pages: list[KindPage] = [
            TranslatePage(context.settings, self),
            TrainPage(self),
            GeneratePage(self),
            JudgePage(context, self),
        ]
        self.stack = QStackedWidget(self)
        for page in self.pages:
            self.stack.addWidget(_scrolling(page, self.stack))
            page.changed.connect(self._changed)
        column.addWidget(self.stack, 1)
        column.addWidget(Line(self))
        self.command = QLabel(self)
        self.command.setObjectName("new_run_command")
        self.command.setAccessibleName(tr("The same on the command line"))
        self.command.setToolTip(tr("The same on the command line"))
        self.command.setTextFormat(Qt.TextFormat.PlainText)
        self.command.setFont(fixed_font(0.9))
        self.command.setProperty("muted", True)
        self.command.setWordWrap(True)
        self.command.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.command.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column.addWidget(self.command)
        self.problem = QLabel(self)
        self.problem.setObjectName("new_run_problem")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.problem.setProperty("problem", True)
        self.problem.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.problem.hide()
        column.addWidget(self.problem)
        column.addLayout(self._buttons())
        self._to_first = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._show_command)
        self.show_kind("train")

    def open_for(self, kind: str = "") -> None:
        """Come up (with the form of a kind) and ask the study what there is to choose from."""
        if kind:
            self.show_kind(kind)
        self._to_first = True
        self._context.tasks.run(lambda: facts_of(self._context.study), self._offer)

    def show_kind(self, kind: str) -> None:
        """Show the form of a kind."""
        number = next(i for i, page in enumerate(self.pages) if page.kind == kind)
        self.stack.setCurrentIndex(number)
        self.kinds[kind].setChecked(True)
        self._changed()

    def page(self) -> KindPage:
        """The form in front."""
        return self.pages[self.stack.currentIndex()]

    def start(self) -> None:
        """Start the run of the form in front, in the background; a wrong value is named at its field."""
        page = self.page()
        self._say("")
        page.forget_complaints()
        try:
            starter = page.starter(self._context.study, self._context.author)
        except Exception as problem:
            self._refused(problem)
            return
        self._set_busy(True)
        self._context.tasks.run(starter, self._started, self._failed)

    def _offer(self, facts: Facts) -> None:
        for page in self.pages:
            page.offer(facts)
        self._changed()
        if self._to_first and self.isVisible():
            self._to_first = False
            self.page().first().setFocus(Qt.FocusReason.TabFocusReason)

    def _started(self, run_id: str) -> None:
        self._set_busy(False)
        self.started.emit(run_id)

    def _failed(self, problem: Exception) -> None:
        self._set_busy(False)
        self._refused(problem)

    def _refused(self, problem: Exception) -> None:
        sentence = sentence_of(problem)
        if not self.page().complain(sentence):
            self._say(sentence)

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def _set_busy(self, busy: bool) -> None:
        self.primary.setEnabled(not busy)
        self.primary.set_label(tr("Starting…") if busy else tr("Start"))

    def _changed(self) -> None:
        self._later.start()

    def _show_command(self) -> None:
        words = self.page().command()
        words[1:1] = ["--study", str(self._context.study.folder)]
        self.command.setText(shlex.join(["mtbx", *words]))

    def _kinds(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(unit(self))
        group = QButtonGroup(self)
        self.kinds: dict[str, QPushButton] = {}
        for page in (TranslatePage, TrainPage, GeneratePage, JudgePage):
            button = QPushButton(icon(page.kind), kind_word(page.kind), self)
            button.setObjectName(f"new_run_{page.kind}")
            button.setAccessibleName(kind_word(page.kind))
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, kind=page.kind: self.show_kind(kind))
            group.addButton(button)
            row.addWidget(button, 1)
            self.kinds[page.kind] = button
        return row

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(unit(self))
        self.back = KeyButton(tr("Back"), "Esc", self)
        self.back.setObjectName("new_run_back")
        self.back.clicked.connect(lambda _checked=False: self.closed.emit())
        self.primary = KeyButton(tr("Start"), "Ctrl+Return", self, primary=True)
        self.primary.setObjectName("new_run_start")
        self.primary.clicked.connect(lambda _checked=False: self.start())
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.primary)
        return row


def _scrolling(page: QWidget, parent: QWidget) -> QScrollArea:
    area = QScrollArea(parent)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    page.setProperty("clear", True)
    area.setWidget(page)
    return area
