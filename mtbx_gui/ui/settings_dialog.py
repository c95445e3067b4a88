"""The settings: pages at the left, the chosen one at the right. Every change is saved at once."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.ui.context import StudyContext
from mtbx_gui.ui.i18n import tr
from mtbx_gui.ui.icons import icon
from mtbx_gui.ui.notices import Notices, sentence_of
from mtbx_gui.ui.settings_hosts import HostsPage
from mtbx_gui.ui.settings_judges import JudgesPage
from mtbx_gui.ui.settings_pages import (
    AppearancePage,
    LanguagesPage,
    PersonPage,
    SettingsWorld,
    TranslatorPage,
)
from mtbx_gui.ui.settings_store import Settings
from mtbx_gui.ui.tasks import Tasks
from mtbx_gui.ui.theme import unit

PAGES: tuple[tuple[str, str, str, Callable[[SettingsWorld], QWidget]], ...] = (
    ("appearance", "Appearance", "light", AppearancePage),
    ("person", "You", "person", PersonPage),
    ("languages", "Languages", "languages", LanguagesPage),
    ("translator", "Translator", "translate", TranslatorPage),
    ("judges", "Judges", "judge", JudgesPage),
    ("hosts", "Hosts", "host", HostsPage),
)


class SettingsDialog(QDialog):
    """All settings; what belongs to a study is shown only while one is open."""

    def __init__(
        self,
        settings: Settings,
        tasks: Tasks,
        notices: Notices,
        context: StudyContext | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("settings_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Settings"))
        self._settings = settings
        step = unit(self)
        self.resize(116 * step, 76 * step)
        self._word = QLabel(self)
        self._word.setObjectName("settings_word")
        self._word.setTextFormat(Qt.TextFormat.PlainText)
        self._word.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._word.setWordWrap(True)
        self._word.setProperty("muted", True)
        world = SettingsWorld(settings, tasks, notices, context, self._save, self._say)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        across = QHBoxLayout()
        across.setSpacing(0)
        self.list = QListWidget(self)
        self.list.setObjectName("settings_list")
        self.list.setAccessibleName(tr("Pages of the settings"))
        self.list.setProperty("side", True)
        self.list.setIconSize(QSize(round(2.4 * step), round(2.4 * step)))
        self.list.setSpacing(step // 4)
        self.stack = QStackedWidget(self)
        widest = 0
        for name, title, icon_name, build in PAGES:
            entry = QListWidgetItem(icon(icon_name), tr(title))
            entry.setData(Qt.ItemDataRole.UserRole, name)
            entry.setSizeHint(QSize(0, round(self.fontMetrics().height() * 2.2)))
            self.list.addItem(entry)
            self.stack.addWidget(_framed(build(world)))
            widest = max(widest, self.fontMetrics().horizontalAdvance(tr(title)))
        self.list.setFixedWidth(widest + 9 * step)
        self.list.currentRowChanged.connect(self.stack.setCurrentIndex)
        self.list.setCurrentRow(0)
        across.addWidget(self.list)
        across.addWidget(self.stack, 1)
        column.addLayout(across, 1)
        foot = QFrame(self)
        foot.setProperty("status", True)
        row = QHBoxLayout(foot)
        row.setContentsMargins(2 * step, step, 2 * step, step)
        row.addWidget(self._word, 1)
        close = QPushButton(tr("Close"), foot)
        close.setObjectName("settings_close")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        column.addWidget(foot)
        self._say(tr("Every change is saved at once."))

    def show_page(self, name: str) -> None:
        """Turn to a page by name; an unknown name changes nothing."""
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == name:
                self.list.setCurrentRow(row)

    def _save(self) -> None:
        try:
            self._settings.save()
        except MtbxError as problem:
            self._say(sentence_of(problem))
            return
        self._say(tr("saved {time}", time=datetime.now().strftime("%H:%M:%S")))

    def _say(self, words: str) -> None:
        self._word.setText(words)


def _framed(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area
