"""The Annotate tab, driven by real keys: choices, guard, undo, comments, folds, revisions, blindness."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mtbx_gui.annotation.card import Place
from mtbx_gui.annotation.session import RatingSession
from mtbx_gui.study.answers import add_answers
from mtbx_gui.study.records import Answer, Vote
from mtbx_gui.study.study import Study, stamp
from mtbx_gui.study.texts import add_text, ensure_field
from mtbx_gui.study.votes import vote_history
from mtbx_gui.ui.annotate import AnnotateTab
from mtbx_gui.ui.annotate.rating_page import GUARD_SECONDS
from mtbx_gui.ui.context import StudyContext
from mtbx_gui.ui.notices import Notices
from mtbx_gui.ui.settings_store import Settings
from mtbx_gui.ui.tasks import Tasks

MODELS = ("zweihorn-7b-chat", "einhorn-7b-chat")
LONG = "Ein **langer** Absatz mit `code` darin, der sich über viele Zeilen zieht. " * 140


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.seconds = 5000.0

    def __call__(self) -> float:
        return self.seconds

    def pass_(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class World:
    """A window with the tab in it, and what a test wants to do with it."""

    qtbot: QtBot
    window: QMainWindow
    outside: QLineEdit
    tab: AnnotateTab
    study: Study
    clock: Clock
    notices: Notices
    announced: list[tuple[frozenset[str], object]]

    def begin(self, annotator: str = "spatz") -> None:
        """Type a pseudonym on the start page and press Return."""
        self.qtbot.waitUntil(self.tab.start.isVisible)
        self.tab.start.annotator.setFocus()
        QTest.keyClicks(self.tab.start.annotator, annotator)
        QTest.keyClick(self.tab.start.annotator, Qt.Key.Key_Return)
        self.wait_for_card()

    def wait_for_card(self) -> None:
        """Until a card is painted; then let the guard run out."""
        self.qtbot.waitUntil(lambda: self.tab.rating.isVisible() and not self.tab.rating._unpainted)
        self.clock.pass_(GUARD_SECONDS)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key press wherever the focus is, without waiting for anything."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def choose(self, key: Qt.Key) -> None:
        """A choice on a painted card, and the next card's painting."""
        self.press(key)
        QCoreApplication.processEvents()
        if self.tab.session is not None and self.tab.session.card is not None:
            self.wait_for_card()

    @property
    def history(self) -> list[Vote]:
        """All events that are not withdrawn."""
        return vote_history(self.study, "spatz")

    @property
    def place(self) -> Place:
        """The place of the card that is up."""
        session = self.tab.session
        assert session is not None
        assert session.card is not None
        return session.card.place


def fill(study: Study, questions: int = 6, answer: str = "Antwort {model} auf {question}.{turn}") -> None:
    """Items in German with two turns, references, and both models' answers."""
    with study.write() as db:
        for number in range(questions):
            question_id = str(81 + number)
            category = ("math", "writing", "coding")[number % 3]
            db.execute(
                "INSERT INTO item (question_id, language, category, position, author, at, app)"
                " VALUES (?, 'de', ?, ?, ?, ?, ?)",
                (question_id, category, number, *stamp("test")),
            )
            for turn in (0, 1):
                field = ensure_field(db, "de", "turn", question_id, "", turn)
                add_text(db, field, "machine", f"Frage {question_id}.{turn + 1}", "test", "test")
                field = ensure_field(db, "de", "judge_reference", question_id, "gpt-4", turn)
                add_text(db, field, "machine", f"Richterlösung {question_id}.{turn + 1}", "test", "test")
                field = ensure_field(db, "de", "reference", question_id, "", turn)
                add_text(db, field, "machine", f"Musterlösung {question_id}.{turn + 1}", "test", "test")
    add_answers(
        study,
        [
            Answer(
                key=f"{model}/{number}",
                model=model,
                question_id=str(81 + number),
                language="de",
                turns=tuple(
                    answer.format(model=MODELS.index(model), question=81 + number, turn=turn)
                    for turn in (1, 2)
                ),
            )
            for model in MODELS
            for number in range(questions)
        ],
        "test",
    )


