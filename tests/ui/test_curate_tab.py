"""The Curate tab, driven by real keys: typing, moving, filters, flags, undo, history, other writers."""

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mtbx_gui.study.importing.importer import import_path
from mtbx_gui.study.study import Study, stamp
from mtbx_gui.study.texts import add_edit, add_text, ensure_field, field, history
from mtbx_gui.ui import theme
from mtbx_gui.ui.context import StudyContext, Target
from mtbx_gui.ui.curate import CurateTab
from mtbx_gui.ui.notices import Notices
from mtbx_gui.ui.settings_store import Settings
from mtbx_gui.ui.tasks import Tasks

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "mt-bench-x"
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

CODE = "Explain it 🙂:\n\n```python\nfor x in xs:\n    return x\n```"
BROKEN = CODE.replace("Explain it", "Spiegalo").replace("for", "per").replace("return", "rendi")
ITEMS = (
    ("81", "writing", "Write a poem about the sea.", "Scrivete una poesia sul mare."),
    ("82", "coding", CODE, BROKEN),
    ("83", "writing", "Tell me about cats.", "Parlami dei\u00a0gatti."),
    ("84", "math", "What is 3 + 4?", "Quanto fa 3 + 4?"),
)


@dataclass
class World:
    """A window with the tab in it, and what a test wants to do with it."""

    qtbot: QtBot
    window: QMainWindow
    outside: QLineEdit
    tab: CurateTab
    study: Study
    notices: Notices
    announced: list[tuple[frozenset[str], object]]

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key press wherever the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def write(self, text: str) -> None:
        """Replace the text in the editor by typing."""
        self.press(Qt.Key.Key_A, CTRL)
        QTest.keyClicks(QApplication.focusWidget(), text)

    @property
    def shown(self) -> str:
        """The text in the editor."""
        return self.tab.field.edit.text()

    @property
    def question(self) -> str:
        """The item of the open field."""
        assert self.tab.session is not None
        assert self.tab.session.current is not None
        return self.tab.session.current.question_id

    def rows(self) -> list[str]:
        """The items in the list."""
        return [entry.field.question_id for entry in self.tab.queue.table.model.rows()]

    def all_checked(self) -> None:
        """Until the rules have seen every field and the list shows it."""
        self.qtbot.waitUntil(
            lambda: (
                self.tab.session is not None
                and not self.tab.session.unchecked()
                and not self.tab._queue_timer.isActive()
            ),
            timeout=30_000,
        )

    def field_id(self, question: str) -> int:
        """The id of an item's Italian turn."""
        with self.study.write() as db:
            return ensure_field(db, "it", "turn", question, "", 0)


@pytest.fixture
def study(study_folder: Path) -> Iterator[Study]:
    opened = Study.open(study_folder)
    with opened.write() as db:
        for place, (question, category, english, italian) in enumerate(ITEMS):
            for language, role, text in (("en", "source", english), ("it", "machine", italian)):
                db.execute(
                    "INSERT INTO item (question_id, language, category, position, author, at, app)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (question, language, category, place, *stamp("test")),
                )
                add_text(db, ensure_field(db, language, "turn", question, "", 0), role, text, "test", "DeepL")
    yield opened
    opened.close()


MakeWorld = Callable[..., World]


@pytest.fixture
def make_world(app: QApplication, qtbot: QtBot, settings: Settings) -> Iterator[MakeWorld]:
    with contextlib.ExitStack() as ends:

        def make(study: Study) -> World:
            window = QMainWindow()
            window.resize(1300, 800)
            tasks, notices = Tasks(window), Notices(window)
            context = StudyContext(study, "anna", tasks, notices, settings, window)
            announced: list[tuple[frozenset[str], object]] = []
            context.changed.connect(lambda change, who: announced.append((change.kinds, who)))
            tab = CurateTab(context)
            outside = QLineEdit()
            holder = QWidget()
            column = QVBoxLayout(holder)
            for widget in (notices.bars, outside, tab):
                column.addWidget(widget)
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
            qtbot.waitUntil(lambda: tab.session is not None)
            return World(qtbot, window, outside, tab, study, notices, announced)

        yield make


@pytest.fixture
def world(make_world: MakeWorld, study: Study) -> World:
    made = make_world(study)
    made.all_checked()
    made.tab.field.focus_editor()
    return made


def test_the_first_field_stands_open_with_its_three_texts(world: World) -> None:
    assert world.question == "81"
    assert world.tab.field.source.text() == ITEMS[0][2]
    assert world.tab.field.machine.text() == world.shown == ITEMS[0][3]
    assert world.tab.field.heading.text() == "81 · writing · turn 1"
    assert world.rows() == ["81", "82", "83", "84"]


