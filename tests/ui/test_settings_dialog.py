"""The settings, driven by keys; every change is on the disk at once."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mtbx_gui.actions import secrets
from mtbx_gui.judging.profiles import find_profile, profiles
from mtbx_gui.study.settings import languages
from mtbx_gui.ui import theme
from mtbx_gui.ui.settings_dialog import SettingsDialog
from mtbx_gui.ui.settings_store import Host, Settings
from mtbx_gui.ui.shell import Shell


@pytest.fixture
def dialog(opened: Shell, qtbot: QtBot) -> SettingsDialog:
    opened.show_settings()
    found = opened.findChild(SettingsDialog)
    yield found
    qtbot.waitUntil(lambda: opened.tasks.pending() == 0, timeout=30_000)
    found.close()


@pytest.fixture(autouse=True)
def no_kept_keys():
    yield
    secrets._this_start.clear()


def on_disk(dialog: SettingsDialog) -> Settings:
    return Settings.load(dialog._settings.path)


def field(dialog: QWidget, name: str) -> QLineEdit:
    found = dialog.findChild(QLineEdit, name)
    assert found is not None
    return found


def write(line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClicks(line, text)
    line.editingFinished.emit()


def test_scheme_changes_at_once_and_stays(dialog: SettingsDialog) -> None:
    box = dialog.findChild(QComboBox, "settings_scheme")
    box.setCurrentIndex(box.findData("dark"))
    assert theme.is_dark()
    assert on_disk(dialog).data.scheme == "dark"
    box.setCurrentIndex(box.findData("light"))
    assert not theme.is_dark()
    size = dialog.findChild(QComboBox, "settings_text_size")
    size.setCurrentIndex(size.findData(140))
    assert theme.text_percent() == 140


def test_pseudonym_is_used_from_now_on(dialog: SettingsDialog, opened: Shell) -> None:
    dialog.show_page("person")
    write(field(dialog, "settings_author"), "ann-7")
    assert on_disk(dialog).data.author == "ann-7"
    assert opened.page.context.author == "ann-7"
    assert "saved" in dialog.findChild(QLabel, "settings_word").text()


def test_languages_belong_to_the_study(dialog: SettingsDialog, opened: Shell) -> None:
    heard: list[frozenset[str]] = []
    opened.page.context.changed.connect(lambda change, _who: heard.append(change.kinds))
    dialog.show_page("languages")
    dialog.findChild(QCheckBox, "language_fr").setChecked(True)
    write(field(dialog, "language_others"), "nl, pl")
    assert languages(opened.page.context.study) == ["en", "de", "fr", "it", "nl", "pl"]
    assert heard[-1] == {"settings"}
    write(field(dialog, "language_others"), "n1")
    assert languages(opened.page.context.study) == ["en", "de", "fr", "it", "nl", "pl"]


def test_translator_and_its_address(dialog: SettingsDialog) -> None:
    dialog.show_page("translator")
    write(field(dialog, "settings_translator_url"), "localhost:9")
    assert on_disk(dialog).data.translator_url == ""
    write(field(dialog, "settings_translator_url"), "http://localhost:9")
    box = dialog.findChild(QComboBox, "settings_translator")
    box.setCurrentIndex(box.findData("demo"))
    data = on_disk(dialog).data
    assert (data.translator, data.translator_url) == ("demo", "http://localhost:9")
    assert not field(dialog, "deepl_key").isVisible()


def test_key_without_a_keyring_is_kept_for_now_and_never_on_disk(
    dialog: SettingsDialog, qtbot: QtBot, isolated_home
) -> None:
    dialog.show_page("translator")
    line = field(dialog, "deepl_key")
    state = dialog.findChild(QLabel, "deepl_key_state")
    qtbot.waitUntil(lambda: "No key yet" in state.text(), timeout=30_000)
    QTest.keyClicks(line, "very-secret-key")
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "until the window is closed" in state.text(), timeout=30_000)
    assert line.text() == ""
    assert line.echoMode() == QLineEdit.EchoMode.Password
    assert "keyring" in dialog.findChild(QLabel, "settings_word").text()
    assert secrets.find(secrets.DEEPL).value == "very-secret-key"
    everywhere = [path for path in isolated_home.rglob("*") if path.is_file()]
    everywhere.append(dialog._settings.path)
    for path in everywhere:
        assert not path.exists() or b"very-secret-key" not in path.read_bytes()


def test_judge_profiles_of_the_study(dialog: SettingsDialog, opened: Shell, qtbot: QtBot) -> None:
    study = opened.page.context.study
    shipped = len(profiles(study))
    dialog.show_page("judges")
    assert field(dialog, "judge_id").isReadOnly(), "shipped profiles can't be changed"
    QTest.mouseClick(dialog.findChild(QPushButton, "judge_add"), Qt.MouseButton.LeftButton)
    write(field(dialog, "judge_id"), "house-judge")
    write(field(dialog, "judge_url"), "http://127.0.0.1:8000/v1")
    write(field(dialog, "judge_model"), "qwen")
    made = find_profile(study, "house-judge")
    assert (made.base_url, made.model, made.max_tokens_name) == (
        "http://127.0.0.1:8000/v1",
        "qwen",
        "max_tokens",
    )
    assert len(profiles(study)) == shipped + 1
    write(field(dialog, "judge_id"), profiles(study)[-1].id)
    assert find_profile(study, "house-judge")
    QTest.mouseClick(dialog.findChild(QPushButton, "judge_remove"), Qt.MouseButton.LeftButton)
    assert len(profiles(study)) == shipped


def test_hosts_are_added_changed_and_removed(dialog: SettingsDialog) -> None:
    dialog.show_page("hosts")
    QTest.mouseClick(dialog.findChild(QPushButton, "host_add"), Qt.MouseButton.LeftButton)
    write(field(dialog, "host_name"), "cluster")
    write(field(dialog, "host_ssh"), "me@login")
    write(field(dialog, "host_folder"), "/scratch/runs")
    assert on_disk(dialog).data.hosts == [Host("cluster", "me@login", "/scratch/runs")]
    QTest.mouseClick(dialog.findChild(QPushButton, "host_add"), Qt.MouseButton.LeftButton)
    write(field(dialog, "host_name"), "cluster")
    assert [host.name for host in on_disk(dialog).data.hosts] == ["cluster", "host 2"]
    QTest.mouseClick(dialog.findChild(QPushButton, "host_remove"), Qt.MouseButton.LeftButton)
    assert [host.name for host in on_disk(dialog).data.hosts] == ["cluster"]


def test_settings_without_a_study_and_without_a_disk(make_shell, qtbot: QtBot, tmp_path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    shell = make_shell(own_settings=Settings(blocked / "settings.json", Settings.load(tmp_path / "x").data))
    shell.show_settings("languages")
    dialog = shell.findChild(SettingsDialog)
    assert not dialog.findChild(QCheckBox, "language_de").isEnabled()
    dialog.show_page("person")
    write(field(dialog, "settings_author"), "ann")
    assert "can't be written" in dialog.findChild(QLabel, "settings_word").text()
    assert shell.settings.author == "ann"
    qtbot.waitUntil(lambda: shell.tasks.pending() == 0, timeout=30_000)
    dialog.close()


def test_unreadable_settings_ask_and_can_be_set_aside(make_shell, tmp_path) -> None:
    path = tmp_path / "broken.json"
    path.write_text("{")
    shell = make_shell(own_settings=Settings.load(path))
    (bar,) = shell.notices.bars.shown()
    assert "broken.json" in bar.text
    QTest.mouseClick(bar.findChild(QPushButton, "notice_action"), Qt.MouseButton.LeftButton)
    assert path.with_name("broken.json.broken").read_text() == "{"
    assert Settings.load(path).problem is None
    shell.notices.close()
