"""The Runs tab with real runs: starting, watching, cancelling, resuming, collecting, by keys."""

import json
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import typer
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mtbx_gui.cli.commands import app as cli
from mtbx_gui.rundir.jsonl import count_lines
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.plan import RunPlan
from mtbx_gui.rundir.state import RunState, derive
from mtbx_gui.runs import launch, local
from mtbx_gui.study.answers import add_answers, answers, models
from mtbx_gui.study.datasets import add_dataset
from mtbx_gui.study.records import Answer
from mtbx_gui.study.study import Study
from mtbx_gui.ui.context import Change, StudyContext, Target
from mtbx_gui.ui.notices import Notices
from mtbx_gui.ui.run_strip import RunStrip
from mtbx_gui.ui.runs import RunsTab
from mtbx_gui.ui.runs.curves import Curves
from mtbx_gui.ui.settings_store import Settings
from mtbx_gui.ui.tasks import Tasks

WORK = Path(__file__).parents[1] / "unit" / "rundir" / "work"
PATIENCE_MS = 60_000
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@dataclass
class World:
    """A window with the tab and the strip in it, and what a test wants to know of them."""

    window: QMainWindow
    context: StudyContext
    tab: RunsTab
    strip: RunStrip
    qtbot: QtBot
    targets: list[Target] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)

    def find(self, kind: type[QWidget], name: str) -> Any:
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def notices(self) -> list[str]:
        return [bar.text for bar in self.context.notices.bars.shown()]

    def start(self, n: int = 3, **config: Any) -> RunDir:
        items = [{"key": str(i)} for i in range(n)]
        plan = RunPlan("generate", "Pieces", "pieces_work", config, {"items": items}, n)
        run = RunDir(launch.run_path(self.context.study, launch.start(self.context.study, plan, None, "me")))
        self.tab.board.look()
        return run

    def shown_state(self) -> str:
        return str(self.tab.detail.state.text())


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    monkeypatch.setenv("PYTHONPATH", str(WORK))
    study = Study.create(tmp_path / "study", "Test", ("en", "de"))
    yield study
    for path in study.runs_folder.iterdir():
        local.sweep(RunDir(path))
    study.close()


@pytest.fixture
def world(app: QApplication, qtbot: QtBot, study: Study, settings: Settings) -> Iterator[World]:
    window = QMainWindow()
    inside = QWidget(window)
    window.setCentralWidget(inside)
    column = QVBoxLayout(inside)
    tasks, notices = Tasks(window), Notices(window)
    tasks.default_failed = notices.error
    context = StudyContext(study, "tester", tasks, notices, settings, window)
    tab, strip = RunsTab(context), RunStrip(context)
    for widget in (notices.bars, tab, strip):
        column.addWidget(widget)
    window.resize(1200, 800)
    made = World(window, context, tab, strip, qtbot)
    context.go_requested.connect(made.targets.append)
    context.changed.connect(lambda change, _who: made.changes.append(change))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    tab.activate()
    yield made
    notices.close()
    tasks.shutdown()
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_without_runs_one_button_names_the_first_step(world: World) -> None:
    world.until(
        lambda: world.tab.table.stack.currentWidget().isVisible() and not world.tab.table.model.total()
    )
    button = world.find(QPushButton, "empty_action")
    assert button.text() == "Start the first run"
    button.click()
    assert world.tab.form.isVisible() and not button.isVisible()
    world.press(Qt.Key.Key_Escape)
    assert not world.tab.form.isVisible() and world.tab.blank.isVisible() and button.isVisible()


def test_tab_leads_from_the_kinds_of_run_into_the_form(world: World) -> None:
    world.press(Qt.Key.Key_N, CTRL)
    world.until(lambda: QApplication.focusWidget().objectName() == "train_base")
    world.press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() in world.tab.form.kinds.values()


def test_a_run_is_watched_to_its_end_and_its_pieces_are_collected(world: World, tmp_path: Path) -> None:
    run = world.start(5, wait_at="3", go=str(tmp_path / "go"), metrics=True)
    world.until(lambda: world.tab.detail.isVisible() and world.shown_state() == "running")
    world.until(lambda: world.tab.detail.progress.words.text().startswith("3/5 answers"))
    assert world.tab.table.model.rows()[0].info.done == 3
    button = world.strip.buttons[0]
    world.until(lambda: button.isVisible() and button.text().startswith("Pieces 3/5"))
    button.click()
    assert world.targets == [Target("run", run.run_id)]
    world.until(lambda: len(answers(world.context.study)) == 3)
    world.until(world.tab.detail.curves.speed.isVisible)
    assert not world.tab.detail.curves.loss.isVisible()
    (tmp_path / "go").touch()
    world.until(lambda: world.shown_state() == "finished")
    world.until(lambda: len(answers(world.context.study)) == 5)
    assert any(change.touches("answers") for change in world.changes)
    assert not world.strip.buttons[0].isVisible() and world.strip.quiet.isVisible()
    assert world.notices() == []


