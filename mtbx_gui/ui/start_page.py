"""What stands in the window without a study: New, Open, Demo, Import and the recent studies."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.notices import Notices
from mtbx_gui.ui.settings_store import Settings
from mtbx_gui.ui.tasks import Tasks
from mtbx_gui.ui.theme import scaled_font, unit
from mtbx_gui.ui.widgets.card import Card
from mtbx_gui.ui.widgets.panel import icon_button
from mtbx_gui.ui.widgets.recent_row import RecentRow

RECENT_SHOWN = 6


class StartPage(QWidget):
    """Cards; each leads to a page of its own inside the window, or asks for a folder.

    `study_chosen(path)` opens a study, `study_made(study)` hands over one that was just created,
    `imported(NewStudy)` one with what was taken into it.
    """

    study_chosen = Signal(object)
    study_made = Signal(object)
    imported = Signal(object)
    open_wanted = Signal()
    keys_wanted = Signal()
    settings_wanted = Signal()

    def __init__(
        self, settings: Settings, tasks: Tasks, notices: Notices, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("start_page")
        self._settings = settings
        self._tasks = tasks
        self._notices = notices
        self._stack = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._home = QWidget(self)
        self._scroll = _scrolled(self._home)
        self._stack.addWidget(self._scroll)
        self._pages: dict[str, QWidget] = {}
        self._build_home()
        self.refresh()

    def refresh(self) -> None:
        """Back to the cards, with the recent studies as they are now."""
        while (item := self._recent_column.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        known = self._settings.data.recent[:RECENT_SHOWN]
        for folder in known:
            row = RecentRow(Path(folder), holds_study(Path(folder)), self._recent)
            row.clicked.connect(self.study_chosen)
            row.forgotten.connect(self._forget)
            self._recent_column.addWidget(row)
        self._recent_title.setVisible(bool(known))
        self._recent.setVisible(bool(known))
        self.show_home()

    def show_home(self) -> None:
        """Show the cards."""
        self._stack.setCurrentWidget(self._scroll)

    def show_new(self) -> None:
        """Show the form for a new study."""
        from mtbx_gui.ui.new_study import NewStudy

        def build() -> QWidget:
            page = NewStudy(self._tasks, self._notices)
            page.made.connect(self.study_made)
            page.back.connect(self.show_home)
            return page

        self._show("new", build)

    def show_import(self) -> None:
        """Show where a benchmark can be imported from."""
        from mtbx_gui.ui.import_panel import ImportPanel

        def build() -> QWidget:
            page = ImportPanel(self._tasks, self._notices, self._settings)
            page.imported.connect(self.imported)
            page.back.connect(self.show_home)
            return page

        self._show("import", build)

    def show_demo(self) -> None:
        """Show what the demo study is and where it will be put."""
        from mtbx_gui.ui.demo_panel import DemoPanel

        def build() -> QWidget:
            page = DemoPanel(self._tasks, self._notices)
            page.made.connect(self.study_made)
            page.back.connect(self.show_home)
            return page

        self._show("demo", build)

    def set_busy(self, busy: bool) -> None:
        """While a study is being opened, the cards wait."""
        self._home.setEnabled(not busy)

    def _show(self, name: str, build: Callable[[], QWidget]) -> None:
        page = self._pages.get(name)
        if page is None:
            page = build()
            self._pages[name] = page
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build_home(self) -> None:
        step = unit(self)
        across = QHBoxLayout(self._home)
        across.setContentsMargins(3 * step, 4 * step, 3 * step, 3 * step)
        across.addStretch(1)
        middle = QWidget(self._home)
        middle.setMaximumWidth(96 * step)
        across.addWidget(middle, 12)
        across.addStretch(1)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * step)
        column.addStretch(2)
        column.addLayout(self._head(middle))
        column.addSpacing(step)
        grid = QGridLayout()
        grid.setSpacing(2 * step)
        for place, (name, card) in enumerate(self._cards(middle).items()):
            card.setObjectName(f"start_{name}")
            grid.addWidget(card, place // 2, place % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        self._recent_title = QLabel(tr("Recent studies"), middle)
        self._recent_title.setFont(scaled_font(self, 1.1, bold=True))
        self._recent_title.setContentsMargins(0, step, 0, 0)
        column.addWidget(self._recent_title)
        self._recent = QFrame(middle)
        self._recent.setObjectName("start_recent")
        self._recent.setProperty("panel", True)
        self._recent_column = QVBoxLayout(self._recent)
        self._recent_column.setContentsMargins(step // 2, step // 2, step // 2, step // 2)
        self._recent_column.setSpacing(0)
        column.addWidget(self._recent)
        column.addStretch(3)

    def _head(self, parent: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(unit(self) // 2)
        title = QLabel("mtbx", parent)
        title.setFont(scaled_font(self, 2.4, bold=True))
        words.addWidget(title)
        says = QLabel(tr("Multilingual MT-Bench studies, from first translation to last figure."), parent)
        says.setWordWrap(True)
        says.setProperty("muted", True)
        says.setFont(scaled_font(self, 1.1))
        words.addWidget(says)
        row.addLayout(words, 1)
        for icon_name, text, key, wanted in (
            ("keys", tr("All keys (F1)"), "F1", self.keys_wanted),
            ("settings", tr("Settings (Ctrl+,)"), "Ctrl+,", self.settings_wanted),
        ):
            button = icon_button(icon_name, text, parent)
            button.setObjectName(f"start_{icon_name}")
            button.clicked.connect(lambda _checked=False, ask=wanted: ask.emit())
            QShortcut(QKeySequence(key), self).activated.connect(wanted)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        return row

    def _cards(self, parent: QWidget) -> dict[str, Card]:
        cards = {
            "new": Card(
                "new",
                tr("New study"),
                tr("Makes an empty study. You name it and choose its languages; texts come next."),
                "Ctrl+N",
                parent,
            ),
            "open": Card(
                "open",
                tr("Open a study"),
                tr("Opens a study's folder, just as it was left."),
                "Ctrl+O",
                parent,
            ),
            "demo": Card(
                "demo",
                tr("Demo study"),
                tr("Makes a small study to try everything on. Nothing leaves this computer."),
                "Ctrl+D",
                parent,
            ),
            "import": Card(
                "import",
                tr("Import"),
                tr("Makes a study from MT-Bench-X or FastChat files, downloaded or from a folder."),
                "Ctrl+I",
                parent,
            ),
        }
        cards["new"].clicked.connect(self.show_new)
        cards["open"].clicked.connect(self.open_wanted)
        cards["demo"].clicked.connect(self.show_demo)
        cards["import"].clicked.connect(self.show_import)
        return cards

    def _forget(self, folder: Path) -> None:
        try:
            self._settings.forget_study(str(folder))
        except MtbxError as problem:
            self._notices.error(problem)
        self.refresh()


def holds_study(folder: Path) -> bool:
    """Whether a study's database lies in `folder`; it is not opened."""
    return (folder / "study.db").is_file()


def _scrolled(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area
