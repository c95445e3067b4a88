"""The short form for judging; the Judge tab has the full one, with the bill."""

from typing import ClassVar

from PySide6.QtWidgets import QPushButton, QWidget

from mtbx_gui.actions.start import DEMO, judge_choice, start_judge
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.study.study import Study
from mtbx_gui.ui.context import StudyContext, Target
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.runs.facts import Facts
from mtbx_gui.ui.runs.fields import Choice, Ticks
from mtbx_gui.ui.runs.page import KindPage, Starter


class JudgePage(KindPage):
    """Values for a judge choice."""

    kind: ClassVar[str] = "judge"

    def __init__(self, context: StudyContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = self.form
        form.add_title(tr("What"))
        self.judge = form.add(tr("Judge"), Choice("judge_profile", parent=form))
        modes = [("single", tr("Score single answers")), ("pair", tr("Compare pairs, both orders"))]
        self.mode = form.add(tr("Mode"), Choice("judge_mode", modes, form))
        self.models = form.add(tr("Models"), Ticks("judge_models", form, columns=2))
        self.languages = form.add(tr("Languages"), Ticks("judge_languages", form))
        form.add_title(tr("Settings"))
        self.prompts = form.add(tr("Prompts"), Choice("judge_prompts", parent=form))
        self.add_line("repetitions", tr("Repetitions"), 1, tr("The same judging this many times."))
        self.add_line("cap", tr("Spend at most ($)"), tr("no cap"), tr("It stops before it spends more."))
        full = QPushButton(tr("Plan it in the Judge tab, with the bill"), form)
        full.setObjectName("judge_full_plan")
        full.clicked.connect(lambda _checked=False: context.go(Target("tab", "judge")))
        form.add_wide(full)
        for field in (self.judge, self.mode, self.models, self.languages, self.prompts):
            field.changed.connect(self.changed)

    def offer(self, facts: Facts) -> None:
        """Judges, models, languages and prompt sets of the study."""
        self.judge.offer([(DEMO, tr("demo judge")), *facts.judges])
        self.models.offer([(name, name) for name in facts.models], facts.models)
        self.languages.offer([(code, code.upper()) for code in facts.languages], facts.languages)
        self.prompts.offer([(name, name) for name in facts.prompt_sets])
        hint = "" if facts.models else tr("There is nothing to judge yet: no model has answered.")
        self.form.set_hint(self.models, hint)

    def first(self) -> QWidget:
        """The field that takes the focus when the form comes up."""
        return self.judge

    def command(self) -> list[str]:
        """The words of `mtbx judge`."""
        words = ["judge", "--judge", self.judge.value(), "--mode", self.mode.value()]
        words += ["--models", ",".join(self.models.chosen())]
        words += ["--languages", ",".join(self.languages.chosen()), "--prompts", self.prompts.value()]
        for name, value in self.typed().items():
            words += [f"--{name}", value]
        return words

    def starter(self, study: Study, author: str) -> Starter:
        """Numbers are read here; the rest is checked when the run is planned."""
        if not self.models.chosen() or not self.languages.chosen():
            raise MtbxError(tr("No model or no language is chosen."), tr("Tick at least one of each."))
        values = self.typed()
        profile, mode, prompts = self.judge.value(), self.mode.value(), self.prompts.value() or None
        models, languages = self.models.chosen(), self.languages.chosen()
        repetitions = int(_number("repetitions", values.get("repetitions", "1")))
        cap = _number("cap", values["cap"]) if "cap" in values else None

        def go() -> str:
            choice = judge_choice(study, profile, mode, models, languages, repetitions, prompts, None, cap)
            return start_judge(study, choice, author=author)

        return go


def _number(name: str, text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise MtbxError(f"{name}: {text} is no number.") from None