@pytest.fixture
def study(study_folder: Path) -> Iterator[Study]:
    opened = Study.open(study_folder)
    yield opened
    opened.close()


@pytest.fixture
def make_world(app: QApplication, qtbot: QtBot, study: Study, settings: Settings) -> Iterator[Any]:
    with contextlib.ExitStack() as ends:

        def make(filled: bool = True, **more: Any) -> World:
            if filled:
                fill(study, **more)
            window = QMainWindow()
            window.resize(1100, 700)
            tasks, notices, clock = Tasks(window), Notices(window), Clock()
            context = StudyContext(study, "somebody", tasks, notices, settings, window)
            announced: list[tuple[frozenset[str], object]] = []
            context.changed.connect(lambda change, who: announced.append((change.kinds, who)))
            tab = AnnotateTab(context, clock)
            outside = QLineEdit()
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.addWidget(notices.bars)
            column.addWidget(outside)
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
            return World(qtbot, window, outside, tab, study, clock, notices, announced)

        yield make


@pytest.fixture
def world(make_world: Any) -> World:
    made = make_world()
    assert isinstance(made, World)
    return made


KEYS = [
    (Qt.Key.Key_A, "A"),
    (Qt.Key.Key_1, "A"),
    (Qt.Key.Key_Left, "A"),
    (Qt.Key.Key_B, "B"),
    (Qt.Key.Key_2, "B"),
    (Qt.Key.Key_Right, "B"),
    (Qt.Key.Key_T, "tie"),
    (Qt.Key.Key_3, "tie"),
    (Qt.Key.Key_X, "both_bad"),
    (Qt.Key.Key_4, "both_bad"),
    (Qt.Key.Key_S, "skip"),
    (Qt.Key.Key_5, "skip"),
]


