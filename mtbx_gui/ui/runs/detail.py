"""The chosen run: state, progress, curves, log, settings, files. It only asks for cancel and resume."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.state import BEING_CANCELLED, RunState
from mtbx_gui.runs.watch import Metrics, RunView, log_tail
from mtbx_gui.ui.context import StudyContext
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.run_board import kind_word, money_words, state_word, unit_word
from mtbx_gui.ui.runs.curves import Curves
from mtbx_gui.ui.theme import fixed_font, scaled_font, unit
from mtbx_gui.ui.widgets.key_button import KeyButton
from mtbx_gui.ui.widgets.progress_line import ProgressLine, progress_words
from mtbx_gui.ui.widgets.row_table import Column, RowTable
from mtbx_gui.ui.widgets.state_label import StateLabel


@dataclass(frozen=True)
class FileRow:
    """A file of a run: its path in the run directory, bytes, time of the last change."""

    name: str
    size: int
    changed: float


@dataclass(frozen=True)
class Inside:
    """What a look into a run directory brought back."""

    run_id: str
    rows: list[dict[str, Any]]
    log: str
    settings: list[tuple[str, str]]
    files: list[FileRow]


class RunDetail(QWidget):
    """`cancel_wanted(run_id)` and `resume_wanted(run_id)` when their buttons or keys are pressed."""

    cancel_wanted = Signal(str)
    resume_wanted = Signal(str)

    def __init__(self, context: StudyContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("run_detail")
        self._context = context
        self._view: RunView | None = None
        self._metrics: Metrics | None = None
        self._looking = False
        self._look_again = False
        step = unit(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(step)
        column.addLayout(self._header())
        self.sentence = QLabel(self)
        self.sentence.setObjectName("run_sentence")
        self.sentence.setWordWrap(True)
        self.sentence.setProperty("muted", True)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column.addWidget(self.sentence)
        self.progress = ProgressLine(self, can_cancel=False)
        column.addWidget(self.progress)
        self.pages = QTabBar(self)
        self.pages.setObjectName("run_pages")
        self.pages.setAccessibleName(tr("Parts of the run"))
        self.pages.setExpanding(False)
        for word in (tr("Curves"), tr("Log"), tr("Settings"), tr("Files")):
            self.pages.addTab(word)
        column.addWidget(self.pages)
        self.stack = QStackedWidget(self)
        self.curves = Curves(self)
        self.log = QPlainTextEdit(self)
        self.log.setObjectName("run_log")
        self.log.setAccessibleName(tr("Log"))
        self.log.setReadOnly(True)
        self.log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.log.setFont(fixed_font(0.95))
        self.settings = _settings_table(self)
        for page in (self.curves, self.log, self.settings, self._files_page()):
            self.stack.addWidget(page)
        column.addWidget(self.stack, 1)
        self.pages.currentChanged.connect(self._page_chosen)

    def show_run(self, view: RunView) -> None:
        """Show a run, or the same one further on."""
        fresh = self._view is None or self._view.run_id != view.run_id
        moved = self._view is None or self._view.info != view.info
        self._view = view
        info = view.info
        self.title.setText(view.title)
        self.state.show_state(info.state.value, state_word(info.state))
        count = progress_words(info.done, info.total, unit_name=unit_word(view.kind))
        words = [kind_word(view.kind), view.run_id, count]
        if info.spent is not None:
            words.append(money_words(info.spent, info.cap))
        self.kind.setText(" · ".join(words))
        self.sentence.setText(info.sentence)
        self.sentence.setVisible(info.state is not RunState.RUNNING or info.sentence == BEING_CANCELLED)
        self.progress.show_progress(info.done, info.total, info.rate, info.eta_s, unit_word(view.kind))
        self.progress.setVisible(info.state.active)
        self.cancel.setVisible(info.state.active)
        self.cancel.setEnabled(info.sentence != BEING_CANCELLED)
        self.resume.setVisible(info.state.resumable)
        if fresh:
            self._metrics = Metrics(RunDir(view.path))
            self.log.clear()
            self.curves.show_rows([])
            self.settings.set_rows([])
            self.files.set_rows([])
        if fresh or moved or info.state.active:
            self.look()

    def run_id(self) -> str:
        """The run shown, or ""."""
        return self._view.run_id if self._view is not None else ""

    def show_page(self, number: int) -> None:
        """Bring a part to the front: 0 curves, 1 log, 2 settings, 3 files."""
        self.pages.setCurrentIndex(number)

    def look(self) -> None:
        """Read what is new in the run directory, in the background."""
        view, metrics, page = self._view, self._metrics, self.pages.currentIndex()
        if self._looking or view is None or metrics is None:
            self._look_again = self._looking
            return
        self._looking, self._look_again = True, False
        self._context.tasks.run(lambda: look_inside(view, metrics, page), self._show, self._failed)

    def _show(self, inside: Inside) -> None:
        self._looking = False
        if inside.run_id != self.run_id():
            self.look()
            return
        self.curves.show_rows(inside.rows)
        if inside.log != self.log.toPlainText() and self.pages.currentIndex() == 1:
            self._show_log(inside.log)
        if inside.settings:
            self.settings.set_rows(inside.settings)
        if inside.files:
            self.files.set_rows(inside.files)
        if self._look_again:
            self.look()

    def _show_log(self, text: str) -> None:
        """Follow the end unless the person has scrolled up."""
        bar = self.log.verticalScrollBar()
        place, at_end = bar.value(), bar.value() >= bar.maximum() - 1
        self.log.setPlainText(text)
        bar.setValue(bar.maximum() if at_end else place)

    def _failed(self, problem: Exception) -> None:
        self._looking = False
        self._context.notices.error(problem)

    def _page_chosen(self, number: int) -> None:
        self.stack.setCurrentIndex(number)
        self.look()

    def _header(self) -> QHBoxLayout:
        step = unit(self)
        row = QHBoxLayout()
        row.setSpacing(step)
        names = QVBoxLayout()
        names.setSpacing(step // 4)
        self.title = QLabel(self)
        self.title.setObjectName("run_title")
        self.title.setFont(scaled_font(self, 1.3, bold=True))
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.kind = QLabel(self)
        self.kind.setProperty("muted", True)
        self.kind.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        names.addWidget(self.title)
        names.addWidget(self.kind)
        row.addLayout(names, 1)
        self.state = StateLabel(parent=self)
        self.state.setObjectName("run_state")
        row.addWidget(self.state)
        self.cancel = KeyButton(tr("Cancel"), "Ctrl+.", self, icon_name="stop")
        self.cancel.setObjectName("run_cancel")
        self.cancel.setToolTip(tr("What is finished is kept; the run can be resumed."))
        self.cancel.clicked.connect(lambda _checked=False: self.cancel_wanted.emit(self.run_id()))
        self.resume = KeyButton(tr("Resume"), "Ctrl+R", self, icon_name="resume")
        self.resume.setObjectName("run_resume")
        self.resume.setToolTip(tr("Only what is missing is done."))
        self.resume.clicked.connect(lambda _checked=False: self.resume_wanted.emit(self.run_id()))
        row.addWidget(self.cancel)
        row.addWidget(self.resume)
        return row

    def _files_page(self) -> QWidget:
        step = unit(self)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(step)
        self.files: RowTable[FileRow] = RowTable(
            [
                Column(tr("File"), lambda row: row.name, stretch=True),
                Column(tr("Size"), lambda row: size_words(row.size), sort=lambda row: row.size, number=True),
                Column(
                    tr("Changed"),
                    lambda row: time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(row.changed)),
                    sort=lambda row: row.changed,
                    number=True,
                ),
            ],
            lambda row: row.name,
            page,
            name="run_files",
            filter_line=False,
        )
        column.addWidget(self.files, 1)
        row = QHBoxLayout()
        row.setSpacing(step)
        for word, name, action in (
            (tr("Open folder"), "run_open_folder", self._open_folder),
            (tr("Copy path"), "run_copy_path", self._copy_path),
        ):
            button = QPushButton(word, page)
            button.setObjectName(name)
            button.setAccessibleName(word)
            button.clicked.connect(lambda _checked=False, do=action: do())
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        return page

    def _open_folder(self) -> None:
        if self._view is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._view.path)))

    def _copy_path(self) -> None:
        if self._view is not None:
            QGuiApplication.clipboard().setText(str(self._view.path))
            self._context.notices.toast(tr("Path copied"))


def look_inside(view: RunView, metrics: Metrics, page: int) -> Inside:
    """Read the part of a run directory that `page` shows, and its curves. For the background."""
    run = RunDir(view.path)
    rows = metrics.read()
    return Inside(
        view.run_id,
        rows,
        log_tail(run) if page == 1 else "",
        _settings(run) if page == 2 else [],
        _files(view.path) if page == 3 else [],
    )


def size_words(size: int) -> str:
    """Bytes as people say them."""
    value = float(size)
    for name in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {name}" if name == "B" or value >= 100 else f"{value:.1f} {name}"
        value /= 1000
    return f"{value:.1f} GB"


def _settings(run: RunDir) -> list[tuple[str, str]]:
    spec = run.spec()
    began = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(spec.created))
    rows = [("run", spec.run_id), ("started", began), ("program", spec.app_version)]
    rows += [(f"seed: {name}", str(seed)) for name, seed in spec.seeds.items()]
    for name, value in spec.config.items():
        if isinstance(value, dict):
            rows += [(f"{name}: {key}", str(inner)) for key, inner in value.items()]
        elif value not in (None, "", [], ()):
            rows.append((name, str(value)))
    rows += [(f"sha256 of {name}", digest) for name, digest in spec.input_hashes.items()]
    rows += [(f"result: {name}", str(value)) for name, value in (run.read_result() or {}).items()]
    return rows


def _files(folder: Path) -> list[FileRow]:
    rows = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            status = path.stat()
            rows.append(FileRow(path.relative_to(folder).as_posix(), status.st_size, status.st_mtime))
    return rows


def _settings_table(parent: QWidget) -> RowTable[tuple[str, str]]:
    table: RowTable[tuple[str, str]] = RowTable(
        [
            Column(tr("Setting"), lambda row: row[0]),
            Column(tr("Value"), lambda row: row[1], tip=lambda row: row[1], stretch=True),
        ],
        lambda row: row[0],
        parent,
        name="run_settings",
        filter_line=False,
    )
    return table
