"""Tab 5: choose a figure at the left, read it in the middle, filter and export at the right.

Statistics and drawing happen in the background; the tab shows their pictures. matplotlib never runs here.
"""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QWidget

from mtbx_gui.ui.context import Change, StudyContext, Target
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.results.drawer import Drawer
from mtbx_gui.ui.results.export import ask_file, ask_folder
from mtbx_gui.ui.results.figure_list import FigureList
from mtbx_gui.ui.results.filter_panel import FilterPanel
from mtbx_gui.ui.results.pictures import image_of, small_image
from mtbx_gui.ui.results.stage import Stage
from mtbx_gui.ui.tab import Tab
from mtbx_gui.ui.theme import on_theme_change, unit
from mtbx_gui.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from mtbx_gui.results.behind import BehindRow
    from mtbx_gui.results.frame import Mark
    from mtbx_gui.results.look import Look
    from mtbx_gui.results.session import Options, ResultsSession, Shown

FIGURES = (
    ("scores", "Score per model and language", "Scores"),
    ("categories", "Score per category", "Scores"),
    ("verdicts", "Verdicts per category", "Pairs"),
    ("bias", "Positional bias per category", "Pairs"),
    ("agreement", "Judge and people", "Agreement"),
    ("chance", "Agreement beyond chance", "Agreement"),
)
"""(key, title, group) as in `results.figures.KINDS`, which is not imported before the tab is shown."""

SETTLE_MS = 120
"""A resized window is drawn anew when it has stood still for so long."""