def test_every_choice_has_its_keys_and_turn_2_follows_turn_1(world: World) -> None:
    world.begin()
    for number, (key, displayed) in enumerate(KEYS):
        if number < 12 - 1:
            assert world.place == Place(number // 2 + 1, number % 2 + 1)
        world.choose(key)
        assert world.history[-1].displayed == displayed
    assert len(world.history) == len(KEYS)
    assert world.tab.done.isVisible()


def test_a_vote_is_stored_under_the_pseudonym_with_the_side_taken_out(world: World) -> None:
    world.begin()
    shown = world.tab.rating.left.answer.toPlainText()
    world.choose(Qt.Key.Key_A)
    vote = world.history[0]
    assert vote.annotator == "spatz"
    assert vote.left_model == getattr(vote, vote.choice) == MODELS[int(shown.split()[1])]


def test_a_second_press_on_a_fresh_card_is_not_a_vote(world: World) -> None:
    world.begin()
    world.press(Qt.Key.Key_A)
    world.press(Qt.Key.Key_A)  # the next card is not even painted
    world.qtbot.waitUntil(lambda: not world.tab.rating._unpainted)
    world.clock.pass_(0.29)
    world.press(Qt.Key.Key_A)
    assert len(world.history) == 1
    assert not any(button.isChecked() for button in world.tab.rating.bar.buttons.values())
    world.clock.pass_(0.02)
    world.press(Qt.Key.Key_A)
    assert len(world.history) == 2


def test_a_key_that_is_held_down_counts_once(world: World) -> None:
    world.begin()
    world.choose(Qt.Key.Key_T)
    for held in (False, True, True):
        if held:
            world.wait_for_card()
        focus = QApplication.focusWidget()
        QTest.simulateEvent(focus, True, Qt.Key.Key_T, Qt.KeyboardModifier.NoModifier, "t", held, -1)
        QCoreApplication.processEvents()
    assert len(world.history) == 2


def test_keys_outside_the_page_are_no_votes(world: World) -> None:
    world.begin()
    world.outside.setFocus()
    for key in (Qt.Key.Key_A, Qt.Key.Key_1, Qt.Key.Key_Right):
        world.press(key)
    button = QPushButton("elsewhere", world.window)
    button.show()
    button.setFocus()
    for key in (Qt.Key.Key_A, Qt.Key.Key_Right):
        world.press(key)
    assert world.history == []


def test_an_empty_answer_says_that_it_is_empty(make_world: Any) -> None:
    world = make_world(questions=1, answer="")
    world.begin()
    for pane in (world.tab.rating.left, world.tab.rating.right):
        assert pane.answer.document().isEmpty()
        assert pane.answer.placeholderText() == "This answer is empty."


def test_undo_and_redo_by_keys_also_from_the_last_page(make_world: Any) -> None:
    world = make_world(questions=1)
    world.begin()
    world.choose(Qt.Key.Key_A)
    world.choose(Qt.Key.Key_B)
    assert world.tab.done.isVisible()
    world.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    world.wait_for_card()
    assert world.place == Place(1, 2)
    world.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    world.wait_for_card()
    assert world.history == []
    assert not world.tab.rating.bar.undo.isEnabled()
    world.press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert [vote.displayed for vote in world.history] == ["A"]
    assert world.place == Place(1, 2)


def test_the_vote_just_given_is_said_for_a_second(world: World) -> None:
    world.begin()
    world.choose(Qt.Key.Key_X)
    said = world.tab.rating.bar.said
    assert "Both bad" in said.text()
    world.qtbot.waitUntil(lambda: not said.text())


def test_a_text_field_keeps_its_letters_and_its_undo(world: World) -> None:
    world.begin()
    world.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    comment = world.tab.rating.support.comment
    assert comment.hasFocus()
    QTest.keyClicks(comment, "stab x12 a")
    world.press(Qt.Key.Key_Left)
    world.press(Qt.Key.Key_B)
    assert comment.toPlainText() == "stab x12 ba"
    world.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert world.history == []
    assert comment.toPlainText() != "stab x12 ba"
    comment.setPlainText("knapp")
    world.press(Qt.Key.Key_Escape)
    assert not comment.hasFocus()
    world.choose(Qt.Key.Key_T)
    assert [(vote.displayed, vote.comment) for vote in world.history] == [("tie", "knapp")]
    assert comment.toPlainText() == ""
    assert not comment.isVisible()


def test_a_comment_that_was_begun_is_there_after_leaving(world: World, make_world: Any) -> None:
    world.begin()
    world.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(world.tab.rating.support.comment, "halb")
    world.tab.leave()
    assert RatingSession(world.study, "spatz", "de").card.comment == "halb"  # type: ignore[union-attr]


def test_both_answers_share_one_height_and_buttons_stay_where_they_are(world: World) -> None:
    add_answers(
        world.study,
        [Answer(f"long/{n}", MODELS[0], str(81 + n), "de", (LONG, LONG)) for n in (0, 1, 2)],
        "test",
    )
    world.begin()
    rating = world.tab.rating
    places = set()
    while world.tab.session is not None and world.tab.session.card is not None:
        assert rating.left.geometry().height() == rating.right.geometry().height()
        assert rating.left.geometry().top() == rating.right.geometry().top()
        places.add(tuple(button.geometry().getRect() for button in rating.bar.buttons.values()))
        places.add(rating.bar.geometry().getRect())
        world.choose(Qt.Key.Key_A)
    assert len(places) == 2


def test_turn_1_is_folded_above_each_answer_in_turn_2(world: World) -> None:
    world.begin()
    left = world.tab.rating.left
    first = left.answer.toPlainText()
    question = world.tab.rating.question.question.toPlainText()
    assert not left.fold.isVisible()
    world.choose(Qt.Key.Key_A)
    side = left if world.tab.session.card.answer_a[0] == first else world.tab.rating.right  # type: ignore[union-attr]
    assert side.fold.isVisible()
    assert not side.first_turn.isVisible()
    world.press(Qt.Key.Key_E)
    assert side.first_turn.isVisible()
    assert side.first_turn.toPlainText() == first
    assert world.tab.rating.question.first_turn.toPlainText() == question
    world.press(Qt.Key.Key_E)
    assert not side.first_turn.isVisible()


def test_reference_and_instruction_unfold_by_key(world: World) -> None:
    world.begin()
    support = world.tab.rating.support
    assert not support.reference.isVisible()
    world.press(Qt.Key.Key_R)
    world.press(Qt.Key.Key_I)
    number = world.tab.rating.question.question.toPlainText().split()[1]
    assert support.reference.view.toPlainText() == f"Richterlösung {number}"
    assert "unparteiisch" in support.instruction.view.toPlainText()
    support._which.click()
    assert support.reference.view.toPlainText() == f"Musterlösung {number}"
    world.press(Qt.Key.Key_R)
    assert not support.reference.isVisible()


def test_arrows_scroll_both_answers_together(make_world: Any) -> None:
    world = make_world(answer=LONG)
    world.begin()
    bars = [pane.answer.verticalScrollBar() for pane in (world.tab.rating.left, world.tab.rating.right)]
    world.qtbot.waitUntil(lambda: all(bar.maximum() > 0 for bar in bars))
    world.press(Qt.Key.Key_Down)
    assert bars[0].value() == bars[1].value() > 0
    line = bars[0].value()
    world.press(Qt.Key.Key_PageDown)
    assert bars[0].value() == bars[1].value() > 2 * line
    world.choose(Qt.Key.Key_A)
    assert [bar.value() for bar in bars] == [0, 0]


def test_raw_text_shows_the_characters(make_world: Any) -> None:
    world = make_world(answer="**fett** {model}")
    world.begin()
    answer = world.tab.rating.left.answer
    assert answer.toPlainText().startswith("fett")
    world.press(Qt.Key.Key_M)
    assert answer.toPlainText().startswith("**fett**")
    world.choose(Qt.Key.Key_A)
    assert answer.toPlainText().startswith("**fett**")


def test_an_earlier_vote_is_changed_from_the_overview(world: World) -> None:
    world.begin()
    for key in (Qt.Key.Key_A, Qt.Key.Key_B, Qt.Key.Key_T):
        world.choose(key)
    here = world.place
    world.press(Qt.Key.Key_V)
    table = world.tab.overview.table
    assert table.isVisible()
    assert [row.displayed for row in table.model.rows()] == ["tie", "B", "A"]
    table.choose(Place(1, 1))
    world.press(Qt.Key.Key_Return)
    world.wait_for_card()
    assert world.place == Place(1, 1)
    assert world.tab.rating.bar.buttons["A"].isChecked()
    world.choose(Qt.Key.Key_X)
    assert world.place == here
    changed = [vote for vote in world.history if vote.supersedes]
    assert [vote.displayed for vote in changed] == ["both_bad"]


def test_one_of_the_last_votes_is_called_back_by_a_click_and_left_by_escape(world: World) -> None:
    world.begin()
    for key in (Qt.Key.Key_A, Qt.Key.Key_B):
        world.choose(key)
    here, before = world.place, world.history
    newest = [b for b in world.tab.rating.past.findChildren(QPushButton) if b.isVisible()][-1]
    newest.click()
    assert world.place == Place(1, 2)
    assert world.tab.rating.question.back.isVisible()
    world.press(Qt.Key.Key_Escape)
    assert world.place == here
    assert world.history == before


def test_skipped_turns_can_be_gone_through_at_the_end(make_world: Any) -> None:
    world = make_world(questions=2)
    world.begin()
    for key in (Qt.Key.Key_S, Qt.Key.Key_A, Qt.Key.Key_5, Qt.Key.Key_B):
        world.choose(key)
    assert world.tab.done.isVisible()
    world.press(Qt.Key.Key_S)
    world.wait_for_card()
    assert world.place == Place(1, 1)
    world.choose(Qt.Key.Key_T)
    assert world.place == Place(2, 1)
    world.choose(Qt.Key.Key_T)
    assert world.tab.done.isVisible()
    assert not world.tab.done.skipped.isVisible()


def test_pausing_leads_to_the_start_and_continuing_to_the_same_card(world: World) -> None:
    world.begin()
    for key in (Qt.Key.Key_A, Qt.Key.Key_B, Qt.Key.Key_T):
        world.choose(key)
    here = world.place
    world.tab.rating.question.pause.click()
    world.qtbot.waitUntil(world.tab.start.isVisible)
    assert world.tab.start.start.text() == "Continue"
    world.press(Qt.Key.Key_Return)
    world.wait_for_card()
    assert world.place == here


def test_without_a_pseudonym_it_does_not_begin(world: World) -> None:
    world.qtbot.waitUntil(world.tab.start.isVisible)
    world.press(Qt.Key.Key_Return)
    world.qtbot.waitUntil(lambda: bool(world.tab.start.form.complaint(world.tab.start.annotator)))
    assert world.tab.session is None


def test_a_study_without_pairs_says_what_is_missing(make_world: Any) -> None:
    world = make_world(filled=False)
    world.qtbot.waitUntil(world.tab.empty.isVisible)
    assert "two models" in world.tab.empty.sentence.text()


def test_only_chosen_models_are_paired_and_their_names_leave_the_window(make_world: Any) -> None:
    world = make_world()
    extra = [Answer(f"x/{n}", "dreihorn", str(81 + n), "de", ("Antwort 2", "Antwort 2")) for n in range(6)]
    add_answers(world.study, extra, "test")
    world.tab.activate()
    start = world.tab.start
    world.qtbot.waitUntil(lambda: start.pairs.text() == "3 models, 18 pairs")
    start.choose.click()
    box = start.findChild(QPushButton, "annotate_choose_models")
    assert box is not None
    assert names_in(world.window) >= {"dreihorn", *MODELS}, "the walk below sees what is there"
    start._boxes[0].click()
    start.annotator.setText("spatz")
    start.start.click()
    world.wait_for_card()
    assert world.tab.session is not None
    assert len(world.tab.session.places) == 12
    assert names_in(world.window) == set()


def texts_of(widget: QWidget) -> Iterator[str]:
    """Everything a person or a screen reader could get out of a widget."""
    for reading in ("text", "toolTip", "statusTip", "whatsThis", "accessibleName", "accessibleDescription"):
        reader = getattr(widget, reading, None)
        if callable(reader):
            yield str(reader())
    yield widget.objectName()
    yield widget.windowTitle()
    for name in widget.dynamicPropertyNames():
        with contextlib.suppress(RuntimeError):  # a value of Qt's own that has no Python form
            yield str(widget.property(bytes(name).decode()))
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        yield widget.placeholderText()
    if isinstance(widget, QPlainTextEdit):
        yield widget.toPlainText()
    if isinstance(widget, QTextEdit):
        yield widget.toPlainText()
        yield widget.document().toHtml()
    if isinstance(widget, QComboBox):
        yield " ".join(widget.itemText(n) + str(widget.itemData(n)) for n in range(widget.count()))
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        model = widget.model()
        for row in range(model.rowCount()):
            for column in range(model.columnCount()):
                for role in range(0, 40):
                    yield str(model.index(row, column).data(role))


def names_in(window: QWidget) -> set[str]:
    """The models' names that occur anywhere in the window or on the clipboard."""
    found = [text for w in (window, *window.findChildren(QWidget)) for text in texts_of(w)]
    found.append(QGuiApplication.clipboard().text())
    everything = "\n".join(found)
    return {name for name in (*MODELS, "dreihorn") if name in everything}


def test_no_model_s_name_is_anywhere_in_the_window(world: World) -> None:
    world.begin()
    assert names_in(world.window) == set()
    for key in (Qt.Key.Key_R, Qt.Key.Key_I, Qt.Key.Key_E, Qt.Key.Key_M):
        world.press(key)
    for key, _ in KEYS[:-2]:
        world.choose(key)
        assert names_in(world.window) == set()
    view = world.tab.rating.left.answer
    view.setFocus()
    view.selectAll()
    view.copy()
    assert QGuiApplication.clipboard().text()
    world.press(Qt.Key.Key_V)
    assert names_in(world.window) == set()
    world.press(Qt.Key.Key_Escape)
    world.wait_for_card()
    for key, _ in KEYS[-2:]:
        world.choose(key)
    assert world.tab.done.isVisible()
    assert names_in(world.window) == set()


def test_nothing_in_an_answer_is_loaded_or_opened(make_world: Any, tmp_path: Path) -> None:
    picture = tmp_path / "spy.png"
    from PySide6.QtGui import QImage

    image = QImage(4, 4, QImage.Format.Format_RGB32)
    assert image.save(str(picture))
    answer = (
        f"![Bild](file://{picture}) <img src='file://{picture}'> <script>x()</script> "
        f"[Link](file://{picture})\n\n![fern](http://127.0.0.1:9/x.png)\n\n<style>@import url(x)</style>"
    )
    world = make_world(answer=answer.replace("{", "{{").replace("}", "}}"))
    world.begin()
    world.choose(Qt.Key.Key_A)
    for pane in (world.tab.rating.left, world.tab.rating.right):
        shown = pane.answer
        assert "<img" not in shown.document().toHtml()
        assert "￼" not in shown.toPlainText()
        assert "<script>" in shown.toPlainText(), "shown as the characters it consists of"
        assert shown.document().resource(2, picture.as_uri()) is None
        assert shown.source().isEmpty()
        assert not shown.openLinks()


def test_the_next_card_is_laid_out_beforehand_and_looks_as_if_shown_at_once(make_world: Any) -> None:
    code = "Text **fett**\n\n```python\nx = 1\n```\n\n- eins\n- zwei\n\nAntwort {model} auf {question}.{turn}"
    world = make_world(answer=code)
    world.begin()
    view = world.tab.rating.left.answer
    world.qtbot.waitUntil(lambda: view._prepared is not None and view._prepared.ready)
    prepared = view._prepared.document
    world.choose(Qt.Key.Key_A)
    assert view.document() is prepared
    swapped = view.document().toHtml()
    size = view.document().size()
    text = view.text()
    view.refresh()
    view.finish()
    assert view.text() == text
    assert view.document().toHtml() == swapped
    assert view.document().size() == size


def test_time_stands_still_while_the_tab_is_not_in_front(world: World) -> None:
    world.begin()
    world.choose(Qt.Key.Key_A)  # what the guard let pass on this card counts, too
    world.tab.leave()
    world.tab.hide()
    world.clock.pass_(1000)
    world.tab.show()
    world.tab.activate()
    world.clock.pass_(9)
    world.choose(Qt.Key.Key_B)
    assert world.history[-1].active_ms == round((GUARD_SECONDS + 9) * 1000)


def test_others_are_told_of_every_vote_once(world: World) -> None:
    world.begin()
    for key in (Qt.Key.Key_A, Qt.Key.Key_B):
        world.choose(key)
        world.qtbot.waitUntil(lambda: not world.tab.rating._news)
    assert world.announced == [(frozenset({"votes"}), world.tab)] * 2


def test_a_vote_that_cannot_be_written_says_so_and_the_card_stays(world: World) -> None:
    world.begin()
    here = world.place
    world.study.connection.execute("PRAGMA busy_timeout = 20")
    other = Study.open(world.study.folder)
    with other.write():
        world.press(Qt.Key.Key_A)
        assert world.place == here
        assert len(world.notices.bars.shown()) == 1
    other.close()
    world.choose(Qt.Key.Key_A)
    assert len(world.history) == 1


def test_answers_that_come_in_while_rating_are_taken_up_when_one_comes_back(world: World) -> None:
    world.begin()
    world.choose(Qt.Key.Key_A)
    assert world.tab.session is not None
    before = len(world.tab.session.places)
    extra = [Answer(f"x/{n}", "dreihorn", str(81 + n), "de", ("neu", "neu")) for n in range(6)]
    add_answers(world.study, extra, "test")
    world.tab.context.announce({"answers"})
    assert len(world.tab.session.places) == before, "nothing changes under the person's hands"
    world.tab.leave()
    world.tab.activate()
    world.qtbot.waitUntil(lambda: world.tab.session is not None and len(world.tab.session.places) == 36)
    assert len(world.history) == 1


def test_every_control_of_the_rating_view_has_a_name(world: World) -> None:
    world.begin()
    world.choose(Qt.Key.Key_A)
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in world.tab.rating.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not widget.objectName().startswith("qt_")
        and not (widget.accessibleName() and widget.objectName())
    ]
    assert nameless == []