def test_cancel_and_resume_by_keys(world: World, tmp_path: Path) -> None:
    run = world.start(4, wait_at="2", go=str(tmp_path / "go"))
    world.until(lambda: count_lines(run.out("answers")) == 2 and world.tab.detail.cancel.isVisible())
    world.press(Qt.Key.Key_Period, CTRL)
    world.until(lambda: world.shown_state() == "cancelled")
    assert local.members(run) == [] and not world.tab.detail.cancel.isVisible()
    (tmp_path / "go").touch()
    world.press(Qt.Key.Key_R, CTRL)
    world.until(lambda: world.shown_state() == "finished")
    world.until(lambda: len(answers(world.context.study)) == 4)
    assert run.newest_attempt() == 2


def test_a_failed_run_asks_for_attention_until_it_is_looked_at(world: World, tmp_path: Path) -> None:
    badges: list[int] = []
    world.tab.badge_changed.connect(badges.append)
    first = world.start(1, run="first")
    world.until(lambda: derive(first).state is RunState.FINISHED and world.shown_state() == "finished")
    failing = world.start(3, wait_at="1", go=str(tmp_path / "go"), refuse_at="1")
    world.until(lambda: any(view.info.done == 1 for view in world.tab.board.active()))
    (tmp_path / "go").touch()
    world.until(lambda: world.notices() == ["Pieces: The key was refused. Enter it again."])
    assert badges[-1] == 1
    world.context.notices.bars.shown()[0].findChild(QPushButton, "notice_action").click()
    assert world.targets[-1] == Target("run", failing.run_id)
    world.tab.show_target(world.targets[-1])
    assert world.shown_state() == "failed" and world.tab.detail.resume.isVisible()
    assert world.tab.detail.sentence.text() == "The key was refused. Enter it again."
    assert badges[-1] == 0


def test_log_settings_and_files_are_a_key_away(world: World) -> None:
    run = world.start(2, noise=30, colour="blue")
    world.until(lambda: world.shown_state() == "finished")
    world.press(Qt.Key.Key_2, ALT)
    world.until(lambda: "x" * 30 in world.tab.detail.log.toPlainText())
    world.press(Qt.Key.Key_3, ALT)
    world.until(lambda: ("colour", "blue") in world.tab.detail.settings.model.rows())
    assert ("run", run.run_id) in world.tab.detail.settings.model.rows()
    world.press(Qt.Key.Key_4, ALT)
    world.until(lambda: "result.json" in [row.name for row in world.tab.detail.files.model.rows()])


def test_a_run_that_ended_unwatched_is_collected_when_the_window_opens(
    app: QApplication, qtbot: QtBot, study: Study, request: pytest.FixtureRequest
) -> None:
    items = [{"key": str(i)} for i in range(3)]
    launch.start(study, RunPlan("generate", "Earlier", "pieces_work", {}, {"items": items}, 3))
    qtbot.waitUntil(
        lambda: [derive(RunDir(p)).state for p in study.runs_folder.iterdir()] == [RunState.FINISHED],
        timeout=PATIENCE_MS,
    )
    assert answers(study) == []
    world: World = request.getfixturevalue("world")
    world.until(lambda: len(answers(study)) == 3)
    world.until(lambda: world.shown_state() == "finished")
    assert world.notices() == []


def test_a_wrong_value_is_named_at_its_field_and_nothing_is_lost(world: World, tmp_path: Path) -> None:
    source = tmp_path / "talks.jsonl"
    talk = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]
    source.write_text(json.dumps({"id": "a", "language": "en", "messages": talk}) + "\n")
    add_dataset(world.context.study, source)
    world.press(Qt.Key.Key_N, CTRL)
    page = world.tab.form.page()
    assert page.kind == "train"
    world.until(lambda: world.tab.form.pages[1].dataset.value() == "talks")
    epochs = world.find(QLineEdit, "train_epochs")
    epochs.clear()
    QTest.keyClicks(epochs, "many")
    world.until(lambda: "--set epochs=many" in world.tab.form.command.text())
    assert world.tab.form.command.text().startswith(f"mtbx train --study {world.context.study.folder}")
    world.press(Qt.Key.Key_Return, CTRL)
    assert "integer" in page.form.complaint(epochs) and epochs.text() == "many"
    epochs.setText("3")
    page.base.set_value(str(tmp_path / "nowhere"))
    world.press(Qt.Key.Key_Return, CTRL)
    world.until(lambda: "There is no model folder" in world.tab.form.problem.text())
    assert world.tab.form.isVisible() and world.tab.board.views == []


