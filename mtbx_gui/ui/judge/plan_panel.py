"""The plan at the left: who judges what, how often, by which prompts, with the bill running along.

It makes a JudgeChoice out of what is ticked and asks for estimates in the background; it starts nothing.
"""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QSpinBox, QVBoxLayout, QWidget

from mtbx_gui.actions.start import validated
from mtbx_gui.judging.choice import ITEM_LANGUAGE, QUESTION_REFERENCES, JudgeChoice
from mtbx_gui.judging.offer import PlanOffer, plan_offer
from mtbx_gui.judging.plan import JudgePlan, build_plan
from mtbx_gui.judging.profiles import DEMO_JUDGE, JudgeProfile, demo_profile
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.ui.context import StudyContext
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.judge.bill import Bill
from mtbx_gui.ui.judge.tick_matrix import TickMatrix
from mtbx_gui.ui.notices import sentence_of
from mtbx_gui.ui.runs.fields import Choice, Ticks
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.form import Form
from mtbx_gui.ui.widgets.key_button import KeyButton

SETTLE_MS = 150
"""A bill is asked for when nothing was changed for so long."""
UNKNOWN_PORT_URL = "http://127.0.0.1:1/v1"
"""Stands for the demo judge's address in estimates, as long as it was never started for this study."""


class PlanPanel(QWidget):
    """`start_wanted(plan)` when the person wants what the bill shows."""

    start_wanted = Signal(object)
    offered = Signal()
    estimated = Signal()

    def __init__(self, context: StudyContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._judges: dict[str, JudgeProfile] = {}
        self._offer: PlanOffer | None = None
        self._plan: JudgePlan | None = None
        self._reading = self._again = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._estimate)
        self._build()

    def reload(self) -> None:
        """Look up what can be planned now, in the background; what is ticked stays."""
        study = self._context.study
        self._context.tasks.run(lambda: plan_offer(study), self._show_offer, self._failed)

    def busy(self) -> bool:
        """Whether the bill is not up to date yet."""
        return self._settle.isActive() or self._reading

    def has_answers(self) -> bool:
        """Whether there is anything to judge at all."""
        return self._offer is not None and bool(self._offer.answered)

    def plan(self) -> JudgePlan | None:
        """The plan the bill stands for; None while there is none."""
        return None if self.busy() else self._plan

    def choice(self) -> JudgeChoice:
        """What is ticked now. Raises MtbxError for a value that can't be."""
        models, languages = self.matrix.chosen()
        if not models:
            raise MtbxError(tr("No answers are ticked."), tr("Tick at least one model in one language."))
        pair = self.mode.value() == "pair"
        if pair and len(models) < 2:
            raise MtbxError(tr("A pair needs two models."), tr("Tick a second model in the same language."))
        categories, turns = self.categories.chosen(), self.turns.chosen()
        if not categories or not turns:
            raise MtbxError(tr("No category or no turn is ticked."), tr("Tick at least one of each."))
        return validated(
            JudgeChoice,
            profile=self.judge.value(),
            mode=self.mode.value(),
            models=models,
            languages=languages,
            unticked=self.matrix.unticked(),
            categories=() if len(categories) == len(self.categories.boxes) else categories,
            turns=tuple(int(turn) for turn in turns),
            pairs="baseline" if pair and self.baseline.value() else "all",
            baseline=self.baseline.value() if pair else "",
            repetitions=self.repetitions.value(),
            prompt_set=self.prompts.value(),
            prompt_language=self.prompt_language.value() or ITEM_LANGUAGE,
            reference_set=self.references.value(),
            on_bad_answers=self.bad_answers.value(),
            cap=self._cap(),
        )

    def _cap(self) -> float | None:
        text = self.cap.text().strip().lstrip("$").replace(",", ".")
        if not text:
            return None
        try:
            return float(text)
        except ValueError:
            raise MtbxError(
                tr("The cap {entered} is no number.", entered=text), tr("Write it as 2.50.")
            ) from None

    def _build(self) -> None:
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(step)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget(area)
        inside.setProperty("clear", True)
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(0, 0, step, 0)
        self.form = Form(inside)
        inner.addWidget(self.form)
        area.setWidget(inside)
        column.addWidget(area, 1)
        self._add_fields()
        self.bill = Bill(self)
        column.addWidget(self.bill)
        self.start = KeyButton(tr("Start judging"), "Ctrl+Return", self, icon_name="judge", primary=True)
        self.start.setObjectName("judge_start")
        self.start.setEnabled(False)
        self.start.clicked.connect(lambda _checked=False: self._start())
        column.addWidget(self.start)

    def _add_fields(self) -> None:
        form = self.form
        self.judge = form.add(tr("Judge"), Choice("judge_judge", parent=form))
        modes = [("single", tr("Score each answer")), ("pair", tr("Compare pairs"))]
        self.mode = form.add(tr("Mode"), Choice("judge_mode", modes, form))
        self.baseline = form.add(tr("Pairs"), Choice("judge_pairs", [("", tr("Every pair"))], form))
        self.matrix = TickMatrix("judge_matrix", form)
        form.add_wide(self.matrix)
        self.categories = form.add(tr("Categories"), Ticks("judge_category", form, columns=2))
        self.turns = form.add(tr("Turns"), Ticks("judge_turn", form))
        self.turns.offer([("1", tr("First")), ("2", tr("Second"))], ["1", "2"])
        self.repetitions = form.add(tr("Repetitions"), QSpinBox(form))
        self.repetitions.setObjectName("judge_repetitions")
        self.repetitions.setRange(1, 99)
        self.repetitions.setMaximumWidth(14 * unit(self))
        self.prompts = form.add(tr("Prompts"), Choice("judge_prompts", parent=form))
        self.prompt_language = form.add(tr("Written in"), Choice("judge_prompt_language", parent=form))
        self.references = form.add(tr("Reference"), Choice("judge_references", parent=form))
        bad = [("judge", tr("Judge them")), ("skip", tr("Leave them out"))]
        self.bad_answers = form.add(tr("Empty answers"), Choice("judge_bad_answers", bad, form))
        self.cap = form.add(tr("Spend at most"), QLineEdit(form))
        self.cap.setObjectName("judge_cap")
        self.cap.setPlaceholderText(tr("no cap"))
        self.cap.setMaximumWidth(14 * unit(self))
        for field in (
            self.judge,
            self.mode,
            self.baseline,
            self.matrix,
            self.categories,
            self.turns,
            self.prompts,
            self.prompt_language,
            self.references,
            self.bad_answers,
        ):
            field.changed.connect(self._changed)
        self.repetitions.valueChanged.connect(lambda _value: self._changed())
        self.cap.textChanged.connect(lambda _text: self._changed())
        form.set_visible(self.baseline, False)

    def _show_offer(self, offer: PlanOffer) -> None:
        self._offer = offer
        self._judges = {judge.id: judge for judge in offer.judges}
        if DEMO_JUDGE not in self._judges:
            self._judges[DEMO_JUDGE] = demo_profile(UNKNOWN_PORT_URL)
        self.judge.offer([(judge.id, judge.shown) for judge in self._judges.values()])
        self.matrix.offer(offer.models, offer.languages, offer.answered)
        self.baseline.offer(
            [("", tr("Every pair")), *((name, tr("Against {model}", model=name)) for name in offer.models)]
        )
        self.categories.offer([(name, name) for name in offer.categories], offer.categories)
        self.prompts.offer([(name, name) for name in offer.prompt_languages])
        own = tr("Beside the question")
        self.references.offer(
            [(name, own if name == QUESTION_REFERENCES else name) for name in offer.reference_sets]
        )
        self._changed()
        self.offered.emit()

    def _changed(self) -> None:
        pair = self.mode.value() == "pair"
        self.form.set_visible(self.baseline, pair and self._offer is not None and len(self._offer.models) > 2)
        if self._offer is not None:
            languages = self._offer.prompt_languages.get(self.prompts.value(), ())
            self.prompt_language.offer(
                [(ITEM_LANGUAGE, tr("The item's language")), *((code, code.upper()) for code in languages)]
            )
        judge = self._judges.get(self.judge.value())
        if judge is not None:
            greedy = tr("Greedy: temperature 0.") if judge.greedy else tr("Not greedy: it samples.")
            self.form.set_hint(self.judge, tr("Follows simple rules.") if judge.is_demo else greedy)
        self.start.setEnabled(False)
        self._settle.start()

    def _estimate(self) -> None:
        """Ask for the bill in the background; of many wishes only the last is answered."""
        if self._reading:
            self._again = True
            return
        self._again, self._plan = False, None
        try:
            choice = self.choice()
        except MtbxError as problem:
            self.bill.say(sentence_of(problem) if self.has_answers() else "")
            self.estimated.emit()
            return
        study, judge = self._context.study, self._judges.get(choice.profile)
        self._reading = True
        self._context.tasks.run(lambda: build_plan(study, choice, profile=judge), self._billed, self._failed)

    def _billed(self, plan: JudgePlan) -> None:
        self._reading = False
        if self._again:
            self._estimate()
            return
        self._plan = plan
        self.bill.show_estimate(plan.estimate)
        self.start.setEnabled(bool(plan.estimate.calls) and not plan.estimate.problems)
        self.estimated.emit()

    def _failed(self, problem: Exception) -> None:
        self._reading = False
        self.bill.say(sentence_of(problem))
        if self._again:
            self._estimate()

    def _start(self) -> None:
        plan = self.plan()
        if plan is not None:
            self.start_wanted.emit(plan)
