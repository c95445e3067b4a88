"""The window, driven by real keys."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from mtbx_gui.study.study import Study
from mtbx_gui.ui.context import Target
from mtbx_gui.ui.notices import NoticeBar
from mtbx_gui.ui.settings_store import Settings
from mtbx_gui.ui.shell import Shell

CTRL = Qt.KeyboardModifier.ControlModifier


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = CTRL) -> None:
    QTest.keyClick(widget, key, modifier)


def notices(shell: Shell) -> list[str]:
    return [bar.text for bar in shell.notices.bars.shown()]


def test_start_page_is_shown_without_a_study(make_shell, qtbot: QtBot) -> None:
    shell = make_shell()
    assert shell.windowTitle() == "mtbx"
    assert shell.start_page.isVisible()
    for name in ("start_new", "start_open", "start_demo", "start_import"):
        card = shell.findChild(QWidget, name)
        assert card.isVisible()
        assert card.accessibleName() and card.accessibleDescription()


def test_open_study_shows_tabs_and_remembers_it(opened: Shell, study_folder: Path) -> None:
    assert opened.windowTitle() == "mtbx · Pilot study"
    assert opened.page is not None and opened.page.isVisible()
    assert opened.settings.data.recent == [str(study_folder)]


def test_ctrl_number_shows_tabs_which_are_built_when_first_shown(opened: Shell) -> None:
    page = opened.page
    assert page is not None
    assert [tab is not None for tab in page.tabs] == [True, False, False, False, False]
    press(opened, Qt.Key.Key_4)
    assert page.current == 3
    assert [tab is not None for tab in page.tabs] == [True, False, False, True, False]
    press(opened, Qt.Key.Key_1)
    first, fourth = page.tabs[0], page.tabs[3]
    assert first.seen == ["activate", "leave", "activate"]
    assert fourth.seen == ["activate", "leave"]


def test_a_tab_that_cannot_save_stays_in_front_and_keeps_the_window_open(opened: Shell) -> None:
    page = opened.page
    page.tabs[0].line.setText("stay")
    press(opened, Qt.Key.Key_2)
    assert page.current == 0
    assert page.bar.buttons[0].isChecked() and not page.bar.buttons[1].isChecked()
    assert notices(opened) == ["The line can't be saved. Write something else."]
    opened.close()
    assert opened.isVisible()
    page.tabs[0].line.setText("go")
    press(opened, Qt.Key.Key_2)
    assert page.current == 1


def test_closing_lets_the_tab_write_down_its_work(opened: Shell) -> None:
    tab = opened.page.tabs[0]
    seen = tab.seen
    opened.close()
    assert seen[-1] == "leave"
    assert not opened.isVisible()


def test_a_tab_that_cannot_be_built_says_so_and_the_others_work(make_shell, qtbot, study_folder) -> None:
    shell = make_shell(broken="judge")
    with qtbot.waitSignal(shell.study_opened, timeout=30_000):
        shell.open_study(study_folder)
    press(shell, Qt.Key.Key_3)
    assert notices(shell) == ["The rules file is broken. Install the package again."]
    assert shell.page.current == 2
    press(shell, Qt.Key.Key_5)
    assert shell.page.current == 4


def test_badges_stand_on_the_tabs(opened: Shell) -> None:
    opened.page.tabs[0].badge_changed.emit(3)
    button = opened.page.bar.buttons[0]
    assert button.badge() == 3
    assert button.accessibleName() == "Curate, 3"
    wide = button.sizeHint().width()
    opened.page.tabs[0].badge_changed.emit(0)
    assert button.accessibleName() == "Curate"
    assert button.sizeHint().width() < wide


def test_saved_time_follows_changes_of_texts_and_votes(opened: Shell) -> None:
    label = opened.page.status.saved
    assert label.text() == "everything is saved"
    opened.page.context.announce({"runs"})
    assert label.text() == "everything is saved"
    opened.page.context.announce({"votes"})
    assert label.text().startswith("saved ")


def test_changes_of_an_unknown_kind_are_refused(opened: Shell) -> None:
    with pytest.raises(ValueError, match="jobs"):
        opened.page.context.announce({"jobs"})


def test_close_study_and_recent(opened: Shell, qtbot: QtBot, study_folder: Path) -> None:
    press(opened, Qt.Key.Key_W)
    assert opened.page is None
    assert opened.start_page.isVisible()
    row = opened.start_page.findChild(QWidget, "recent_open")
    assert row.accessibleName() == "pilot"
    with qtbot.waitSignal(opened.study_opened, timeout=30_000):
        QTest.keyClick(row, Qt.Key.Key_Space)
    assert opened.windowTitle() == "mtbx · Pilot study"


def test_recent_study_that_is_gone_can_be_taken_off(make_shell, settings: Settings, tmp_path: Path) -> None:
    settings.data.recent = [str(tmp_path / "gone")]
    shell = make_shell()
    row = shell.start_page.findChild(QWidget, "recent_open")
    assert not row.isEnabled()
    QTest.mouseClick(shell.findChild(QToolButton, "recent_forget"), Qt.MouseButton.LeftButton)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert settings.data.recent == []
    assert shell.start_page.findChild(QWidget, "recent_open") is None
    assert Settings.load(settings.path).data.recent == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("file", "is a file; a study is a folder"),
        ("empty", "holds no study.db"),
        ("nothing", "There is no folder"),
        ("text", "study.db"),
    ],
)
def test_what_is_no_study_is_a_sentence_in_the_window(
    make_shell, qtbot: QtBot, tmp_path: Path, content: str, words: str
) -> None:
    path = tmp_path / "thing"
    if content == "file":
        path.write_text("hello")
    elif content != "nothing":
        path.mkdir()
    if content == "text":
        (path / "study.db").write_text("this is no database, only a text that is long enough to be one" * 20)
    shell = make_shell()
    with qtbot.waitSignal(shell.study_failed, timeout=30_000):
        shell.open_study(path)
    (said,) = notices(shell)
    assert words in said
    assert "Traceback" not in said and "unforeseen" not in said
    assert shell.start_page.isVisible()
    assert shell.findChild(QWidget, "start_new").isEnabled()


def test_copy_details_holds_the_traceback(make_shell, qtbot: QtBot, tmp_path: Path) -> None:
    shell = make_shell()
    with qtbot.waitSignal(shell.study_failed, timeout=30_000):
        shell.open_study(tmp_path / "nowhere")
    bar = shell.notices.bars.findChild(NoticeBar)
    QTest.mouseClick(bar.findChild(QWidget, "notice_action"), Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert "There is no folder" in copied and "Traceback" in copied and "mtbx-gui" in copied
    QTest.mouseClick(bar.findChild(QWidget, "notice_dismiss"), Qt.MouseButton.LeftButton)
    assert notices(shell) == []


def test_text_size_keys_change_reading_text(opened: Shell) -> None:
    from mtbx_gui.ui import theme

    press(opened, Qt.Key.Key_Plus)
    assert theme.text_percent() == 110
    press(opened, Qt.Key.Key_Minus)
    press(opened, Qt.Key.Key_Minus)
    assert theme.text_percent() == 90
    press(opened, Qt.Key.Key_0)
    assert theme.text_percent() == 100
    assert opened.findChild(QLabel, "toast").isVisible()
    opened.notices.close()


def test_a_letter_in_a_text_line_is_text(opened: Shell) -> None:
    line = opened.page.tabs[0].line
    line.setFocus()
    QTest.keyClicks(line, "abc")
    assert line.text() == "abc"


def test_action_targets_open_the_windows_own_dialogs(opened: Shell) -> None:
    opened.page.context.go(Target("action", "keys"))
    dialog = opened.findChild(QWidget, "keys_help")
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_target_brings_its_tab_and_the_thing_to_the_front(opened: Shell) -> None:
    target = Target("run", "train-1")
    opened.page.context.go(target)
    assert opened.page.current == 1
    assert opened.page.tabs[1].shown == [target]


def test_the_tab_that_was_open_is_open_again(make_shell, qtbot, settings: Settings, study_folder) -> None:
    shell = make_shell()
    with qtbot.waitSignal(shell.study_opened, timeout=30_000):
        shell.open_study(study_folder)
    press(shell, Qt.Key.Key_5)
    shell.close()
    again = make_shell(own_settings=Settings.load(settings.path))
    with qtbot.waitSignal(again.study_opened, timeout=30_000):
        again.open_study(study_folder)
    assert again.page.current == 4


def test_another_study_takes_the_place_of_the_first(opened: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    Study.create(tmp_path / "second", "Second").close()
    with qtbot.waitSignal(opened.study_opened, timeout=30_000):
        opened.open_study(tmp_path / "second")
    assert opened.windowTitle() == "mtbx · Second"
    assert opened.page.context.study.name == "Second"
    assert opened.settings.data.recent[0] == str(tmp_path / "second")


def test_none_is_not_dropped_by_void_calls(app: QApplication) -> None:
    """Guard against PySide6 releases that lose a reference to None at every call that returns nothing."""
    import sys

    label = QLabel()
    before = sys.getrefcount(None)
    for number in range(1000):
        label.setText(str(number))
    assert abs(sys.getrefcount(None) - before) < 100


def test_every_control_of_the_shell_has_a_name(opened: Shell) -> None:
    from PySide6.QtWidgets import QAbstractButton

    controls: list[QWidget] = [*opened.findChildren(QAbstractButton), *opened.findChildren(QLineEdit)]
    unnamed = [
        f"{type(control).__name__} in {type(control.parent()).__name__}"
        for control in controls
        if control.isVisible() and not (control.accessibleName() or control.property("text"))
    ]
    assert not unnamed


def test_leaving_a_study_does_not_wait_for_its_background_work(opened: Shell, qtbot: QtBot) -> None:
    """The start page stands at once; the study's connections are closed when the last function has ended."""
    import threading

    started, go_on = threading.Event(), threading.Event()
    context = opened.page.context
    rows: list[int] = []

    def work() -> None:
        started.set()
        go_on.wait(30)
        rows.append(context.study.connection.execute("SELECT count(*) FROM item").fetchone()[0])

    context.tasks.run(work, lambda _none: rows.append(-1))
    assert started.wait(30)
    press(opened, Qt.Key.Key_W)
    assert opened.page is None and opened.start_page.isVisible()
    go_on.set()
    qtbot.waitUntil(lambda: opened.tasks.pending() == 0, timeout=30_000)
    assert rows == [0]


def test_menu_switches_light_and_dark_and_marks_the_choice(opened: Shell) -> None:
    from PySide6.QtWidgets import QMenu

    from mtbx_gui.ui import theme

    menu = opened.page.bar.menu_button.menu()
    assert isinstance(menu, QMenu)
    schemes = {action.data(): action for action in menu.actions() if action.data()}
    schemes["dark"].trigger()
    assert theme.is_dark()
    assert Settings.load(opened.settings.path).data.scheme == "dark"
    menu.aboutToShow.emit()
    assert [name for name, action in schemes.items() if action.isChecked()] == ["dark"]


def test_a_long_notice_is_read_in_full(opened: Shell) -> None:
    sentence = "This sentence is long and it goes on. " * 12
    bar = opened.notices.bar(sentence)
    QApplication.sendPostedEvents()
    label = bar.findChild(QLabel, "notice_text")
    assert label.height() >= label.heightForWidth(label.width()) > 2 * label.fontMetrics().height()