@pytest.mark.parametrize("kind", ["translate", "train", "generate", "judge"])
def test_the_command_shown_is_one_that_the_command_line_takes(world: World, kind: str) -> None:
    add_answers(
        world.context.study, [Answer("k", "a model", "81", "en", ("one", "two"), {}, "import:x")], "tester"
    )
    world.tab.new_run(kind)
    page = world.tab.form.page()
    world.until(lambda: "en" in world.tab.form.pages[2].languages.boxes)
    for line in page.findChildren(QLineEdit):
        if line.objectName().removeprefix(f"{kind}_") in ("epochs", "seed", "repetitions", "cap"):
            line.setText("2")
    if kind == "generate":
        page.model.set_value("some/folder")
    world.until(
        lambda: world.tab.form.command.text() == shlex.join(["mtbx", *_with_study(world, page.command())])
    )
    words = shlex.split(world.tab.form.command.text())
    group: Any = typer.main.get_command(cli)
    parsed = group.commands[words[1]].make_context(words[1], words[2:])
    assert parsed.params["study"] == world.context.study.folder


def _with_study(world: World, words: list[str]) -> list[str]:
    return [words[0], "--study", str(world.context.study.folder), *words[1:]]


def test_a_tiny_model_is_trained_from_the_form(world: World, tmp_path: Path) -> None:
    source = tmp_path / "talks.jsonl"
    talk = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello you"}]
    rows = [{"id": str(i), "language": "en", "messages": talk} for i in range(20)]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    add_dataset(world.context.study, source)
    world.press(Qt.Key.Key_N, CTRL)
    world.until(lambda: world.tab.form.pages[1].dataset.value() == "talks")
    world.press(Qt.Key.Key_Return, CTRL)
    world.until(lambda: world.tab.detail.isVisible() and world.shown_state() in ("starting", "running"))
    world.until(lambda: world.shown_state() == "finished")
    world.until(lambda: [model.name for model in models(world.context.study)] == ["talks-EN"])
    world.until(lambda: world.tab.detail.curves.points() == 6)
    assert world.tab.detail.curves.loss.isVisible() and world.tab.detail.curves.speed.isVisible()


def test_the_speed_of_a_run_without_losses_is_in_view_after_one_with(app: QApplication, qtbot: QtBot) -> None:
    curves = Curves()
    qtbot.addWidget(curves)
    curves.resize(600, 600)
    curves.show()
    curves.show_rows([{"step": step, "loss": 3.0, "tok_s": 50.0} for step in range(6)])
    curves.show_rows([])
    curves.show_rows([{"work": 160, "tok_s": 4.0}, {"work": 320, "tok_s": 5.0}])

    def in_view() -> bool:
        (left, right), (low, high) = curves.speed.getPlotItem().viewRange()
        return left <= 160 and right >= 320 and low <= 4 and high >= 5

    qtbot.waitUntil(in_view, timeout=PATIENCE_MS)
    curves.show_rows([])
    curves.show_rows([{"work": 16, "tok_s": 4.0}])
    assert not curves.speed.isVisible(), "one point is no curve"
    curves.show_rows([{"step": 1, "loss": 3.0, "tok_s": 4.0}])
    (line,) = curves.loss.getPlotItem().listDataItems()
    assert line.opts["symbol"] == "o", "a line of one point would not be seen"


def test_curves_leave_out_what_is_no_number(app: QApplication, qtbot: QtBot) -> None:
    curves = Curves()
    qtbot.addWidget(curves)
    rows = [{"step": step, "loss": 3.0 / step, "tok_s": None} for step in (1, 2, 3)]
    curves.show_rows([{"step": 0, "eval": {"de": 3.5}}, *rows, {"step": 4, "loss": float("nan")}])
    lines = [item for item in curves.loss.getPlotItem().listDataItems()]
    assert [list(line.getOriginalDataset()[0]) for line in lines] == [[1, 2, 3], [0]]
    assert curves.speed.getPlotItem().listDataItems() == []
    curves.show_rows([{"done": 0, "t": 10.0}, {"done": 4, "t": 12.0}, {"done": 5, "t": 13.0}])
    (line,) = curves.speed.getPlotItem().listDataItems()
    assert [list(values) for values in line.getOriginalDataset()] == [[4, 5], [2, 1]]
