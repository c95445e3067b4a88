"""Import: from a downloaded folder, or from the public repositories of MT-Bench-X and FastChat."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QRadioButton, QVBoxLayout, QWidget

from mtbx_gui.actions.fetch import FetchStopped, Source, sources
from mtbx_gui.actions.new_from import NewStudy, new_study_from
from mtbx_gui.actions.take_in import TakenIn, take_in
from mtbx_gui.study.importing.importer import ImportStopped
from mtbx_gui.ui.context import StudyContext
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.import_report import report_import
from mtbx_gui.ui.notices import Notices
from mtbx_gui.ui.settings_store import Settings
from mtbx_gui.ui.study_place import FolderField, StudyPlace
from mtbx_gui.ui.tasks import Task, Tasks
from mtbx_gui.ui.theme import unit
from mtbx_gui.ui.widgets.step_page import StepPage

FIRST = "mt-bench-x"
KINDS_OF_IMPORT = ("items", "texts", "answers", "judgments", "runs")


class OriginChoice(QWidget):
    """Where the files come from: a folder, or one of the public sources."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, step // 2, 0, 0)
        column.setSpacing(step)
        self._group = QButtonGroup(self)
        self.sources: list[Source] = sorted(sources().values(), key=lambda source: source.id != FIRST)
        self._radios: list[QRadioButton] = []
        texts = [tr("A folder on this computer")]
        texts += [
            tr(
                "{title}, downloaded from {place}",
                title=source.title,
                place=source.repository.split("://")[-1],
            )
            for source in self.sources
        ]
        for number, text in enumerate(texts):
            radio = QRadioButton(text, self)
            radio.setObjectName(f"origin_{self.sources[number - 1].id if number else 'folder'}")
            self._group.addButton(radio, number)
            self._radios.append(radio)
            column.addWidget(radio)
        self._radios[0].setChecked(True)
        self._group.idToggled.connect(lambda _id, on: self.changed.emit() if on else None)
        self.setFocusProxy(self._radios[0])

    def source(self) -> Source | None:
        """The public source chosen, or None for a folder."""
        number = self._group.checkedId()
        return self.sources[number - 1] if number > 0 else None


class ImportPanel(StepPage):
    """`imported(NewStudy)` with a study made from the files; or, given a context, imports into its study."""

    imported = Signal(object)
    finished = Signal()

    def __init__(
        self,
        tasks: Tasks,
        notices: Notices,
        settings: Settings,
        context: StudyContext | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            tr("Import"),
            tr(
                "Reads MT-Bench-X and FastChat files: questions, translations, references, judge prompts, "
                "answers and judgments. Lines that can't be read are named and left out; the files stay "
                "as they are."
            ),
            tr("Import"),
            parent,
        )
        self.setObjectName("import_panel")
        self._tasks = tasks
        self._notices = notices
        self._settings = settings
        self._context = context
        self._task: Task | None = None
        self.origin = self.form.add(tr("From"), OriginChoice(self.form))
        self.files = self.form.add(
            tr("Files"),
            FolderField("import_folder", tr("Folder to import"), self.form),
            tr(
                "The folder that holds question.jsonl, or one above it. A single .jsonl file will do as well."
            ),
        )
        self.place = StudyPlace(self.form) if context is None else None
        self.origin.changed.connect(self._origin_changed)
        self.files.line.textChanged.connect(self._files_changed)
        self.progress.cancelled.connect(self._cancel)
        self.primary.clicked.connect(lambda _checked=False: self._start())
        self.setFocusProxy(self.origin)
        self._origin_changed()

    def _origin_changed(self) -> None:
        source = self.origin.source()
        self.form.set_visible(self.files, source is None)
        if self.place is not None and source is not None:
            self.place.suggest(source.title)
        self.form.set_hint(
            self.origin,
            tr("{note} {size:.1f} MB.", note=source.note, size=source.size / 1e6)
            if source is not None
            else "",
        )

    def _files_changed(self, text: str) -> None:
        self.form.complain(self.files, "")
        if self.place is not None and text.strip():
            self.place.suggest(Path(text.strip()).name)

    def _start(self) -> None:
        source = self.origin.source()
        what: str | Path | None = source.id if source is not None else self.files.path()
        missing = what is None or (isinstance(what, Path) and not what.exists())
        self.form.complain(self.files, tr("Choose the folder or file to import.") if missing else "")
        checked = self.place.checked() if self.place is not None else ("", Path())
        if missing or checked is None or what is None:
            return
        name, folder = checked
        task = Task()
        author = self._settings.author
        progress = self._progress_in(task, bytes_counted=source is not None)
        work: Callable[[], object]
        if self._context is None:
            work = lambda: new_study_from(folder, name, what, author, progress)  # noqa: E731
        else:
            study = self._context.study
            work = lambda: take_in(study, what, author, progress=progress)  # noqa: E731
        self.set_busy(True)
        self.progress.show_progress(0, 0)
        self.progress.say(tr("Starting"))
        self._task = task
        self._tasks.run(work, self._done, self._failed)

    def _progress_in(self, task: Task, bytes_counted: bool) -> Callable[[int, int], bool]:
        show = self._tasks.relay(self._show_bytes if bytes_counted else self._show_files)

        def progress(done: int, total: int) -> bool:
            show(done, total)
            return not (task.cancelled() or self._tasks.closing())

        return progress

    def _show_bytes(self, done: int, total: int) -> None:
        self.progress.show_progress(done, total)
        shown = tr("{done:.1f} of {total:.1f} MB", done=done / 1e6, total=total / 1e6)
        self.progress.say(shown if done < total else tr("Taking the files in"))

    def _show_files(self, done: int, total: int) -> None:
        self.progress.show_progress(done, total, unit_name=tr("files"))

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self.progress.say(tr("Stopping"))

    def _done(self, result: object) -> None:
        self.set_busy(False)
        if isinstance(result, NewStudy):
            self.imported.emit(result)
        elif isinstance(result, TakenIn) and self._context is not None:
            self._context.announce(KINDS_OF_IMPORT, self)
            report_import(self.window().parentWidget() or self, self._notices, result)
        self.finished.emit()

    def _failed(self, problem: Exception) -> None:
        self.set_busy(False)
        if isinstance(problem, FetchStopped | ImportStopped):
            self._notices.toast(str(problem))
            return
        self._notices.error(problem)


class ImportDialog(QDialog):
    """The same panel over an open study; it stays while the import runs and closes when it is done."""

    def __init__(self, context: StudyContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("import_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Import into {study}", study=context.study.name))
        step = unit(self)
        self.resize(92 * step, 62 * step)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.panel = ImportPanel(context.tasks, context.notices, context.settings, context, self)
        self.panel.back.connect(self.reject)
        self.panel.finished.connect(self.accept)
        column.addWidget(self.panel)
