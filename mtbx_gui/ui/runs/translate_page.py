"""The form for machine translation: into which languages, by whom."""

from typing import ClassVar

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from mtbx_gui.actions.start import DEMO, start_translate, translate_choice
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.study.study import Study
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.runs.facts import Facts
from mtbx_gui.ui.runs.fields import Choice, Ticks
from mtbx_gui.ui.runs.page import KindPage, Starter
from mtbx_gui.ui.settings_store import Settings

DEEPL = "deepl"


class TranslatePage(KindPage):
    """Values for a translation choice."""

    kind: ClassVar[str] = "translate"

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = self.form
        form.add_title(tr("What"))
        self.languages = form.add(tr("Into"), Ticks("translate_languages", form))
        self.again = QCheckBox(tr("Also what has a translation already"), form)
        self.again.setObjectName("translate_again")
        self.again.setToolTip(tr("Edits stay; the new machine translation stands beside the old."))
        form.add_wide(self.again)
        form.add_title(tr("By whom"))
        services = [(DEEPL, "DeepL"), (DEMO, tr("demo translator"))]
        self.service = form.add(tr("Translator"), Choice("translate_service", services, form))
        self.url = form.add(tr("Address"), QLineEdit(form), tr("Empty: the service's own."))
        self.url.setObjectName("translate_url")
        self.service.choose(settings.data.translator)
        self._chosen_by_hand = False
        self.url.setText(settings.data.translator_url)
        self.service.changed.connect(self._service_changed)
        self.service.activated.connect(lambda _index: self._keep_choice())
        self.languages.changed.connect(self.changed)
        self.again.toggled.connect(lambda _on: self.changed.emit())
        self.url.textChanged.connect(lambda _text: self.changed.emit())
        self._service_changed()

    def offer(self, facts: Facts) -> None:
        """The study's languages but the source."""
        others = [code for code in facts.languages if code != facts.source]
        self.languages.offer([(code, code.upper()) for code in others], others)
        hint = "" if others else tr("The study has only its source language; add others in the settings.")
        self.form.set_hint(self.languages, hint)
        if facts.is_demo and not self._chosen_by_hand:
            self.service.choose(DEMO)

    def _keep_choice(self) -> None:
        self._chosen_by_hand = True

    def first(self) -> QWidget:
        """The field that takes the focus when the form comes up."""
        return self.languages

    def command(self) -> list[str]:
        """The words of `mtbx translate`."""
        words = ["translate", "--languages", ",".join(self.languages.chosen())]
        words += ["--translator", self.service.value()]
        if self._address():
            words += ["--url", self.url.text().strip()]
        return [*words, "--again"] if self.again.isChecked() else words

    def starter(self, study: Study, author: str) -> Starter:
        """Nothing is asked of the service before the run does."""
        languages = self.languages.chosen()
        if not languages:
            raise MtbxError(tr("No language is chosen."), tr("Tick at least one."))
        service, address, again = self.service.value(), self._address(), self.again.isChecked()

        def go() -> str:
            choice = translate_choice(study, languages, service, address, only_missing=not again)
            return start_translate(study, choice, author=author)

        return go

    def _address(self) -> str | None:
        return self.url.text().strip() or None if self.service.value() == DEEPL else None

    def _service_changed(self) -> None:
        self.form.set_visible(self.url, self.service.value() == DEEPL)
        demo = self.service.value() == DEMO
        hint = tr("Runs on this computer and knows the demo study's texts only.") if demo else ""
        self.form.set_hint(self.service, hint)
        self.changed.emit()
