"""The form for fine-tuning: what (base model, training set, mixture), the recipe, where."""

from typing import Any, ClassVar

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from mtbx_gui.actions.start import validated
from mtbx_gui.actions.start_training import TINY_MODEL, TrainRequest, start_train
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.runs.specs import TrainConfig
from mtbx_gui.study.study import Study
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.runs.facts import Facts
from mtbx_gui.ui.runs.fields import Choice, ModelField, Ticks
from mtbx_gui.ui.runs.page import KindPage, Starter, described, options

PRESETS: dict[str, dict[str, str]] = {
    "lima": {"epochs": "7"},
    "bactrian": {"epochs": "3"},
    "trial": {"epochs": "3", "learning_rate": "1e-3", "batch_size": "16"},
}
SHOWN = ("epochs", "learning_rate", "batch_size")
SELDOM = (
    "device_batch_size",
    "warmup_steps",
    "min_lr_ratio",
    "adam_beta1",
    "adam_beta2",
    "weight_decay",
    "max_grad_norm",
    "max_tokens",
    "checkpoint_minutes",
    "seed",
    "data_seed",
    "pad_token",
)


class TrainPage(KindPage):
    """Values for a `TrainRequest`."""

    kind: ClassVar[str] = "train"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = self.form
        form.add_title(tr("What"))
        self.base = form.add(tr("Base model"), ModelField("train_base", form))
        self.base.changed.connect(self._base_changed)
        self.dataset = form.add(tr("Training set"), Choice("train_dataset", parent=form))
        mixtures = [("mono", tr("One language")), ("sampled", tr("Sampled")), ("ENDEFRITES", "ENDEFRITES")]
        self.mixture = form.add(tr("Mixture"), Choice("train_mixture", mixtures, form))
        self.mixture.changed.connect(self._mixture_changed)
        self.language = form.add(tr("Language"), Choice("train_language", parent=form))
        self.languages = form.add(tr("Languages"), Ticks("train_languages", form))
        self.name = form.add(tr("Name of the model"), QLineEdit(form))
        self.name.setObjectName("train_name")
        form.add_title(tr("Recipe"))
        presets = [
            ("lima", tr("The paper's, for Lima-X")),
            ("bactrian", tr("The paper's, for Bactrian-X")),
            ("trial", tr("Small trial")),
        ]
        self.preset = form.add(tr("Start from"), Choice("train_preset", presets, form))
        self.preset.changed.connect(self._preset_changed)
        for field in SHOWN:
            self.add_line(field, _label(field), _default(field), described(TrainConfig, field))
        self.all_fields = QCheckBox(tr("Show every field of the recipe"), form)
        self.all_fields.setObjectName("train_all_fields")
        self.all_fields.toggled.connect(self.show_more)
        form.add_wide(self.all_fields)
        kept = [("final", tr("The last epoch's")), ("best", tr("The best epoch's by validation loss"))]
        self.keep = form.add(tr("Weights to keep"), Choice("train_keep", kept, form))
        self.keep.setToolTip(described(TrainConfig, "keep"))
        self._more.append(self.keep)
        for field in SELDOM:
            self.add_line(field, _label(field), _default(field), described(TrainConfig, field), more=True)
        held = TrainRequest.model_fields["validation"]
        self.add_line("validation", tr("Held out"), held.default, tr(held.description or ""), more=True)
        form.add_title(tr("Where"))
        devices = [("auto", tr("GPU if there is one")), ("cuda", tr("GPU")), ("cpu", tr("CPU"))]
        self.device = form.add(tr("This computer"), Choice("train_device", devices, form))
        for widget in (self.dataset, self.language, self.languages, self.keep, self.device):
            widget.changed.connect(self._show_name)
        self.name.textChanged.connect(lambda _text: self.changed.emit())
        self.show_more(False)
        self._mixture_changed()

    def offer(self, facts: Facts) -> None:
        """Models, training sets and languages of the study."""
        self.base.offer([TINY_MODEL, *facts.own_models])
        self.dataset.offer([(name, name) for name in facts.datasets])
        codes = [(code, code.upper()) for code in facts.languages]
        self.language.offer(codes)
        self.languages.offer(codes, facts.languages)
        self.form.set_hint(
            self.dataset,
            "" if facts.datasets else tr("This study has no training set; import one (a JSONL of messages)."),
        )

    def first(self) -> QWidget:
        """The field that takes the focus when the form comes up."""
        return self.base

    def command(self) -> list[str]:
        """The words of `mtbx train`."""
        words = ["train", "--base", self.base.value(), "--dataset", self.dataset.value()]
        words += ["--mixture", self.mixture.value(), "--languages", ",".join(self._languages())]
        if self.name.text().strip():
            words += ["--name", self.name.text().strip()]
        return words + options(self._recipe_words())

    def starter(self, study: Study, author: str) -> Starter:
        """Checks every value here, so that a wrong one is named at once."""
        if not self.base.value():
            raise MtbxError(tr("A run needs a base model."), tr("Choose one, or its folder."))
        if not self.dataset.value():
            raise MtbxError(tr("There is no training set."), tr("Import one into the study first."))
        if not self._languages():
            raise MtbxError(tr("No language is chosen."), tr("Tick at least one."))
        words = self._recipe_words()
        config = validated(TrainConfig, model_path="-", model_id="-", **words)
        typed = self.typed()
        request = validated(
            TrainRequest,
            base=self.base.value(),
            dataset=self.dataset.value(),
            mixture=self.mixture.value(),
            languages=self._languages(),
            name=self.name.text().strip(),
            recipe={name: getattr(config, name) for name in words},
            **({"validation": typed["validation"]} if "validation" in typed else {}),
        )
        return lambda: start_train(study, request, author)

    def _recipe_words(self) -> dict[str, Any]:
        words: dict[str, Any] = {k: v for k, v in self.typed().items() if k != "validation"}
        if self.keep.value() != "final":
            words["keep"] = self.keep.value()
        if self.device.value() != "auto":
            words["device"] = self.device.value()
        return words

    def _languages(self) -> tuple[str, ...]:
        if self.mixture.value() == "mono":
            return (self.language.value(),) if self.language.value() else ()
        return self.languages.chosen()

    def _mixture_changed(self) -> None:
        mono = self.mixture.value() == "mono"
        self.form.set_visible(self.language, mono)
        self.form.set_visible(self.languages, not mono)
        self._show_name()

    def _base_changed(self) -> None:
        if self.base.value() == TINY_MODEL:
            self.preset.choose("trial")
            self.form.set_hint(self.base, tr("A very small model made on the spot, for trying things out."))
        else:
            self.form.set_hint(self.base, "")
            if self.preset.value() == "trial":
                self.preset.choose("lima")
        self.changed.emit()

    def _preset_changed(self) -> None:
        values = PRESETS.get(self.preset.value(), {})
        for field in SHOWN:
            self._lines[field].setText(values.get(field, ""))
        self.changed.emit()

    def _show_name(self) -> None:
        one = self.mixture.value() == "mono"
        what = self.language.value().upper() if one else self.mixture.value()
        self.name.setPlaceholderText(f"{self.dataset.value()}-{what}" if self.dataset.value() else "")
        self.changed.emit()


def _default(field: str) -> object:
    return TrainConfig.model_fields[field].default


def _label(field: str) -> str:
    words = {
        "epochs": tr("Epochs"),
        "learning_rate": tr("Learning rate"),
        "batch_size": tr("Conversations per step"),
        "device_batch_size": tr("… per device and pass"),
        "warmup_steps": tr("Warm-up steps"),
        "min_lr_ratio": tr("Last / highest rate"),
        "adam_beta1": tr("Adam beta 1"),
        "adam_beta2": tr("Adam beta 2"),
        "weight_decay": tr("Weight decay"),
        "max_grad_norm": tr("Gradient norm at most"),
        "max_tokens": tr("Tokens at most"),
        "checkpoint_minutes": tr("Checkpoint every (min)"),
        "seed": tr("Seed"),
        "data_seed": tr("Seed of the order"),
        "pad_token": tr("Padding token"),
    }
    return words[field]
