"""The form for generation: which model answers which languages, and how."""

from typing import Any, ClassVar

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from mtbx_gui.actions.start import validated
from mtbx_gui.actions.start_training import GenerateRequest, start_generate
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.runs.specs import GenerateConfig
from mtbx_gui.study.study import Study
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.runs.facts import Facts
from mtbx_gui.ui.runs.fields import Choice, ModelField, Ticks
from mtbx_gui.ui.runs.page import KindPage, Starter, described, options

LABELS = {
    "max_new_tokens": "Tokens per turn at most",
    "batch_size": "Answers at once",
    "seed": "Seed",
    "run_number": "Run number",
    "other_temperature": "Temperature of other categories",
    "pad_token": "Padding token",
}
SELDOM = ("seed", "run_number", "other_temperature", "pad_token")


class GeneratePage(KindPage):
    """Values for a `GenerateRequest`."""

    kind: ClassVar[str] = "generate"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = self.form
        form.add_title(tr("What"))
        self.model = form.add(tr("Model"), ModelField("generate_model", form))
        self.name = form.add(tr("Its name"), QLineEdit(form), tr("Where a folder is given; else its own."))
        self.name.setObjectName("generate_name")
        self.languages = form.add(tr("Languages"), Ticks("generate_languages", form))
        self.again = QCheckBox(tr("Also items it has answered already"), form)
        self.again.setObjectName("generate_again")
        form.add_wide(self.again)
        form.add_title(tr("Settings"))
        for field, label in LABELS.items():
            default = GenerateConfig.model_fields[field].default
            seldom = field in SELDOM
            self.add_line(field, tr(label), default, described(GenerateConfig, field), more=seldom)
        self.all_fields = QCheckBox(tr("Show every setting"), form)
        self.all_fields.setObjectName("generate_all_fields")
        self.all_fields.toggled.connect(self.show_more)
        form.add_wide(self.all_fields)
        form.add_title(tr("Where"))
        devices = [("auto", tr("GPU if there is one")), ("cuda", tr("GPU")), ("cpu", tr("CPU"))]
        self.device = form.add(tr("This computer"), Choice("generate_device", devices, form))
        for field_ in (self.model, self.languages, self.device):
            field_.changed.connect(self.changed)
        self.again.toggled.connect(lambda _on: self.changed.emit())
        self.name.textChanged.connect(lambda _text: self.changed.emit())
        self.show_more(False)

    def offer(self, facts: Facts) -> None:
        """The study's models whose weights are here, and its languages."""
        self.model.offer(facts.own_models)
        self.languages.offer([(code, code.upper()) for code in facts.languages], facts.languages)
        hint = "" if facts.own_models else tr("Fine-tune a model first, or choose a model folder.")
        self.form.set_hint(self.model, hint)

    def first(self) -> QWidget:
        """The field that takes the focus when the form comes up."""
        return self.model

    def command(self) -> list[str]:
        """The words of `mtbx generate`."""
        words = ["generate", self.model.value(), "--languages", ",".join(self.languages.chosen())]
        if self.name.text().strip():
            words += ["--name", self.name.text().strip()]
        return words + options(self._settings_words())

    def starter(self, study: Study, author: str) -> Starter:
        """Checks every value here, so that a wrong one is named at once."""
        if not self.model.value():
            raise MtbxError(tr("No model is chosen."), tr("Choose one, or its folder."))
        if not self.languages.chosen():
            raise MtbxError(tr("No language is chosen."), tr("Tick at least one."))
        words = self._settings_words()
        config = validated(GenerateConfig, model_path="-", model_id="-", **words)
        request = validated(
            GenerateRequest,
            model=self.model.value(),
            languages=self.languages.chosen(),
            name=self.name.text().strip(),
            only_missing=not self.again.isChecked(),
            settings={name: getattr(config, name) for name in words},
        )
        return lambda: start_generate(study, request, author)

    def _settings_words(self) -> dict[str, Any]:
        words: dict[str, Any] = dict(self.typed())
        if self.device.value() != "auto":
            words["device"] = self.device.value()
        return words