def test_typing_and_ctrl_enter_saves_and_goes_on(world: World) -> None:
    world.write("Scrivi una poesia sul mare.")
    world.press(Qt.Key.Key_Return, CTRL)
    assert world.question == "82"
    assert field(world.study, world.field_id("81")).edit == "Scrivi una poesia sul mare."
    assert (frozenset({"texts"}), world.tab) in world.announced
    assert QApplication.focusWidget() is world.tab.field.edit.edit
    world.press(Qt.Key.Key_PageUp, ALT)
    assert (world.question, world.shown) == ("81", "Scrivi una poesia sul mare.")
    assert world.tab.field.state.text() == "edited"


def test_moving_by_keys_and_rows_saves_too(world: World) -> None:
    world.write("Uno.")
    world.press(Qt.Key.Key_PageDown, ALT)
    assert field(world.study, world.field_id("81")).edit == "Uno."
    world.write("Due.")
    world.tab.queue.table.view.setFocus()
    world.press(Qt.Key.Key_Down)
    assert world.question == "83"
    assert field(world.study, world.field_id("82")).edit == "Due."
    world.press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is world.tab.field.edit.edit


def test_leaving_the_tab_saves(world: World) -> None:
    world.write("Tre.")
    world.tab.leave()
    assert field(world.study, world.field_id("81")).edit == "Tre."


def test_no_break_spaces_and_unseen_ends_survive_untouched(world: World) -> None:
    world.press(Qt.Key.Key_PageDown, ALT)
    world.press(Qt.Key.Key_PageDown, ALT)
    assert world.shown == "Parlami dei\u00a0gatti."
    world.press(Qt.Key.Key_End)
    QTest.keyClicks(QApplication.focusWidget(), "!")
    world.press(Qt.Key.Key_Return, CTRL)
    assert field(world.study, world.field_id("83")).edit == "Parlami dei\u00a0gatti.!"


def test_f2_goes_from_flag_to_flag_past_an_emoji(world: World) -> None:
    world.press(Qt.Key.Key_PageDown, ALT)
    seen = []
    for _ in range(3):
        world.press(Qt.Key.Key_F2)
        seen.append(world.tab.field.edit.edit.textCursor().selectedText())
    assert seen == ["per", "rendi", "per"]
    underlined = [s.cursor.selectedText() for s in world.tab.field.edit.edit.extraSelections()]
    assert underlined == ["per", "rendi"]


def test_f2_begins_with_a_flag_at_the_cursor_and_waits_for_flags_of_the_text_as_it_is(world: World) -> None:
    world.press(Qt.Key.Key_PageDown, ALT)
    editor = world.tab.field.edit.edit
    world.press(Qt.Key.Key_F2)
    QTest.keyClicks(QApplication.focusWidget(), "for")
    world.press(Qt.Key.Key_F2)
    assert not editor.textCursor().hasSelection(), "the old flag's place holds other characters now"
    world.qtbot.waitUntil(lambda: editor.textCursor().selectedText() == "rendi")
    world.press(Qt.Key.Key_PageUp, ALT)
    world.press(Qt.Key.Key_F2)
    assert editor.textCursor().selectedText() == "Scrivete"


def test_tab_passes_the_flags_and_return_on_one_leads_into_the_text(world: World) -> None:
    editor, flags = world.tab.field.edit.edit, world.tab.field.flags.table.view
    world.qtbot.waitUntil(flags.isVisible)
    for _ in range(20):
        world.press(Qt.Key.Key_Tab)
        if QApplication.focusWidget() is flags:
            break
    assert QApplication.focusWidget() is flags and not editor.textCursor().hasSelection()
    world.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() not in (flags, editor)
    world.press(Qt.Key.Key_Backtab, SHIFT)
    world.press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is editor and editor.textCursor().selectedText() == "Scrivete"


def test_flags_follow_the_typing(world: World) -> None:
    assert [flag.rule_id for flag in world.tab.field.flags.flags()] == ["tgt.register_plural"]
    world.write("Scrivi una poesia sul mare.")
    world.qtbot.waitUntil(lambda: world.tab.field.flags.flags() == [])
    world.write("Scrivi {questo}.")
    world.qtbot.waitUntil(
        lambda: [flag.rule_id for flag in world.tab.field.flags.flags()] == ["tgt.placeholder"]
    )


