"""The start page's form for a new, empty study."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mtbx_gui.study.study import Study
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.language_choice import LanguageChoice
from mtbx_gui.ui.notices import Notices
from mtbx_gui.ui.study_place import StudyPlace
from mtbx_gui.ui.tasks import Tasks
from mtbx_gui.ui.widgets.step_page import StepPage


class NewStudy(StepPage):
    """Name, folder, languages; `made(study)` hands the created study over."""

    made = Signal(object)

    def __init__(self, tasks: Tasks, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("New study"),
            tr("An empty study. Its first step will be to import a benchmark; models and runs come later."),
            tr("Create study"),
            parent,
        )
        self.setObjectName("new_study")
        self._tasks = tasks
        self._notices = notices
        self._place = StudyPlace(self.form)
        self._languages = self.form.add(
            tr("Languages"),
            LanguageChoice(self.form),
            tr("English is the source. Other languages can be added at any time in the settings."),
        )
        self.progress.button.hide()
        self.primary.clicked.connect(lambda _checked=False: self._create())
        self.setFocusProxy(self._place.name)

    def _create(self) -> None:
        checked = self._place.checked()
        wrong = self._languages.problem()
        self.form.complain(self._languages, wrong)
        if checked is None or wrong:
            return
        name, folder = checked
        languages = tuple(self._languages.codes())
        self.set_busy(True)
        self.progress.say(tr("Creating {folder}", folder=folder))
        self._tasks.run(lambda: Study.create(folder, name, languages), self._created, self._failed)

    def _created(self, study: Study) -> None:
        self.set_busy(False)
        self._place.name.clear()
        self._place.name.setModified(False)
        self.made.emit(study)

    def _failed(self, problem: Exception) -> None:
        self.set_busy(False)
        self._notices.error(problem)
