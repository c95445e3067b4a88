"""The Judge tab, driven by real keys: plan and bill, a real run on loopback, reading what came of it."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QMainWindow, QMessageBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mtbx_gui.assets import resources
from mtbx_gui.demo.openai_service import DEMO_JUDGE, DEMO_OPENAI_KEY, OpenAIService
from mtbx_gui.judging.profiles import JudgeProfile, demo_profile, save_profile
from mtbx_gui.study.importing.importer import import_path
from mtbx_gui.study.judgments import add_judgments, judgments
from mtbx_gui.study.records import Judgment
from mtbx_gui.study.study import Study
from mtbx_gui.ui.context import StudyContext, Target
from mtbx_gui.ui.judge import JudgeTab
from mtbx_gui.ui.judge.plan_panel import PlanPanel
from mtbx_gui.ui.notices import Notices
from mtbx_gui.ui.settings_store import Settings
from mtbx_gui.ui.tasks import Tasks

NORTH, SOUTH = "assistant-north", "assistant-south"
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@dataclass
class World:
    """A window with the tab in it, and what a test wants to do with it."""

    qtbot: QtBot
    window: QMainWindow
    tab: JudgeTab
    study: Study
    went: list[Target]

    def settle(self) -> None:
        """Until table and bill are up to date."""
        self.qtbot.waitUntil(
            lambda: not self.tab.busy() and not self.tab.context.tasks.pending(), timeout=20_000
        )

    def text(self, name: str) -> str:
        """What a label shows."""
        label = self.tab.findChild(QLabel, name)
        assert label is not None
        return label.text() if label.isVisibleTo(self.tab) else ""

    def choose(self, name: str, value: str) -> None:
        """Choose in a drop-down by its value, as the arrow keys do."""
        combo = self.tab.findChild(QComboBox, name)
        assert combo is not None
        place = combo.findData(value)
        assert place >= 0, f"{value} is not offered by {name}"
        combo.setFocus()
        while combo.currentIndex() != place:
            QTest.keyClick(combo, Qt.Key.Key_Down if combo.currentIndex() < place else Qt.Key.Key_Up)
        self.settle()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key press wherever the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Question and verdict of the rows in the table."""
        return [(row.question_id, row.summary) for row in self.tab.table.table.model.rows()]


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    study = Study.create(tmp_path / "study", "Study", ("en", "de", "fr", "it", "es"))
    yield study
    study.close()


@pytest.fixture
def make_world(app: QApplication, qtbot: QtBot, study: Study, settings: Settings) -> Iterator[Any]:
    with contextlib.ExitStack() as ends:

        def make(filled: bool = True) -> World:
            if filled:
                import_path(study, resources() / "demo" / "data")
                save_profile(study, demo_profile("http://127.0.0.1:9/v1"), "ada")
            window = QMainWindow()
            window.resize(1200, 760)
            tasks, notices = Tasks(window), Notices(window)
            context = StudyContext(study, "ada", tasks, notices, settings, window)
            went: list[Target] = []
            context.go_requested.connect(went.append)
            tab = JudgeTab(context)
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.addWidget(notices.bars)
            column.addWidget(tab)
            window.setCentralWidget(holder)
            window.show()
            qtbot.waitExposed(window)
            window.activateWindow()
            qtbot.waitUntil(window.isActiveWindow)

            def end() -> None:
                tasks.shutdown()
                notices.close()
                window.close()
                window.deleteLater()
                QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

            ends.callback(end)
            tab.activate()
            world = World(qtbot, window, tab, study, went)
            world.settle()
            return world

        yield make


def judgment(
    question_id: str,
    game: int = 0,
    value: float | str | None = None,
    reason: str | None = None,
    repetition: int = 1,
    judge: str = "gpt-4",
    language: str = "de",
) -> Judgment:
    mode = "pair" if game else "single"
    text = f"Ich habe verglichen.\n\nUrteil: **[[{value}]]**\n\nDanke." if value is not None else "$ERROR$"
    return Judgment(
        key=f"{question_id}/{game}/{repetition}/{judge}/{language}",
        mode=mode,  # type: ignore[arg-type]
        judge=judge,
        prompt_name=f"{mode}-v1",
        question_id=question_id,
        language=language,
        turn=1,
        repetition=repetition,
        model_1=NORTH,
        model_2=SOUTH if game else None,
        game=game,
        score=float(value) if isinstance(value, int | float) else None,
        verdict=value if isinstance(value, str) else None,
        reason=reason,
        user_prompt=f"[Frage]\nFrage {question_id}, gelesen in Ordnung {game}",
        text=text,
    )


def untick(plan: PlanPanel, languages: tuple[str, ...]) -> None:
    """Take whole languages out of the plan."""
    for model in (NORTH, SOUTH):
        for language in languages:
            plan.matrix.set_ticked(model, language, False)