def test_the_filter_shows_errors_and_keeps_the_open_field_until_one_moves(world: World) -> None:
    flagged = world.tab.queue.combos["flagged"]
    assert flagged.itemText(flagged.findData("error")) == "with errors  2"
    flagged.setFocus()
    world.press(Qt.Key.Key_Down)
    assert world.rows() == ["81", "82"]
    world.tab.field.focus_editor()
    world.write("Scrivi una poesia sul mare.")
    world.tab.leave()
    world.all_checked()
    assert world.rows() == ["81", "82"]
    world.press(Qt.Key.Key_PageDown, ALT)
    assert world.rows() == ["82"]
    assert world.tab.queue.count.text() == "1 of 4"


def test_search_by_keys(world: World) -> None:
    world.press(Qt.Key.Key_F, CTRL)
    assert QApplication.focusWidget() is world.tab.queue.search
    QTest.keyClicks(QApplication.focusWidget(), "cats")
    assert world.rows() == ["81", "83"], "the open field stays"
    world.press(Qt.Key.Key_Down)
    world.press(Qt.Key.Key_Down)
    assert world.question == "83"
    assert world.rows() == ["83"]
    world.press(Qt.Key.Key_F, CTRL)
    world.press(Qt.Key.Key_Escape)
    assert world.rows() == ["81", "82", "83", "84"]


def test_ctrl_z_takes_back_typing_first_then_saved_edits(world: World) -> None:
    world.write("Uno.")
    world.press(Qt.Key.Key_Return, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), "x")
    world.press(Qt.Key.Key_Z, CTRL)
    assert (world.question, world.shown) == ("82", ITEMS[1][3])
    world.press(Qt.Key.Key_Z, CTRL)
    assert (world.question, world.shown) == ("81", ITEMS[0][3])
    assert field(world.study, world.field_id("81")).edit is None
    assert history(world.study, world.field_id("81"))[-1].withdrawn


def test_the_machine_text_comes_back_by_key_and_can_be_undone(world: World) -> None:
    world.write("Niente.")
    world.press(Qt.Key.Key_M, CTRL | SHIFT)
    assert world.shown == ITEMS[0][3]
    world.press(Qt.Key.Key_Z, CTRL)
    assert world.shown == "Niente."


def test_history_puts_an_older_text_back(world: World) -> None:
    world.write("Uno.")
    world.tab.leave()
    world.press(Qt.Key.Key_H, CTRL)
    assert world.tab.field.history.isVisible()
    table = world.tab.field.history.table
    assert [fact.text for fact in table.model.rows()] == ["Uno.", ITEMS[0][3]]
    table.choose_place(1)
    world.tab.field.history.restore.click()
    assert world.shown == ITEMS[0][3]
    world.press(Qt.Key.Key_Return, CTRL)
    assert field(world.study, world.field_id("81")).effective == ITEMS[0][3]
    world.press(Qt.Key.Key_H, CTRL)
    assert not world.tab.field.history.isVisible()


def test_the_journal_holds_what_is_typed_and_goes_after_saving(world: World) -> None:
    world.write("Non ancora salvato")
    folder = world.study.folder / "drafts"
    world.qtbot.waitUntil(lambda: folder.is_dir() and bool(list(folder.iterdir())))

    def last() -> str:
        lines = next(iter(folder.iterdir())).read_text(encoding="utf-8").splitlines()
        return str(json.loads(lines[-1]).get("text"))

    world.qtbot.waitUntil(lambda: last() == "Non ancora salvato")
    world.press(Qt.Key.Key_Return, CTRL)
    assert list(folder.iterdir()) == []


