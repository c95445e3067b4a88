"""The start page's step for the demo study: says what it holds, where it goes, and makes it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mtbx_gui.actions.demo import create_demo
from mtbx_gui.actions.home import documents_dir
from mtbx_gui.study.study import Study
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.notices import Notices
from mtbx_gui.ui.study_place import FolderField
from mtbx_gui.ui.tasks import Tasks
from mtbx_gui.ui.widgets.step_page import StepPage


class DemoPanel(StepPage):
    """`made(study)` with the demo study, made new or, where it lies there already, as it was left."""

    made = Signal(object)

    def __init__(self, tasks: Tasks, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Demo study"),
            tr(
                "16 two-turn questions in five languages with the faults that machine translation makes, "
                "answers of two invented assistants, and texts to train a tiny model on. The demo translator "
                "and the demo judge run on this computer; nothing is sent anywhere."
            ),
            tr("Make the demo study"),
            parent,
        )
        self.setObjectName("demo_panel")
        self._tasks = tasks
        self._notices = notices
        self.folder = self.form.add(
            tr("Folder"),
            FolderField("demo_folder", tr("The demo study's folder"), self.form),
            tr("If the demo study lies there already, it is opened as it was left."),
        )
        self.folder.line.setText(str(documents_dir() / "mtbx-demo"))
        self.folder.line.textChanged.connect(lambda _text: self.form.complain(self.folder, ""))
        self.progress.button.hide()
        self.primary.clicked.connect(lambda _checked=False: self._make())
        self.setFocusProxy(self.primary)

    def _make(self) -> None:
        folder = self.folder.path()
        if folder is None:
            self.form.complain(self.folder, tr("Say where the demo study will lie."))
            return
        self.set_busy(True)
        self.progress.show_progress(0, 0)
        self.progress.say(tr("Making the demo study"))
        self._tasks.run(lambda: create_demo(folder), self._done, self._failed)

    def _done(self, study: Study) -> None:
        self.set_busy(False)
        self.made.emit(study)

    def _failed(self, problem: Exception) -> None:
        self.set_busy(False)
        self._notices.error(problem)
