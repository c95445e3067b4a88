"""The plain pages of the settings: appearance, the person, the study's languages, the translator."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from mtbx_gui.actions import secrets
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.study import settings as study_settings
from mtbx_gui.ui.context import StudyContext
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.language_choice import LanguageChoice
from mtbx_gui.ui.notices import Notices, sentence_of
from mtbx_gui.ui.secret_field import SecretField
from mtbx_gui.ui.settings_store import SCHEMES, Settings
from mtbx_gui.ui.tasks import Tasks
from mtbx_gui.ui.theme import TEXT_STEPS, unit
from mtbx_gui.ui.widgets.form import Form


@dataclass(frozen=True)
class SettingsWorld:
    """What a page works on; `save` writes the person's settings, `say` shows a word at the dialog's foot."""

    settings: Settings
    tasks: Tasks
    notices: Notices
    context: StudyContext | None
    save: Callable[[], None]
    say: Callable[[str], None]


class Page(QWidget):
    """A page: a form at the top, air below."""

    def __init__(self, world: SettingsWorld, title: str) -> None:
        super().__init__()
        self.world = world
        step = unit(self)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(3 * step, 3 * step, 3 * step, 3 * step)
        self.column.setSpacing(2 * step)
        self.form = Form(self)
        self.form.add_title(title)
        self.column.addWidget(self.form)
        self.column.addStretch(1)


class AppearancePage(Page):
    """Light or dark, and the size of reading text."""

    def __init__(self, world: SettingsWorld) -> None:
        super().__init__(world, tr("Appearance"))
        self._scheme = self.form.add(tr("Colours"), QComboBox(self.form))
        self._scheme.setObjectName("settings_scheme")
        for scheme, name in zip(SCHEMES, (tr("As the system"), tr("Light"), tr("Dark")), strict=True):
            self._scheme.addItem(name, scheme)
        self._scheme.setCurrentIndex(SCHEMES.index(world.settings.data.scheme))
        self._scheme.currentIndexChanged.connect(self._changed)
        self._size = self.form.add(
            tr("Reading text"),
            QComboBox(self.form),
            tr("Questions, answers and translations. Ctrl + and Ctrl - change it anywhere."),
        )
        self._size.setObjectName("settings_text_size")
        for percent in TEXT_STEPS:
            self._size.addItem(f"{percent} %", percent)
        now = world.settings.data.text_percent
        self._size.setCurrentIndex(TEXT_STEPS.index(min(TEXT_STEPS, key=lambda step: abs(step - now))))
        self._size.currentIndexChanged.connect(self._changed)

    def _changed(self) -> None:
        self.world.settings.data.scheme = self._scheme.currentData()
        self.world.settings.data.text_percent = self._size.currentData()
        self.world.save()


class PersonPage(Page):
    """The pseudonym under which edits and votes are stored."""

    def __init__(self, world: SettingsWorld) -> None:
        super().__init__(world, tr("You"))
        self._author = self.form.add(
            tr("Pseudonym"),
            QLineEdit(world.settings.data.author, self.form),
            tr("Stands beside every edit and vote from now on, also in files you pass on."),
        )
        self._author.setObjectName("settings_author")
        self._author.setPlaceholderText(world.settings.author)
        self._author.editingFinished.connect(self._changed)

    def _changed(self) -> None:
        author = self._author.text().strip()
        if author != self.world.settings.data.author:
            self.world.settings.data.author = author
            self.world.save()


class LanguagesPage(Page):
    """The languages of the open study."""

    def __init__(self, world: SettingsWorld) -> None:
        super().__init__(world, tr("Languages of this study"))
        context = world.context
        chosen = study_settings.languages(context.study) if context is not None else None
        self._choice = self.form.add(
            tr("Languages"),
            LanguageChoice(self.form, chosen),
            tr("A language whose items are in the study stays, ticked or not. Nothing is ever deleted.")
            if context is not None
            else tr("Open a study to choose its languages."),
        )
        self._choice.setEnabled(context is not None)
        self._choice.changed.connect(self._changed)

    def _changed(self) -> None:
        context = self.world.context
        wrong = self._choice.problem()
        self.form.complain(self._choice, wrong)
        if context is None or wrong:
            return
        try:
            study_settings.put(context.study, "languages", self._choice.codes(), context.author)
        except MtbxError as problem:
            self.world.say(sentence_of(problem))
            return
        context.announce({"settings"}, self)
        self.world.say(tr("Saved in the study."))


class TranslatorPage(Page):
    """DeepL with its key, or the demo translator of this computer."""

    def __init__(self, world: SettingsWorld) -> None:
        super().__init__(world, tr("Translator"))
        data = world.settings.data
        self._service = self.form.add(tr("Service"), QComboBox(self.form))
        self._service.setObjectName("settings_translator")
        self._service.addItem("DeepL", "deepl")
        self._service.addItem(tr("demo translator"), "demo")
        self._service.setCurrentIndex(max(0, self._service.findData(data.translator)))
        self._key = self.form.add(
            tr("DeepL key"),
            SecretField(secrets.DEEPL, world.tasks, world.say, "deepl_key", self.form),
            tr("Kept in the keyring, never in a file. Keys ending in :fx use DeepL's free address."),
        )
        self._url = self.form.add(
            tr("Server address"),
            QLineEdit(data.translator_url, self.form),
            tr("Leave empty for DeepL's own; give one for a proxy that speaks DeepL's protocol."),
        )
        self._url.setObjectName("settings_translator_url")
        self._url.setPlaceholderText("https://api.deepl.com")
        self._demo = self.form.add(
            tr("Demo"),
            QLineEdit(self.form),
            tr("Knows the demo study's texts only, runs on this computer and starts when it is needed."),
        )
        self._demo.setReadOnly(True)
        self._demo.setText(tr("demo translator"))
        self._service.currentIndexChanged.connect(self._changed)
        self._url.editingFinished.connect(self._changed)
        self._show_fields()

    def _changed(self) -> None:
        address = self._url.text().strip()
        plain = not address or address.startswith(("http://", "https://"))
        self.form.complain(
            self._url, "" if plain else tr("Write the address with https:// at its beginning.")
        )
        data = self.world.settings.data
        data.translator = self._service.currentData()
        if plain:
            data.translator_url = address
        self._show_fields()
        self.world.save()

    def _show_fields(self) -> None:
        demo = self._service.currentData() == "demo"
        self.form.set_visible(self._key, not demo)
        self.form.set_visible(self._url, not demo)
        self.form.set_visible(self._demo, demo)
