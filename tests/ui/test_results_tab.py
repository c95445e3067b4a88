"""The Results tab, driven as a person does: choose, filter, read, open what lies behind, export."""

import csv
import io
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mtbx_gui.study.study import Study
from mtbx_gui.study.votes import add_vote
from mtbx_gui.ui import theme
from mtbx_gui.ui.context import StudyContext, Target
from mtbx_gui.ui.notices import Notices
from mtbx_gui.ui.results import ResultsTab
from mtbx_gui.ui.settings_store import Settings
from mtbx_gui.ui.tasks import Tasks
from tests.unit.results.results_study import PAIR, small_study, vote

PATIENCE_MS = 20_000


@dataclass
class World:
    """A window with the tab in it, and what a test wants to do with it."""

    qtbot: QtBot
    window: QMainWindow
    tab: ResultsTab
    study: Study
    notices: Notices
    asked: list[Target]

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=PATIENCE_MS)

    def settle(self) -> None:
        """Until everything is read and drawn."""
        self.wait(lambda: not self.tab.busy())

    def choose(self, key: str) -> None:
        """Choose a figure in the list and wait for it."""
        self.tab.list.choose(key)
        self.wait(lambda: self.key() == key and not self.tab.busy())

    def key(self) -> str:
        return self.tab._shown.content.key if self.tab._shown is not None else ""

    def text(self, name: str) -> str:
        label = self.tab.findChild(QLabel, name)
        assert label is not None
        return label.text()

    def button(self, name: str) -> QPushButton:
        found = self.tab.findChild(QPushButton, name)
        assert found is not None
        return found

    def combo(self, name: str) -> QComboBox:
        found = self.tab.findChild(QComboBox, name)
        assert found is not None
        return found


MakeWorld = Callable[[Study], World]