def test_a_crashed_windows_text_is_there_again(make_world: MakeWorld, study: Study) -> None:
    folder = study.folder / "drafts"
    folder.mkdir()
    with study.write() as db:
        field_id = ensure_field(db, "it", "turn", "83", "", 0)
    dead = {"pid": os.getpid(), "start_time": "1", "boot_id": "another boot", "host": ""}
    lines = [
        {"process": dead, "author": "carla"},
        {"field_id": field_id, "base": ITEMS[2][3], "text": "Mezzo"},
    ]
    (folder / "x.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    world = make_world(study)
    world.all_checked()
    assert field(study, field_id).edit == "Mezzo"
    bar = world.notices.bars.shown()[0]
    assert "83 · writing · turn 1" in bar.text
    button = bar.findChild(QWidget, "notice_action")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (world.question, world.shown) == ("83", "Mezzo")


def test_another_writers_edit_appears(world: World) -> None:
    other = Study.open(world.study.folder)
    add_edit(other, world.field_id("81"), "Componi una poesia.", "bruno")
    other.close()
    world.qtbot.waitUntil(lambda: world.shown == "Componi una poesia.", timeout=10_000)


def test_a_conflict_keeps_both_and_offers_theirs(world: World) -> None:
    world.write("La mia.")
    other = Study.open(world.study.folder)
    add_edit(other, world.field_id("81"), "La sua.", "bruno")
    other.close()
    world.press(Qt.Key.Key_Return, CTRL)
    assert field(world.study, world.field_id("81")).edit == "La mia."
    bar = world.notices.bars.shown()[0]
    assert "bruno" in bar.text
    QTest.mouseClick(bar.findChild(QWidget, "notice_action"), Qt.MouseButton.LeftButton)
    assert field(world.study, world.field_id("81")).edit == "La sua."


def test_a_target_opens_its_field_even_outside_the_filter(world: World) -> None:
    world.press(Qt.Key.Key_F, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), "cats")
    world.tab.show_target(Target("item", "84", {"language": "it"}))
    assert world.question == "84"
    assert world.rows() == ["81", "82", "83", "84"]
    assert world.tab.queue.search.text() == ""


def test_marks_move_with_the_text_while_it_is_typed(world: World) -> None:
    world.press(Qt.Key.Key_PageDown, ALT)
    editor = world.tab.field.edit.edit
    document = editor.document()

    def coded() -> list[str]:
        found = []
        block = document.begin()
        while block.isValid():
            layout = block.layout()
            found += [
                block.text()[f.start : f.start + f.length]
                for f in layout.formats()
                if f.format.fontFixedPitch()
            ]
            block = block.next()
        return found

    before = coded()
    assert before == ["```python", "per x in xs:", "    rendi x", "```"]
    world.press(Qt.Key.Key_Home, CTRL)
    QTest.keyClicks(editor, "Ecco 🙂: ".replace("🙂", "x"))
    assert coded() == before
    world.press(Qt.Key.Key_Return)
    world.press(Qt.Key.Key_Delete)
    assert coded() == before


def test_a_study_without_translations_names_the_first_step(make_world: MakeWorld, study_folder: Path) -> None:
    empty = Study.open(study_folder)
    world = make_world(empty)
    assert world.tab.empty.isVisible()
    assert world.tab.empty.button is not None
    empty.close()


def test_when_the_study_cant_be_written_the_text_stays(world: World) -> None:
    world.write("Resta qui.")
    with contextlib.closing(Study.open(world.study.folder)) as other:
        world.study.connection.execute("PRAGMA busy_timeout = 50")
        other.connection.execute("BEGIN IMMEDIATE")
        world.press(Qt.Key.Key_Return, CTRL)
        other.connection.execute("ROLLBACK")
    assert (world.question, world.shown) == ("81", "Resta qui.")
    assert "held by another process" in world.notices.bars.shown()[0].text
    world.press(Qt.Key.Key_Return, CTRL)
    assert field(world.study, world.field_id("81")).edit == "Resta qui."


def test_every_control_has_a_name(world: World) -> None:
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QTextEdit

    for kind in (QAbstractButton, QComboBox, QTextEdit, QLineEdit):
        for control in world.tab.findChildren(kind):
            if control.isVisible() and not isinstance(control.parent(), QLineEdit):
                assert control.accessibleName() or control.toolTip(), control.objectName()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_real_release_can_be_walked_through(
    make_world: MakeWorld, study_folder: Path, scheme: str, tmp_path: Path
) -> None:
    if not DATA.is_dir():
        pytest.skip(f"{DATA} is not here")
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply_theme(app, scheme)
    study = Study.open(study_folder)
    import_path(study, DATA)
    world = make_world(study)
    world.tab.queue.choose_language("it")
    session = world.tab.session
    assert session is not None
    world.qtbot.waitUntil(lambda: not session.unchecked("it"), timeout=60_000)
    assert len(world.tab.queue.table.model.rows()) == session.total() == 314
    world.tab.field.focus_editor()
    for _ in range(30):
        world.press(Qt.Key.Key_PageDown, ALT)
    assert session.current is not None
    assert session.current.language == "it"
    assert not [fact for fact in session.history() if fact.author == "anna"], "looking is not editing"
    picture = world.tab.grab().toImage()
    ground = world.tab.palette().color(QPalette.ColorRole.Window)
    assert (ground.lightnessF() < 0.5) == (scheme == "dark")
    assert picture.save(str(tmp_path / f"curate_{scheme}.png"))
    world.tab.leave()
    study.close()