def test_without_answers_the_tab_says_what_comes_first(make_world: Any) -> None:
    world = make_world(filled=False)
    assert "no model has answered" in world.text("empty_sentence")
    assert not world.tab.plan.isVisible()
    world.tab.nothing.button.click()
    assert world.went == [Target("tab", "runs")]


def test_without_judgments_the_tab_names_the_first_step(make_world: Any) -> None:
    world = make_world()
    assert "Tick models and languages at the left" in world.text("empty_sentence")
    assert world.text("judge_bill_calls") == "320 calls"
    assert world.text("judge_bill_cost") == "Free"
    assert world.tab.plan.judge.currentText() == "demo judge"


def test_the_bill_follows_every_tick(make_world: Any) -> None:
    world = make_world()
    grid = world.tab.plan.matrix.grid
    grid.setFocus()
    world.press(Qt.Key.Key_Space)
    world.settle()
    assert world.tab.plan.matrix.unticked() == ((NORTH, "en"),)
    assert world.text("judge_bill_calls") == "288 calls"
    world.press(Qt.Key.Key_Right)
    world.press(Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    world.settle()
    assert world.text("judge_bill_calls") == "224 calls"
    world.press(Qt.Key.Key_Down)
    world.press(Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    world.settle()
    assert world.text("judge_bill_calls") == "256 calls", "a row with gaps is ticked as a whole"
    world.choose("judge_mode", "pair")
    assert world.text("judge_bill_calls") == "192 calls"
    world.tab.plan.repetitions.setFocus()
    world.press(Qt.Key.Key_Up)
    world.press(Qt.Key.Key_Up)
    world.settle()
    assert world.text("judge_bill_calls") == "576 calls"
    world.tab.plan.categories.boxes["math"].setFocus()
    world.press(Qt.Key.Key_Space)
    world.settle()
    assert world.text("judge_bill_calls") == "504 calls"


def test_a_price_is_told_before_the_start_and_asked_for_once(make_world: Any) -> None:
    world = make_world()
    world.choose("judge_judge", "gpt-6-luna")
    assert world.text("judge_bill_cost").startswith("$0.0")
    assert "Greedy: temperature 0." in [label.text() for label in world.tab.plan.form.findChildren(QLabel)]
    world.tab.plan.cap.setFocus()
    QTest.keyClicks(world.tab.plan.cap, "2,50")
    world.settle()
    assert world.tab.plan.plan().choice.cap == 2.5
    world.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    box = world.tab.findChild(QMessageBox, "judge_confirm")
    assert "Ask gpt-6-luna, greedy? 320 calls" in box.text()
    assert "more than $2.5" in box.informativeText()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    world.settle()
    assert not list(world.study.runs_folder.iterdir()), "nothing was started"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda plan: plan.cap.setText("much"), "The cap much is no number."),
        (lambda plan: [plan.turns.choose([])], "No category or no turn is ticked."),
        (lambda plan: untick(plan, ("en", "de", "fr", "it", "es")), "No answers are ticked."),
    ],
)
def test_what_can_not_be_planned_is_told_and_can_not_be_started(
    make_world: Any, change: Any, told: str
) -> None:
    world = make_world()
    change(world.tab.plan)
    world.settle()
    assert told in world.text("judge_bill_problems")
    assert world.text("judge_bill_calls") == ""
    assert not world.tab.plan.start.isEnabled()