@pytest.fixture
def make_world(app: QApplication, qtbot: QtBot, settings: Settings) -> Iterator[MakeWorld]:
    made: list[tuple[World, Tasks]] = []

    def make(study: Study) -> World:
        window = QMainWindow()
        notices, tasks = Notices(window), Tasks()
        tasks.default_failed = notices.error
        asked: list[Target] = []
        context = StudyContext(study, "tester", tasks, notices, settings)
        context.go_requested.connect(asked.append)
        tab = ResultsTab(context)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.addWidget(notices.bars)
        column.addWidget(tab)
        window.setCentralWidget(holder)
        window.resize(1100, 720)
        with qtbot.waitExposed(window):
            window.show()
        tab.activate()
        world = World(qtbot, window, tab, study, notices, asked)
        made.append((world, tasks))
        return world

    yield make
    for world, tasks in made:
        tasks.shutdown()
        world.notices.close()
        world.window.close()
        world.window.deleteLater()
        world.study.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A judged and rated study, to be copied."""
    folder = tmp_path_factory.mktemp("results") / "filled"
    small_study(folder, repetitions=2).close()
    return folder


@pytest.fixture
def world(make_world: MakeWorld, filled: Path, tmp_path: Path) -> World:
    """A judged and rated study, its first figure drawn."""
    made = make_world(Study.open(shutil.copytree(filled, tmp_path / "filled")))
    made.wait(lambda: made.key() == "scores" and not made.tab.busy())
    return made


def colours(image: QImage) -> set[str]:
    """Some of the colours on an image."""
    return {
        image.pixelColor(x, y).name().upper()
        for x in range(0, image.width(), 7)
        for y in range(0, image.height(), 7)
    }


def test_importing_the_tab_imports_neither_numpy_nor_matplotlib() -> None:
    code = (
        "import sys, mtbx_gui.ui.results;"
        "print([name for name in ('numpy', 'matplotlib', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_list_is_that_of_the_figures() -> None:
    from mtbx_gui.results.figures import KINDS
    from mtbx_gui.ui.results.tab import FIGURES

    assert tuple((kind.key, kind.title, kind.group) for kind in KINDS) == FIGURES


def test_an_empty_study_names_the_first_step(make_world: MakeWorld, study_folder: Path) -> None:
    world = make_world(Study.open(study_folder))
    world.wait(lambda: world.tab.nothing.isVisible())
    button = world.tab.nothing.button
    assert button is not None
    world.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert world.asked == [Target("tab", "judge")]


def test_the_first_figure_stands_with_reading_rule_and_n(world: World) -> None:
    assert "highest mean score is that of bactrian-endefrites" in world.text("results_reading")
    assert "Mean over questions" in world.text("results_rule")
    assert world.text("results_n").startswith("16 questions, 256 judgments, 2 repetitions")
    assert "judge: gpt-4" in world.text("results_scope")
    image = world.tab.stage.figure.image()
    assert {"#0072B2", "#E69F00", "#FFFFFF"} <= colours(image)
    assert image.width() >= world.tab.stage.room().width() * image.devicePixelRatio() - 2


def test_every_figure_can_be_chosen_by_key(world: World) -> None:
    world.tab.list.setFocus()
    seen = [world.key()]
    for _ in range(5):
        QTest.keyClick(world.tab.list, Qt.Key.Key_Down)
        world.settle()
        seen.append(world.key())
    assert seen == ["scores", "categories", "verdicts", "bias", "agreement", "chance"]
    assert world.tab.stage.stack.currentWidget() is world.tab.stage.numbers
    assert not world.tab.stage.switch.isVisible()


def test_filters_apply_to_what_is_shown_and_stay_for_the_next_figure(world: World) -> None:
    world.tab.panel.languages.choose(["de"])
    world.wait(lambda: "DE" in world.text("results_scope") and "EN" not in world.text("results_scope"))
    assert "128 judgments" in world.text("results_n")
    turns = world.combo("results_turns")
    turns.setFocus()
    QTest.keyClick(turns, Qt.Key.Key_Down)
    world.wait(lambda: world.text("results_scope").endswith("turn 1"))
    world.choose("agreement")
    assert world.text("results_scope").endswith("DE · turn 1")
    assert "Turn 2" not in world.text("results_reading")


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_ticking_in_a_choice_keeps_its_menu_open(world: World) -> None:
    button = world.tab.panel.languages
    world.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    world.wait(button.menu_.isVisible)
    entry = next(action for action in button.menu_.actions() if action.text() == "EN")
    place = button.menu_.actionGeometry(entry).center()
    QTest.mouseClick(button.menu_, Qt.MouseButton.LeftButton, pos=place)
    assert button.menu_.isVisible()
    assert button.chosen() == ("de",) and button.text() == "DE"
    QTest.keyClick(button.menu_, Qt.Key.Key_Escape)
    assert not button.menu_.isVisible()
    world.wait(lambda: "EN" not in world.text("results_scope"))


def test_rules_are_named_with_the_numbers_they_make(world: World) -> None:
    world.choose("agreement")
    assert "micro" in world.text("results_rule") and "L4" in world.text("results_rule")
    before = world.text("results_reading")
    world.combo("results_scheme").setCurrentIndex(1)
    world.wait(lambda: "L3" in world.text("results_rule"))
    world.combo("results_pooling").setCurrentIndex(1)
    world.wait(lambda: "Macro" in world.text("results_rule"))
    assert world.text("results_reading") != before


def test_the_numbers_stand_behind_every_figure(world: World) -> None:
    world.choose("verdicts")
    QTest.keyClick(world.window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert world.tab.stage.stack.currentWidget() is world.tab.stage.numbers
    table = world.tab.stage.numbers.table
    assert table is not None and table.model.rowCount() == 18  # All and 8 categories, people and judge
    QTest.keyClick(world.window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert world.tab.stage.stack.currentWidget() is world.tab.stage.area


def test_a_click_on_a_bar_opens_the_items_behind_it(world: World) -> None:
    world.choose("verdicts")
    view = world.tab.stage.figure
    mark = next(mark for mark in view.marks if mark.behind.who == "people" and mark.behind.label == 3)
    world.qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.area_of(mark).center())
    world.wait(lambda: world.tab.drawer.isVisible() and world.tab.drawer.which.count() > 0)
    rows = world.tab.drawer.table.model.rows()
    assert rows and all("both bad" in row.people for row in rows)
    parts = [world.tab.drawer.which.itemText(n) for n in range(world.tab.drawer.which.count())]
    assert parts[0] == "Question"
    assert f"Answer A: {PAIR[0]}" in parts and f"Answer B: {PAIR[1]}" in parts
    assert sum(part.startswith("gpt-4 · run") for part in parts) == 4  # two runs of two games
    assert parts[-1].startswith("Votes (")
    world.tab.drawer.which.setCurrentIndex(1)
    assert f"{PAIR[0]}" in world.tab.drawer.reader.text()
    QTest.keyClick(world.tab.drawer.table.view, Qt.Key.Key_Escape)
    assert not world.tab.drawer.isVisible()


def test_marks_are_reached_by_key_and_lead_to_the_item(world: World) -> None:
    view = world.tab.stage.figure
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.current() is view.marks[1]
    QTest.keyClick(view, Qt.Key.Key_Return)
    world.wait(lambda: world.tab.drawer.isVisible() and world.tab.drawer.which.count() > 0)
    assert world.tab.drawer.table.model.rowCount() == 16
    world.tab.drawer._open_item()
    row = world.tab.drawer.table.current()
    assert row is not None
    assert world.asked == [Target("item", row.question_id, {"language": row.language})]
    assert (world.asked[0].details["language"],) == view.marks[1].behind.languages


def test_pointing_at_a_bar_says_its_numbers(world: World) -> None:
    view = world.tab.stage.figure
    mark = view.marks[0]
    QTest.mouseMove(view, view.area_of(mark).center())
    world.wait(lambda: view.cursor().shape() == Qt.CursorShape.PointingHandCursor)
    QTest.mouseMove(view, QPoint(1, 1))
    world.wait(lambda: view.cursor().shape() == Qt.CursorShape.ArrowCursor)


def test_new_votes_are_drawn_at_once(world: World) -> None:
    world.choose("verdicts")
    before = world.text("results_n")
    add_vote(world.study, vote("newcomer", "81", "de", 1, "tie"), "t")
    world.tab.context.announce({"votes"})
    world.wait(lambda: world.text("results_n") != before and not world.tab.busy())
    assert "votes of 6 people" in world.text("results_n")


def test_a_larger_window_gets_a_larger_figure(world: World) -> None:
    small = world.tab.stage.figure.image().width()
    world.window.resize(1400, 800)
    world.wait(lambda: world.tab.stage.figure.image().width() > small + 200 and not world.tab.busy())


def test_the_figure_follows_light_and_dark(world: World, app: QApplication) -> None:
    theme.apply_theme(app, "dark")
    base = app.palette().color(app.palette().ColorRole.Base).name().upper()
    world.wait(lambda: base in colours(world.tab.stage.figure.image()) and not world.tab.busy())
    assert "#FFFFFF" not in colours(world.tab.stage.figure.image())


@pytest.mark.parametrize("ending", ["pdf", "svg", "csv"])
def test_export_writes_what_the_ending_says(world: World, tmp_path: Path, ending: str) -> None:
    world.choose("verdicts")
    QTest.keyClick(world.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = world.tab.findChild(QFileDialog, "results_export_dialog")
    assert dialog is not None and dialog.isVisible()
    target = tmp_path / f"figure.{ending}"
    line = dialog.findChild(QLineEdit)
    assert line is not None
    line.setText(str(target))
    QTest.keyClick(line, Qt.Key.Key_Return)
    world.wait(lambda: target.is_file() and world.tab.context.tasks.pending() == 0)
    start = target.read_bytes()[:8]
    signs = {"pdf": b"%PDF", "svg": b"<?xml", "csv": b"category"}
    assert start.startswith(signs[ending])
    if ending == "csv":
        rows = list(csv.reader(io.StringIO(target.read_text(encoding="utf-8"))))
        assert len(rows) == 19 and rows[1][:2] == ["All", "people"]


def test_an_export_that_fails_says_so_and_leaves_the_old_file(world: World, tmp_path: Path) -> None:
    def said(part: str) -> bool:
        labels = world.notices.bars.findChildren(QLabel, "notice_text")
        return any(part in label.text() for label in labels)

    world.tab.export_to(tmp_path / "nowhere" / "figure.pdf")
    world.wait(lambda: said("can't be written"))
    old = tmp_path / "table.pdf"
    old.write_text("an older export")
    world.choose("chance")
    world.tab.export_to(old)
    world.wait(lambda: said("is a table, not a picture"))
    assert old.read_text() == "an older export"


def test_the_report_is_written_for_the_filter_that_is_set(world: World, tmp_path: Path) -> None:
    world.tab.panel.models.choose([PAIR[0]])
    world.settle()
    world.tab.report_to(tmp_path / "report")
    assert not world.button("results_report").isEnabled()
    world.wait(lambda: world.button("results_report").isEnabled())
    html = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "Score per model" in html and PAIR[0] in html and PAIR[1] not in html


def test_go_to_leads_to_a_figure_and_to_a_models_scores(world: World) -> None:
    name, target = world.tab.actions_by_name()[3]
    assert name == "Positional bias per category"
    world.tab.show_target(target)
    world.wait(lambda: world.key() == "bias" and not world.tab.busy())
    world.tab.show_target(Target("model", PAIR[0]))
    world.wait(lambda: world.key() == "scores" and not world.tab.busy())
    assert {mark.behind.models for mark in world.tab.stage.figure.marks} == {(PAIR[0],)}


def test_every_control_has_a_name(world: World) -> None:
    for kind in (QPushButton, QComboBox, QLineEdit):
        for control in world.tab.findChildren(kind):
            if control.isVisible():
                assert control.objectName() or isinstance(control, QLineEdit), control
                assert control.accessibleName() or control.text(), control.objectName()
