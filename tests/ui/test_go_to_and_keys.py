"""Going to things by name, and the page of all keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from mtbx_gui.actions.demo import create_demo
from mtbx_gui.ui.context import Target
from mtbx_gui.ui.go_to import GoTo, Place, ranked
from mtbx_gui.ui.keys_help import KeysHelp, shown_key
from mtbx_gui.ui.shell import Shell
from mtbx_gui.ui.tabs import TABS, index_for, index_of

CTRL = Qt.KeyboardModifier.ControlModifier


def place(title: str, detail: str = "") -> Place:
    return Place(title, detail, Target("item", title), "item")


def test_hits_hold_every_word_and_titles_come_first() -> None:
    places = [
        place("Close", "writing"),
        place("81 · IT · writing", "Scrivi"),
        place("Writing run"),
        place("x"),
    ]
    assert [hit.title for hit in ranked(places, "writing")] == ["Writing run", "81 · IT · writing", "Close"]
    assert [hit.title for hit in ranked(places, "81 it")] == ["81 · IT · writing"]
    assert [hit.title for hit in ranked(places, "scrivi IT")] == ["81 · IT · writing"]
    assert ranked(places, "zzz") == []
    assert ranked(places, "  ") == places


@pytest.fixture
def demo(make_shell, qtbot: QtBot, tmp_path) -> Shell:
    create_demo(tmp_path / "demo").close()
    shell = make_shell()
    with qtbot.waitSignal(shell.study_opened, timeout=30_000):
        shell.open_study(tmp_path / "demo")
    return shell


def test_ctrl_p_types_arrows_and_return(demo: Shell, qtbot: QtBot) -> None:
    QTest.keyClick(demo, Qt.Key.Key_P, CTRL)
    box = demo.findChild(GoTo)
    line = box.findChild(QLineEdit, "go_to_line")
    assert line.hasFocus()
    qtbot.waitUntil(lambda: any(place.target.kind == "item" for place in box.hits.places), timeout=30_000)
    assert any(place.target.kind == "model" for place in box.hits.places)
    QTest.keyClicks(line, "math it")
    assert {p.target.details["language"] for p in box.hits.places[:2]} == {"it"}
    first, second = box.hits.places[0].target, box.hits.places[1].target
    assert first != second
    QTest.keyClick(line, Qt.Key.Key_Down)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert demo.page.current == 0
    assert demo.page.tabs[0].shown == [second]
    assert not box.isVisible()


def test_escape_closes_and_letters_do_not_reach_the_tab_below(demo: Shell, qtbot: QtBot) -> None:
    QTest.keyClick(demo, Qt.Key.Key_P, CTRL)
    box = demo.findChild(GoTo)
    QTest.keyClicks(box.line, "zzzz")
    assert box.note.isVisible() and not box.list.isVisible()
    assert demo.page.tabs[0].line.text() == ""
    QTest.keyClick(box.line, Qt.Key.Key_Escape)
    assert not box.isVisible()
    qtbot.waitUntil(lambda: demo.page.context.tasks.pending() == 0, timeout=30_000)


def test_a_click_on_a_hit_goes_there(demo: Shell, qtbot: QtBot) -> None:
    QTest.mouseClick(demo.page.bar.findChild(QPushButton, "go_to_button"), Qt.MouseButton.LeftButton)
    box = demo.findChild(GoTo)
    QTest.keyClicks(box.line, "results")
    spot = box.list.visualRect(box.hits.index(0)).center()
    QTest.mouseClick(box.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert demo.page.current == index_of(TABS, "results")
    qtbot.waitUntil(lambda: demo.page.context.tasks.pending() == 0, timeout=30_000)


def test_box_follows_the_window(demo: Shell, qtbot: QtBot) -> None:
    demo.show_go_to()
    box = demo.findChild(GoTo)
    demo.resize(700, 500)
    qtbot.waitUntil(lambda: box.size() == demo.size(), timeout=30_000)
    box.finish()
    qtbot.waitUntil(lambda: demo.page.context.tasks.pending() == 0, timeout=30_000)


def test_f1_lists_the_keys_of_window_and_tabs(make_shell, qtbot: QtBot) -> None:
    shell = make_shell()
    QTest.keyClick(shell, Qt.Key.Key_F1)
    help_page = shell.findChild(KeysHelp)
    words = [label.text() for label in help_page.findChildren(QLabel)]
    assert {"Everywhere", "Curate", "Results", "Take the line in", "Ctrl+P"} <= set(words)
    QTest.keyClick(help_page, Qt.Key.Key_Escape)
    assert not help_page.isVisible()


def test_keys_are_written_as_this_system_does() -> None:
    assert shown_key("Ctrl+Return") == "Ctrl+Return"
    assert shown_key("A, 1, ←") == "A, 1, ←"
    assert shown_key("Ctrl+1 … Ctrl+5") == "Ctrl+1 … Ctrl+5"


def test_every_tab_of_the_window_is_there_and_shows_its_targets() -> None:
    names = ["curate", "runs", "judge", "annotate", "results"]
    assert [spec.name for spec in TABS] == names
    for spec in TABS:
        assert spec.tab_class().title
        for kind in spec.targets:
            assert TABS[index_for(TABS, kind)] == spec
    with pytest.raises(KeyError):
        index_of(TABS, "train")
    assert index_for(TABS, "nothing") is None
