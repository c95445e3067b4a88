"""The page of the settings with the open study's judge profiles and their keys."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from mtbx_gui.actions import secrets
from mtbx_gui.judging import profiles
from mtbx_gui.judging.profiles import JudgeProfile
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.notices import sentence_of
from mtbx_gui.ui.secret_field import SecretField
from mtbx_gui.ui.settings_pages import Page, SettingsWorld
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.row_table import Column, RowTable


class JudgesPage(Page):
    """A table of profiles; address, model and key of the chosen one. Shipped ones can't be changed."""

    def __init__(self, world: SettingsWorld) -> None:
        super().__init__(world, tr("Judges of this study"))
        self._own: set[str] = set()
        self.table: RowTable[JudgeProfile] = RowTable(
            [
                Column(tr("Judge"), lambda row: row.shown),
                Column(tr("Model"), lambda row: row.model),
                Column(tr("Address"), lambda row: row.base_url, stretch=True),
            ],
            key=lambda row: row.id,
            parent=self,
            name="judges",
            filter_line=False,
        )
        self.table.setMinimumHeight(round(self.fontMetrics().height() * 1.8 * 7))
        buttons = QWidget(self)
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(unit(self))
        self.add_button = QPushButton(tr("Add profile"), buttons)
        self.add_button.setObjectName("judge_add")
        self.add_button.clicked.connect(lambda _checked=False: self._add())
        self.demo_button = QPushButton(tr("Add the demo judge"), buttons)
        self.demo_button.setObjectName("judge_add_demo")
        self.demo_button.clicked.connect(lambda _checked=False: self._add_demo())
        self.remove_button = QPushButton(tr("Remove"), buttons)
        self.remove_button.setObjectName("judge_remove")
        self.remove_button.clicked.connect(lambda _checked=False: self._remove())
        for button in (self.add_button, self.demo_button, self.remove_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        self.form.add_wide(self.table)
        self.form.add_wide(buttons)
        self.id_line = self.form.add(
            tr("Id"),
            QLineEdit(self.form),
            tr("Stands beside every judgment. Two ids are two judges, even when they ask the same model."),
        )
        self.id_line.setObjectName("judge_id")
        self.url = self.form.add(tr("Base URL"), QLineEdit(self.form))
        self.url.setObjectName("judge_url")
        self.model = self.form.add(tr("Model"), QLineEdit(self.form))
        self.model.setObjectName("judge_model")
        self.key = self.form.add(
            tr("Key"),
            SecretField(secrets.judge(""), world.tasks, world.say, "judge_key", self.form),
            tr("Kept in this computer's keyring, never in a file or in the study."),
        )
        for line in (self.id_line, self.url, self.model):
            line.editingFinished.connect(self._edited)
        self.table.row_chosen.connect(lambda _row: self._fill())
        self._reload("")

    def _reload(self, wanted: str) -> None:
        context = self.world.context
        found: list[JudgeProfile] = []
        if context is None:
            found = list(profiles.presets())
            self.world.say(tr("Open a study to add judges of its own."))
        else:
            try:
                found = profiles.profiles(context.study)
            except MtbxError as problem:
                self.world.say(sentence_of(problem))
            self._own = {one.id for one in found} - {one.id for one in profiles.presets() if one in found}
        self.add_button.setEnabled(context is not None)
        self.demo_button.setEnabled(context is not None)
        self.table.set_rows(found)
        self.table.fit_columns()
        if not (wanted and self.table.choose(wanted)) and found:
            self.table.choose_place(0)
        self._fill()

    def _fill(self) -> None:
        row = self.table.current()
        own = row is not None and row.id in self._own
        for line, text in (
            (self.id_line, row.id if row else ""),
            (self.url, row.base_url if row else ""),
            (self.model, row.model if row else ""),
        ):
            line.setText(text)
            line.setReadOnly(not own)
        self.remove_button.setEnabled(own)
        self.key.setEnabled(row is not None and not row.is_demo)
        if row is not None:
            self.key.use(secrets.judge(row.id))

    def _edited(self) -> None:
        row, context = self.table.current(), self.world.context
        if row is None or context is None or row.id not in self._own:
            return
        new_id, url, model = (line.text().strip() for line in (self.id_line, self.url, self.model))
        if (new_id, url, model) == (row.id, row.base_url, row.model) or not (new_id and url and model):
            return
        others = {one.id for one in self.table.model.rows()} - {row.id}
        self.form.complain(self.id_line, tr("Another judge has this id.") if new_id in others else "")
        if new_id in others:
            return
        changed = row.model_copy(update={"id": new_id, "base_url": url, "model": model})
        if row.model != model or row.base_url != url:
            changed = profiles.plain_profile(new_id, url, model)
        self._keep([changed if one.id == row.id else one for one in self._kept()], new_id)

    def _kept(self) -> list[JudgeProfile]:
        return [one for one in self.table.model.rows() if one.id in self._own]

    def _keep(self, kept: list[JudgeProfile], chosen: str) -> None:
        context = self.world.context
        if context is None:
            return
        try:
            profiles.save_profiles(context.study, kept, context.author)
        except MtbxError as problem:
            self.world.say(sentence_of(problem))
            return
        context.announce({"settings"}, self)
        self.world.say(tr("Saved in the study."))
        self._reload(chosen)

    def _add(self) -> None:
        number, ids = 1, {one.id for one in self.table.model.rows()}
        while f"judge-{number}" in ids:
            number += 1
        template = self.table.current()
        model = template.model if template is not None and not template.is_demo else "gpt-6-luna"
        fresh = profiles.plain_profile(f"judge-{number}", profiles.OPENAI_URL, model)
        self._own.add(fresh.id)
        self._keep([*self._kept(), fresh], fresh.id)
        self.id_line.setFocus()
        self.id_line.selectAll()

    def _add_demo(self) -> None:
        from mtbx_gui.actions.demo_services import ensure

        self.demo_button.setEnabled(False)
        self.world.say(tr("Starting the demo judge on this computer"))
        self.world.tasks.run(lambda: ensure().openai_url, self._take_demo, self._demo_failed)

    def _take_demo(self, url: str) -> None:
        demo = profiles.demo_profile(url)
        self._own.add(demo.id)
        self._keep([*(one for one in self._kept() if one.id != demo.id), demo], demo.id)

    def _demo_failed(self, problem: Exception) -> None:
        self.demo_button.setEnabled(True)
        self.world.say(sentence_of(problem))

    def _remove(self) -> None:
        row = self.table.current()
        if row is not None:
            self._own.discard(row.id)
            self._keep([one for one in self._kept() if one.id != row.id], "")