def test_a_run_is_started_by_key_watched_and_read(make_world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTBX_JUDGE_KEY_LOOPBACK", DEMO_OPENAI_KEY)
    with OpenAIService(latency_s=0.05) as service:
        world = make_world()
        profile = JudgeProfile(id="loopback", base_url=service.url, model=DEMO_JUDGE, price="free")
        save_profile(world.study, profile, "ada")
        world.tab.context.announce({"settings"})
        world.settle()
        world.choose("judge_judge", "loopback")
        world.choose("judge_mode", "pair")
        untick(world.tab.plan, ("en", "fr", "it", "es"))
        world.tab.plan.categories.choose(["writing", "math"])
        world.settle()
        assert world.text("judge_bill_calls") == "16 calls"
        world.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        world.qtbot.waitUntil(world.tab.run_line.isVisible, timeout=20_000)
        assert "loopback · pair · DE" in world.text("judge_run_title")
        world.qtbot.waitUntil(lambda: len(judgments(world.study)) == 16, timeout=30_000)
        world.qtbot.waitUntil(lambda: not world.tab.run_line.isVisible(), timeout=20_000)
        world.settle()
    assert len(world.shown) == 8
    assert {row.judge for row in world.tab.table.table.model.rows()} == {"loopback"}
    assert [column.objectName() for column in world.tab.detail.shown()] == ["judgment_1", "judgment_2"]
    marked = [column.text.marked_line() for column in world.tab.detail.shown()]
    assert all(line.startswith("[[") for line in marked)
    world.tab.plan.reload()
    world.settle()
    assert world.text("judge_bill_calls") == "0 calls · 16 judged already"


def test_both_orders_stand_side_by_side_with_their_verdicts_highlighted(make_world: Any) -> None:
    world = make_world()
    add_judgments(
        world.study,
        [judgment("201", 1, "A"), judgment("201", 2, "A"), judgment("202", 1, "B"), judgment("202", 2, "A")],
        "ada",
    )
    world.tab.context.announce({"judgments"})
    world.settle()
    assert world.shown == [("201", "inconsistent"), ("202", SOUTH)]
    first, second = world.tab.detail.shown()
    assert [first.state.text(), second.state.text()] == [f"A: {NORTH}", f"A: {SOUTH}"]
    assert [first.state.meaning(), second.state.meaning()] == ["model_1", "model_2"]
    assert first.text.marked_line() == second.text.marked_line() == "Urteil: [[A]]"
    world.press(Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    assert "gelesen in Ordnung 1" in first.text.toPlainText()
    assert "gelesen in Ordnung 2" in second.text.toPlainText()
    assert first.text.marked_line() == ""
    world.press(Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    assert first.text.marked_line() == "Urteil: [[A]]"


def test_repetitions_stand_in_columns_and_move_with_the_chosen_row(make_world: Any) -> None:
    world = make_world()
    scores = [judgment("201", 0, 7), judgment("201", 0, 8, repetition=2), judgment("201", 0, 8, repetition=3)]
    add_judgments(world.study, [*scores, judgment("202", 0, 5)], "ada")
    world.tab.context.announce({"judgments"})
    world.settle()
    assert world.shown == [("201", "7.67 (7 · 8 · 8)"), ("202", "5")]
    assert [column.state.text() for column in world.tab.detail.shown()] == ["7", "8", "8"]
    world.tab.table.table.view.setFocus()
    world.press(Qt.Key.Key_Down)
    world.settle()
    assert [column.state.text() for column in world.tab.detail.shown()] == ["5"]
    world.tab.detail.item_wanted.emit()
    assert (world.went[-1].kind, world.went[-1].key) == ("item", "202")


def test_filters_and_typed_letters_narrow_the_table(make_world: Any) -> None:
    world = make_world()
    add_judgments(
        world.study,
        [
            judgment("201", 1, "A"),
            judgment("201", 2, None, "api_error"),
            judgment("202", 1, "C"),
            judgment("202", 2, "C"),
            judgment("203", 0, 7),
            judgment("203", 0, 6, judge="gpt-6-luna"),
            judgment("204", 0, 9, language="fr"),
        ],
        "ada",
    )
    world.tab.context.announce({"judgments"})
    world.settle()
    assert ("201", "no verdict: api_error") in world.shown
    assert [question for question, _ in world.shown].count("203") == 2, "two judges, two rows"
    world.choose("judge_filter_outcome", "no_verdict")
    assert world.shown == [("201", "no verdict: api_error")]
    world.choose("judge_filter_outcome", "")
    world.choose("judge_filter_mode", "pair")
    assert world.shown == [("201", "no verdict: api_error"), ("202", "tie")]
    world.choose("judge_filter_mode", "single")
    world.choose("judge_filter_language", "fr")
    assert world.shown == [("204", "9")]
    world.choose("judge_filter_language", "")
    world.choose("judge_filter_judge", "gpt-6-luna")
    assert world.shown == [("203", "6")]
    world.choose("judge_filter_judge", "")
    world.tab.table.table.view.setFocus()
    QTest.keyClicks(QApplication.focusWidget(), "hum")
    assert world.text("judgments_count").endswith("of 5")


def test_a_judgment_can_be_gone_to_even_if_a_filter_hides_it(make_world: Any) -> None:
    world = make_world()
    add_judgments(world.study, [judgment("201", 0, 7), judgment("202", 0, 5)], "ada")
    world.tab.context.announce({"judgments"})
    world.settle()
    key = world.tab.table.table.model.rows()[1].key
    world.choose("judge_filter_outcome", "no_verdict")
    assert world.shown == []
    world.tab.show_target(Target("judgment", "202", {"turn": key}))
    world.settle()
    assert world.tab.detail.shown()[0].state.text() == "5"


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data are not at {DATA}")
def test_imported_judgments_show_failed_calls_as_no_verdict(make_world: Any) -> None:
    world = make_world(filled=False)
    import_path(world.study, DATA / "judgments" / "phi-3")
    world.tab.context.announce({"judgments", "answers", "items"})
    world.settle()
    assert len(world.shown) == 235
    world.choose("judge_filter_outcome", "no_verdict")
    assert world.shown == [("124", "no verdict: api_error"), ("125", "no verdict: api_error")]