class ResultsTab(Tab):
    """The figures of the study as it is, drawn anew when judgments or votes come in."""

    title: ClassVar[str] = "Results"
    icon: ClassVar[str] = "results"
    TARGETS: ClassVar[frozenset[str]] = frozenset({"model", "figure"})
    KEYS: ClassVar[list[tuple[str, str]]] = [
        ("↑ ↓", "Choose a figure (in the list)"),
        ("Ctrl+T", "Figure or its numbers"),
        ("← →", "Step through the marks of the figure"),
        ("Enter", "Open the items behind the mark"),
        ("Esc", "Close the items"),
        ("Ctrl+E", "Export as PDF, SVG, PNG, CSV or Markdown"),
        ("Ctrl+Shift+E", "Write the whole report into a folder"),
    ]

    def __init__(self, context: StudyContext) -> None:
        super().__init__(context)
        self._session: ResultsSession | None = None
        self._options: Options | None = None
        self._stale = True
        self._loading = False
        self._drawing = False
        self._again = False
        self._key = ""
        self._shown: Shown | None = None
        self._small_due: list[str] = []
        self._drawing_small = False
        self._small_wanted = True
        self._size_drawn = (0, 0)
        self._build()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._draw_for_size)
        context.changed.connect(self._changed)
        on_theme_change(self._theme_changed)

    def activate(self) -> None:
        """Read the study again when something came in; else show what is there."""
        if self._stale:
            self._small_wanted = True
            self._load()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Nothing to write down; a drawing under way goes on and is thrown away."""
        self._settle.stop()

    def show_target(self, target: Target) -> None:
        """Show a figure by its key, or the scores of one model."""
        if target.kind == "figure":
            self.list.choose(target.key)
        elif target.kind == "model":
            self.list.choose("scores")
            self.panel.models.choose([target.key])

    def actions_by_name(self) -> list[tuple[str, Target]]:
        """One entry per figure."""
        return [(tr(title), Target("figure", key)) for key, title, _ in FIGURES]

    def busy(self) -> bool:
        """Whether something is being read or drawn."""
        return self._loading or self._drawing or self._settle.isActive()

    def _build(self) -> None:
        step = unit(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * step, 2 * step, 2 * step, step)
        self.pages = QStackedWidget(self)
        row.addWidget(self.pages)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setObjectName("results_splitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(2 * step)
        self.list = FigureList(FIGURES, self)
        self.list.chosen.connect(self._choose)
        middle = QSplitter(Qt.Orientation.Vertical, self)
        middle.setObjectName("results_middle")
        middle.setChildrenCollapsible(False)
        middle.setHandleWidth(2 * step)
        self.stage = Stage(self)
        self.stage.resized.connect(self._resized)
        self.stage.mark_opened.connect(self._open_mark)
        self.drawer = Drawer(self.context, self)
        self.drawer.hide()
        self.drawer.closed.connect(self._close_drawer)
        middle.addWidget(self.stage)
        middle.addWidget(self.drawer)
        middle.setStretchFactor(0, 3)
        middle.setStretchFactor(1, 2)
        self.panel = FilterPanel(self)
        self.panel.changed.connect(self._filter_changed)
        self.panel.export_wanted.connect(self._export)
        self.panel.report_wanted.connect(self._report)
        for widget, stretch in ((self.list, 0), (middle, 1), (self.panel, 0)):
            self.splitter.addWidget(widget)
            self.splitter.setStretchFactor(self.splitter.count() - 1, stretch)
        self.splitter.setSizes([26 * step, 110 * step, 36 * step])
        self.list.setMinimumWidth(18 * step)
        self.nothing = EmptyState(
            tr("Nobody has judged or rated anything yet. Let a judge judge the models' answers first."),
            tr("Open Judge"),
            lambda: self.context.go(Target("tab", "judge")),
            "results",
            self,
        )
        self.reading_study = QWidget(self)
        for page in (self.reading_study, self.splitter, self.nothing):
            self.pages.addWidget(page)

    def _changed(self, change: Change, initiator: object) -> None:
        if change.touches("items", "judgments", "votes", "settings"):
            self._stale = True
            if self.isVisible():
                self._load()

    def _load(self) -> None:
        if self._loading:
            return
        self._loading, self._stale = True, False
        study, session = self.context.study, self._session

        def read() -> "tuple[ResultsSession, Options]":
            from mtbx_gui.results.session import ResultsSession

            found = session or ResultsSession(study)
            return found, found.reload()

        self.context.tasks.run(read, self._loaded, self._load_failed)

    def _loaded(self, found: "tuple[ResultsSession, Options]") -> None:
        self._loading = False
        self._session, self._options = found
        self.panel.set_options(self._options)
        if self._options.nothing:
            self.pages.setCurrentWidget(self.nothing)
        else:
            self.pages.setCurrentWidget(self.splitter)
            if not self._key:
                self.list.choose(FIGURES[0][0])
            else:
                self._draw()
            if self._small_wanted:
                # Not while judgments stream in: the large figure follows those, the list need not.
                self._small_wanted = False
                self._small_due = [key for key, _, _ in FIGURES]
                self._draw_small()
        if self._stale and self.isVisible():
            self._load()

    def _load_failed(self, problem: Exception) -> None:
        self._loading, self._stale = False, True
        self.context.notices.error(problem)

    def _choose(self, key: str) -> None:
        self._key = key
        self._close_drawer()
        self._draw()

    def _filter_changed(self) -> None:
        self._close_drawer()
        self._draw()

    def _look(self) -> "Look":
        from mtbx_gui.results.look import Look

        room = self.stage.room()
        inch = self.logicalDpiX()
        return Look(
            width=room.width() / inch,
            height=(room.height() - 2) / inch,
            font=self.font().pointSizeF(),
            ink=self.palette().color(QPalette.ColorRole.Text).name(),
            ground=self.palette().color(QPalette.ColorRole.Base).name(),
            caption=False,
            dpi=inch * self.devicePixelRatioF(),
        )

    def _draw(self) -> None:
        """Draw the chosen figure in the background; of many wishes only the last is drawn."""
        session = self._session
        if session is None or not self._key or self.pages.currentWidget() is not self.splitter:
            return
        if self._drawing:
            self._again = True
            return
        self._drawing, self._again = True, False
        key, chosen, rules, look = self._key, self.panel.filter(), self.panel.rules(), self._look()
        room = self.stage.room()
        self._size_drawn = (room.width(), room.height())
        ratio = self.devicePixelRatioF()

        def work() -> "tuple[Shown, QImage | None]":
            shown = session.show(key, chosen, rules, look)
            return shown, image_of(shown, ratio)

        self.context.tasks.run(work, self._drawn, self._draw_failed)

    def _drawn(self, found: "tuple[Shown, QImage | None]") -> None:
        self._drawing = False
        if self._again:
            self._draw()
            return
        shown, image = found
        self._shown = shown
        self.stage.show_content(shown.content, image, shown.picture.marks if shown.picture else ())
        self.panel.show_facts(shown.content)
        self._resized()
        self._draw_small()

    def _draw_failed(self, problem: Exception) -> None:
        self._drawing = False
        self.context.notices.error(problem)
        if self._again:
            self._draw()

    def _resized(self) -> None:
        self._settle.start()

    def _draw_for_size(self) -> None:
        room = self.stage.room()
        if (room.width(), room.height()) != self._size_drawn and self.isVisible():
            self._draw()

    def _theme_changed(self) -> None:
        if self._session is not None:
            self._small_due = [key for key, _, _ in FIGURES]
            self._draw()
            self._draw_small()

    def _draw_small(self) -> None:
        """Draw the small pictures one after another, whenever nothing large is being drawn."""
        session = self._session
        if session is None or self._drawing or self._drawing_small or not self._small_due:
            return
        key = self._small_due.pop(0)
        self._drawing_small = True
        look, size, ratio = self._look(), self.list.thumbnail_size(), self.devicePixelRatioF()

        def work() -> tuple[str, QImage | None]:
            return key, small_image(session, key, look, size, ratio)

        self.context.tasks.run(work, self._small_drawn, self._small_failed)

    def _small_drawn(self, found: tuple[str, QImage | None]) -> None:
        self._drawing_small = False
        self.list.set_thumbnail(*found)
        self._draw_small()

    def _small_failed(self, problem: Exception) -> None:
        self._drawing_small = False
        self._small_due.clear()
        self.context.notices.error(problem)

    def _open_mark(self, mark: "Mark") -> None:
        session = self._session
        if session is None:
            return
        chosen, rules = self.panel.filter(), self.panel.rules()

        def read() -> "tuple[str, list[BehindRow], ResultsSession]":
            return mark.text, session.behind(chosen, rules, mark.behind), session

        self.context.tasks.run(read, self._open_drawer)

    def _open_drawer(self, found: "tuple[str, list[BehindRow], ResultsSession]") -> None:
        self.drawer.show()
        self.drawer.open_for(*found)

    def _close_drawer(self) -> None:
        if self.drawer.isVisible():
            self.drawer.hide()
            self.stage.figure.setFocus(Qt.FocusReason.OtherFocusReason)

    def _export(self) -> None:
        shown = self._shown
        if shown is None or shown.content.empty:
            return
        ask_file(self, self.context.settings, shown.content.key, shown.picture is not None, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write the figure or its numbers as the path's ending says, in the background."""
        session, key = self._session, self._key
        if session is None:
            return
        chosen, rules = self.panel.filter(), self.panel.rules()

        def write() -> Path:
            from mtbx_gui.results.look import Look

            return session.export(key, chosen, rules, path, Look())

        self.context.tasks.run(write, self._exported)

    def _exported(self, path: Path) -> None:
        self.context.notices.toast(tr("Written: {path}", path=path))

    def _report(self) -> None:
        ask_folder(self, self.context.settings, self.report_to)

    def report_to(self, folder: Path) -> None:
        """Write the report into a folder, in the background."""
        study, chosen, rules = self.context.study, self.panel.filter(), self.panel.rules()
        self.panel.report.setEnabled(False)

        def write() -> Path:
            from mtbx_gui.results.report import write_report

            return write_report(study, folder, chosen, rules=rules).html

        self.context.tasks.run(write, self._reported, self._report_failed)

    def _reported(self, path: Path) -> None:
        self.panel.report.setEnabled(True)
        self._exported(path)

    def _report_failed(self, problem: Exception) -> None:
        self.panel.report.setEnabled(True)
        self.context.notices.error(problem)
