"""The start page's steps, from the first key to the open study."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from mtbx_gui.actions import take_in
from mtbx_gui.actions.fetch import Source, SourceFile
from mtbx_gui.study.settings import languages
from mtbx_gui.ui.import_panel import ImportPanel
from mtbx_gui.ui.shell import Shell
from mtbx_gui.ui.study_place import slug_of, unused
from mtbx_gui.ui.widgets.progress_line import ProgressLine

CTRL = Qt.KeyboardModifier.ControlModifier

QUESTIONS = [
    {"question_id": number, "category": "writing", "turns": [f"Write {number}.", "Again."]}
    for number in (1, 2)
]


def line(shell: Shell, name: str) -> QLineEdit:
    return next(found for found in shell.findChildren(QLineEdit, name) if found.isVisible())


def primary(shell: Shell) -> QWidget:
    return next(found for found in shell.findChildren(QWidget, "step_primary") if found.isVisible())


def write_questions(folder: Path) -> None:
    folder.mkdir(parents=True)
    lines = [json.dumps(question) for question in QUESTIONS]
    (folder / "question.jsonl").write_text("\n".join([*lines, '{"question_id": 3, "turns": ']) + "\n")


def test_new_study_by_keys_alone(make_shell, qtbot: QtBot, isolated_home: Path) -> None:
    shell = make_shell()
    QTest.keyClick(shell, Qt.Key.Key_N, CTRL)
    name = line(shell, "study_name")
    assert name.hasFocus()
    QTest.keyClicks(name, "Pilot study DE/IT")
    folder = Path(line(shell, "study_folder").text())
    assert folder == isolated_home / "mtbx" / "studies" / "pilot-study-de-it"
    shell.findChild(QCheckBox, "language_fr").setChecked(False)
    QTest.keyClicks(shell.findChild(QLineEdit, "language_others"), "nl")
    with qtbot.waitSignal(shell.study_opened, timeout=30_000):
        QTest.keyClick(shell, Qt.Key.Key_Return, CTRL)
    assert shell.windowTitle() == "mtbx · Pilot study DE/IT"
    assert languages(shell.page.context.study) == ["en", "de", "it", "es", "nl"]


def test_wrong_fields_are_named_and_nothing_is_made(make_shell, qtbot: QtBot, study_folder: Path) -> None:
    shell = make_shell()
    QTest.keyClick(shell, Qt.Key.Key_N, CTRL)
    page = shell.start_page.findChild(QWidget, "new_study")
    QTest.keyClick(shell, Qt.Key.Key_Return, CTRL)
    assert page.form.complaint(page._place.name) == "Give the study a name."
    QTest.keyClicks(line(shell, "study_name"), "x")
    line(shell, "study_folder").setText(str(study_folder))
    QTest.keyClicks(line(shell, "language_others"), "12")
    QTest.keyClick(shell, Qt.Key.Key_Return, CTRL)
    assert "holds a study already" in page.form.complaint(page._place.folder)
    assert "12 is no language code" in page.form.complaint(page._languages)
    assert shell.page is None
    QTest.keyClick(shell, Qt.Key.Key_Escape)
    assert shell.findChild(QWidget, "start_new").isVisible()


def test_folder_that_cannot_be_written_is_a_sentence(make_shell, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    shell = make_shell()
    QTest.keyClick(shell, Qt.Key.Key_N, CTRL)
    QTest.keyClicks(line(shell, "study_name"), "x")
    line(shell, "study_folder").setText(str(tmp_path / "file" / "below"))
    QTest.keyClick(shell, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: bool(shell.notices.bars.shown()), timeout=30_000)
    said = shell.notices.bars.shown()[0].text
    assert "can't be created" in said and "Choose a folder" in said
    assert primary(shell).isEnabled()


def test_demo_study_opens(make_shell, qtbot: QtBot, isolated_home: Path) -> None:
    shell = make_shell()
    QTest.keyClick(shell, Qt.Key.Key_D, CTRL)
    with qtbot.waitSignal(shell.study_opened, timeout=60_000):
        QTest.keyClick(shell, Qt.Key.Key_Return, CTRL)
    assert shell.windowTitle() == "mtbx · Demo study"
    assert (isolated_home / "mtbx" / "studies" / "mtbx-demo" / "study.db").is_file()


def test_import_of_a_folder_says_what_was_left_out(make_shell, qtbot: QtBot, tmp_path: Path) -> None:
    write_questions(tmp_path / "my bench")
    shell = make_shell()
    QTest.keyClick(shell, Qt.Key.Key_I, CTRL)
    QTest.keyClicks(line(shell, "import_folder"), str(tmp_path / "my bench"))
    assert line(shell, "study_name").text() == "my bench"
    with qtbot.waitSignal(shell.study_opened, timeout=30_000):
        QTest.keyClick(shell, Qt.Key.Key_Return, CTRL)
    said = shell.notices.bars.shown()[0].text
    assert "2 records from 1 file" in said and "1 problem left out" in said
    QTest.mouseClick(shell.findChild(QWidget, "notice_action"), Qt.MouseButton.LeftButton)
    report = shell.findChild(QWidget, "import_report")
    table = report.findChild(QWidget, "import_problems")
    (left_out,) = [entry for _number, (kind, entry) in table.model.rows() if kind == "error"]
    assert (left_out.file, left_out.line) == ("question.jsonl", 3)
    report.close()


def test_import_that_fails_leaves_no_folder_behind(make_shell, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    shell = make_shell()
    QTest.keyClick(shell, Qt.Key.Key_I, CTRL)
    QTest.keyClicks(line(shell, "import_folder"), str(tmp_path / "empty"))
    target = Path(line(shell, "study_folder").text())
    QTest.keyClick(shell, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: bool(shell.notices.bars.shown()), timeout=30_000)
    assert "holds no .jsonl file" in shell.notices.bars.shown()[0].text
    assert not target.exists()
    assert shell.page is None


def test_import_into_the_open_study_announces_it(opened: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    write_questions(tmp_path / "bench")
    heard: list[frozenset[str]] = []
    opened.page.context.changed.connect(lambda change, _who: heard.append(change.kinds))
    opened.show_import()
    dialog = opened.findChild(QWidget, "import_dialog")
    field = line(opened, "import_folder")
    QTest.keyClicks(field, str(tmp_path / "bench"))
    dialog.activateWindow()
    field.setFocus()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog, timeout=30_000)
    QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: bool(heard), timeout=30_000)
    assert {"items", "texts"} <= heard[0]
    qtbot.waitUntil(lambda: opened.findChild(QWidget, "import_dialog") is None, timeout=30_000)


class Repository:
    """A public repository on loopback; it can wait in the middle of a file."""

    def __init__(self) -> None:
        self.body = "\n".join(json.dumps(question) for question in QUESTIONS).encode() + b"\n"
        self.body += b"\n" * 200_000
        self.go_on = threading.Event()
        self.go_on.set()
        repository = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(repository.body)))
                self.end_headers()
                half = len(repository.body) // 2
                self.wfile.write(repository.body[:half])
                self.wfile.flush()
                repository.go_on.wait(30)
                self.wfile.write(repository.body[half:])

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def source(self) -> Source:
        digest = hashlib.sha256(self.body).hexdigest()
        return Source(
            id="mt-bench-x",
            title="MT-Bench-X",
            note="From the loopback.",
            repository="http://127.0.0.1/x",
            commit="0" * 40,
            base_url=f"http://127.0.0.1:{self.server.server_port}/",
            licence="Apache-2.0",
            files=(SourceFile(path="data/mt_bench_EN/question.jsonl", bytes=len(self.body), sha256=digest),),
        )

    def close(self) -> None:
        self.go_on.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """The list of public sources points to a server on loopback."""
    made = Repository()
    monkeypatch.setattr(take_in, "sources", lambda: {"mt-bench-x": made.source()})
    yield made
    made.close()


def choose_repository(shell: Shell) -> ImportPanel:
    QTest.keyClick(shell, Qt.Key.Key_I, CTRL)
    radio = shell.findChild(QRadioButton, "origin_mt-bench-x")
    radio.setFocus()
    QTest.keyClick(radio, Qt.Key.Key_Space)
    return shell.findChild(ImportPanel)


def test_benchmark_is_fetched_with_progress(make_shell, qtbot: QtBot, repository: Repository) -> None:
    shell = make_shell()
    panel = choose_repository(shell)
    assert not panel.files.isVisible()
    assert line(shell, "study_name").text() == "MT-Bench-X"
    repository.go_on.clear()
    QTest.keyClick(shell, Qt.Key.Key_Return, CTRL)
    progress = panel.findChild(ProgressLine)
    qtbot.waitUntil(lambda: "0.1 of 0.2 MB" in progress.words.text(), timeout=30_000)
    assert 0 < progress.bar.value() < progress.bar.maximum()
    assert not primary(shell).isEnabled()
    with qtbot.waitSignal(shell.study_opened, timeout=30_000):
        repository.go_on.set()
    assert "2 records from 1 file" in shell.notices.bars.shown()[0].text


def test_fetching_can_be_cancelled_and_nothing_is_left(
    make_shell, qtbot: QtBot, repository: Repository
) -> None:
    shell = make_shell()
    panel = choose_repository(shell)
    target = Path(line(shell, "study_folder").text())
    repository.go_on.clear()
    QTest.keyClick(shell, Qt.Key.Key_Return, CTRL)
    progress = panel.findChild(ProgressLine)
    qtbot.waitUntil(lambda: progress.bar.value() > 0, timeout=30_000)
    QTest.mouseClick(progress.button, Qt.MouseButton.LeftButton)
    assert progress.words.text() == "Stopping"
    repository.go_on.set()
    qtbot.waitUntil(lambda: primary(shell).isEnabled(), timeout=30_000)
    assert not target.exists()
    assert shell.page is None
    toast = shell.findChild(QWidget, "toast")
    assert "stopped" in toast.text()
    shell.notices.close()


def test_closing_while_fetching_ends_the_work(make_shell, qtbot: QtBot, repository: Repository) -> None:
    shell = make_shell()
    panel = choose_repository(shell)
    target = Path(line(shell, "study_folder").text())
    repository.go_on.clear()
    QTest.keyClick(shell, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: panel.findChild(ProgressLine).bar.value() > 0, timeout=30_000)
    threading.Timer(0.05, repository.go_on.set).start()
    shell.close()
    assert not shell.isVisible()
    assert not target.exists()


def test_refused_port_names_the_way_out(make_shell, qtbot: QtBot, repository: Repository) -> None:
    shell = make_shell()
    choose_repository(shell)
    repository.server.shutdown()
    repository.server.server_close()
    QTest.keyClick(shell, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: bool(shell.notices.bars.shown()), timeout=30_000)
    said = shell.notices.bars.shown()[0].text
    assert "can't be reached" in said and "copy the folder here" in said


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Pilot study DE/IT", "pilot-study-de-it"), ("  ", ""), ("Ümläut 2", "umlaut-2"), ("日本", "")],
)
def test_names_become_folders(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_a_folder_that_exists_gets_a_number(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a-2").mkdir()
    assert unused(tmp_path / "a") == tmp_path / "a-3"
