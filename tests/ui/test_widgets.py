from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QModelIndex, Qt, QUrl
from PySide6.QtGui import QPalette, QTextDocument
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mtbx_gui.ui import theme
from mtbx_gui.ui.widgets import (
    AnswerView,
    Column,
    DiffHighlighter,
    DiffView,
    EmptyState,
    Form,
    KeyButton,
    ProgressLine,
    RowModel,
    RowTable,
    StateLabel,
)
from mtbx_gui.ui.widgets.progress_line import duration, progress_words
from mtbx_gui.ui.widgets.text_spans import Utf16Map


@dataclass(frozen=True)
class Row:
    key: str
    category: str
    count: int | None
    state: str = "open"


COLUMNS = [
    Column("Item", lambda row: row.key),
    Column("Category", lambda row: row.category, stretch=True),
    Column("Count", lambda row: str(row.count or ""), sort=lambda row: row.count, number=True),
    Column("State", lambda row: row.state, state=lambda row: row.state),
]
ROWS = [
    Row("a", "Coding", 3),
    Row("b", "math", 10, "draft"),
    Row("c", "writing", None),
    Row("d", "coding", 1),
]


@pytest.fixture
def table(app: QApplication, qtbot: QtBot) -> RowTable[Row]:
    made: RowTable[Row] = RowTable(COLUMNS, key=lambda row: row.key, name="items")
    qtbot.addWidget(made)
    QAbstractItemModelTester(made.model, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.set_rows(ROWS)
    made.resize(600, 300)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def keys(table: RowTable[Row]) -> list[str]:
    return [row.key for row in table.model.rows()]


def test_key_button_answers_to_its_keys_at_once(app: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    button = KeyButton("Both bad", "X", also=("4",), meaning="both_bad")
    line = QLineEdit()
    column.addWidget(button)
    column.addWidget(line)
    qtbot.addWidget(window)
    clicks: list[int] = []
    button.clicked.connect(lambda: clicks.append(1))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    button.setFocus()
    QTest.keyClick(window, Qt.Key.Key_X)
    QTest.keyClick(window, Qt.Key.Key_4)
    assert len(clicks) == 2
    line.setFocus()
    QTest.keyClicks(line, "x4")
    assert len(clicks) == 2 and line.text() == "x4"
    line.clearFocus()
    button.setEnabled(False)
    QTest.keyClick(window, Qt.Key.Key_X)
    assert len(clicks) == 2
    assert button.accessibleName() == "Both bad (X)"
    assert button.key_text == "X"


def test_key_button_has_room_for_text_and_key(app: QApplication, qtbot: QtBot) -> None:
    plain, keyed = KeyButton("Skip"), KeyButton("Skip", "Ctrl+Shift+Return")
    for button in (plain, keyed):
        qtbot.addWidget(button)
    assert keyed.sizeHint().width() > plain.sizeHint().width() + keyed.fontMetrics().horizontalAdvance("Ctrl")


def test_rows_are_sorted_by_value_and_rows_without_one_come_last(table: RowTable[Row]) -> None:
    table.view.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert keys(table) == ["d", "a", "b", "c"]
    table.view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert keys(table) == ["a", "d", "b", "c"]
    table.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert keys(table) == ["a", "b", "c", "d"]


def test_typing_filters_and_the_count_says_so(table: RowTable[Row]) -> None:
    table.view.setFocus()
    QTest.keyClicks(table.view, "cod")
    assert table.filter.text() == "cod"
    assert keys(table) == ["a", "d"]
    assert table.count.text() == "2 of 4"
    QTest.keyClick(table.filter, Qt.Key.Key_Escape)
    assert len(keys(table)) == 4
    assert table.count.text() == "4"


def test_down_leads_from_the_filter_into_the_table_and_return_opens(table: RowTable[Row]) -> None:
    opened: list[Row] = []
    table.row_opened.connect(opened.append)
    table.filter.setFocus()
    QTest.keyClick(table.filter, Qt.Key.Key_Down)
    assert table.view.hasFocus()
    QTest.keyClick(table.view, Qt.Key.Key_Down)
    QTest.keyClick(table.view, Qt.Key.Key_Return)
    assert [row.key for row in opened] == ["b"]


def test_new_rows_keep_the_chosen_one_and_send_no_signal(table: RowTable[Row]) -> None:
    table.choose("b")
    chosen: list[Row | None] = []
    table.row_chosen.connect(chosen.append)
    table.set_rows([Row("z", "new", 0), *ROWS])
    assert table.current().key == "b"
    table.set_rows([replace(row, state="approved") for row in ROWS])
    assert table.current() == replace(ROWS[1], state="approved")
    assert chosen == []
    table.set_rows([ROWS[0]])
    assert chosen == [None]


def test_row_model_follows_updates_of_one_row(table: RowTable[Row]) -> None:
    table.view.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    table.model.update_row(replace(ROWS[3], count=99))
    assert keys(table) == ["d", "a", "b", "c"], "rows stay under the hands until sorted again"
    assert table.model.index(0, 2).data() == "99"


def test_numbers_stand_right_and_states_carry_their_meaning(table: RowTable[Row]) -> None:
    from mtbx_gui.ui.widgets.row_model import STATE_ROLE

    align = table.model.index(0, 2).data(Qt.ItemDataRole.TextAlignmentRole)
    assert align & int(Qt.AlignmentFlag.AlignRight)
    assert table.model.index(1, 3).data(STATE_ROLE) == "draft"
    assert table.model.rowCount(table.model.index(0, 0)) == 0


def test_a_hundred_thousand_rows_filter_and_sort(app: QApplication) -> None:
    model: RowModel[Row] = RowModel(COLUMNS, key=lambda row: row.key)
    model.set_rows(
        [Row(str(number), "coding" if number % 2 else "math", number) for number in range(100_000)]
    )
    model.set_filter(lambda row: row.category == "math")
    model.sort(2, Qt.SortOrder.DescendingOrder)
    assert model.rowCount() == 50_000
    assert model.row_at(0).key == "99998"
    assert model.place_of("0") == 49_999


def test_empty_table_shows_its_empty_state(app: QApplication, qtbot: QtBot) -> None:
    pressed: list[int] = []
    empty = EmptyState("No runs yet.", "Start the first", lambda: pressed.append(1), icon_name="runs")
    table: RowTable[Row] = RowTable(COLUMNS, key=lambda row: row.key, empty=empty)
    qtbot.addWidget(table)
    table.show()
    table.set_rows([])
    assert empty.isVisible()
    QTest.mouseClick(empty.button, Qt.MouseButton.LeftButton)
    assert pressed == [1]
    table.set_rows(ROWS)
    assert not empty.isVisible()


def test_form_complains_below_the_field_and_brings_the_hint_back(app: QApplication, qtbot: QtBot) -> None:
    form = Form()
    qtbot.addWidget(form)
    line = form.add("Name", QLineEdit(), "Any text.")
    form.show()
    form.complain(line, "Give a name.")
    assert form.complaint(line) == "Give a name."
    form.complain(line, "")
    assert form.complaint(line) == ""
    assert line.accessibleName() == "Name"


def test_progress_in_words() -> None:
    assert progress_words(128, 800, 4.2, 120) == "128/800 · 4.2/s · 2 min left"
    assert progress_words(3, 0) == "3"
    assert progress_words(1, 9, 0.01, 7200, "files") == "1/9 files · 0.6/min · 2 h left"
    assert [duration(s) for s in (0, 59, 60, 3600, 11_400)] == ["0 s", "59 s", "1 min", "1 h", "3 h 10 min"]


def test_progress_line_cancels(app: QApplication, qtbot: QtBot) -> None:
    line = ProgressLine()
    qtbot.addWidget(line)
    line.show_progress(5, 10)
    assert line.bar.value() == 5
    with qtbot.waitSignal(line.cancelled, timeout=30_000):
        QTest.mouseClick(line.button, Qt.MouseButton.LeftButton)


def test_state_label_says_its_word(app: QApplication, qtbot: QtBot) -> None:
    label = StateLabel("running", "running")
    qtbot.addWidget(label)
    label.show_state("finished", "finished at 10:42")
    assert (label.text(), label.meaning(), label.accessibleName()) == (
        "finished at 10:42",
        "finished",
        "finished at 10:42",
    )


@pytest.mark.parametrize("text", ["abc", "😀a😀", "a😀b", ""])
def test_code_points_and_utf16_agree(text: str) -> None:
    places = Utf16Map(text)
    for position in range(len(text) + 1):
        units = len(text[:position].encode("utf-16-le")) // 2
        assert places.to_qt(position) == units
        assert places.from_qt(units) == position


def test_diff_marks_stand_on_the_changed_words_beyond_emoji(app: QApplication) -> None:
    editor = QPlainTextEdit()
    editor.setPlainText("😀 zuerst\nwenn x\nEnde")
    marks = DiffHighlighter(editor.document(), "old")
    marks.show_changes("😀 zuerst\nwenn x\nEnde", "😀 zuerst\nif x\nEnde", QPalette())
    second = editor.document().findBlockByNumber(1)
    spans = [(span.start, span.length) for span in second.layout().formats()]
    assert spans == [(0, 4)]
    assert editor.document().findBlockByNumber(0).layout().formats() == []
    assert not editor.document().isUndoAvailable()
    marks.clear()
    assert second.layout().formats() == []


def test_diff_view_shows_both_texts(app: QApplication, qtbot: QtBot) -> None:
    view = DiffView()
    qtbot.addWidget(view)
    view.show_diff("der Hund", "der kleine Hund")
    assert view.toPlainText() == "der kleine Hund"
    view.show_diff("wenn x", "if x")
    assert view.toPlainText() == "wennif x"


def answer(qtbot: QtBot, text: str) -> AnswerView:
    view = AnswerView()
    qtbot.addWidget(view)
    view.resize(420, 300)
    with qtbot.waitActive(view):
        view.show()
        view.activateWindow()
    done: list[int] = []
    view.completed.connect(lambda: done.append(1))
    view.show_text(text)
    qtbot.waitUntil(lambda: bool(done), timeout=30_000)
    return view


def test_answer_is_markdown_without_raw_html(app: QApplication, qtbot: QtBot) -> None:
    view = answer(qtbot, "# Titel\n\n**fett** <script>alert(1)</script>\nneue Zeile\n\n- eins\n- zwei")
    shown = view.toPlainText()
    assert "<script>alert(1)</script>" in shown and "**" not in shown
    assert "neue Zeile" in shown.splitlines()[-3]
    view.set_raw(True)
    assert view.toPlainText() == view.text()
    view.set_raw(False)
    assert view.toPlainText() == shown


def test_answer_loads_nothing_and_opens_no_link(app: QApplication, qtbot: QtBot, tmp_path) -> None:
    picture = tmp_path / "picture.png"
    theme.icon("demo").pixmap(16, 16).save(str(picture))
    view = answer(qtbot, f"![words]({picture}) [link](file://{picture}) ![far](https://example.org/a.png)")
    html = view.toHtml()
    assert "<img" not in html
    assert f"[words] ({picture})" in view.toPlainText()
    assert (
        view.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl.fromLocalFile(str(picture)))
        is None
    )
    assert not view.openLinks() and not view.openExternalLinks()


@pytest.mark.parametrize(
    "text",
    [
        "x" * 20_000,
        "wort " * 4_000,
        "```python\n" + "a" * 5_000 + "\n```",
        "| a | b |\n|---|---|\n| " + "y" * 900 + " | z |",
    ],
)
def test_nothing_breaks_the_layout(app: QApplication, qtbot: QtBot, text: str) -> None:
    view = answer(qtbot, text)
    assert view.horizontalScrollBar().maximum() == 0


def test_long_answer_comes_whole_and_in_order(app: QApplication, qtbot: QtBot) -> None:
    parts = [f"Absatz {number} " + "mit Wörtern " * 20 for number in range(150)]
    code = "```python\n" + "\n".join(f"zeile_{number} = {number}" for number in range(500)) + "\n```"
    view = answer(qtbot, "\n\n".join([*parts[:75], code, *parts[75:]]))
    shown = view.toPlainText()
    places = [shown.index(f"Absatz {number} ") for number in range(150)]
    assert places == sorted(places)
    lines = [shown.index(f"zeile_{number} = {number}") for number in range(500)]
    assert lines == sorted(lines)
    assert "```" not in shown


def test_another_text_takes_the_place_of_one_that_is_still_coming(app: QApplication, qtbot: QtBot) -> None:
    view = AnswerView()
    qtbot.addWidget(view)
    view.show_text("lang " * 20_000 + "\n\n" + "mehr " * 20_000)
    done: list[int] = []
    view.completed.connect(lambda: done.append(1))
    view.show_text("kurz")
    qtbot.waitUntil(lambda: bool(done), timeout=30_000)
    assert view.toPlainText() == "kurz"


def test_list_numbers_go_on_across_pieces(app: QApplication) -> None:
    from mtbx_gui.ui.widgets.markdown import PIECE, pieces

    text = "\n\n".join(f"{number}. " + "Punkt " * 60 for number in range(1, 12))
    assert len(text) > 2 * PIECE
    assert len(list(pieces(text))) == 1, "a list is not cut"
    assert "\n".join(piece.text for piece in pieces("a\n\nb")) == "a\n\nb"


def test_reading_text_follows_size_and_scheme(app: QApplication, qtbot: QtBot) -> None:
    view = answer(qtbot, "Text")
    before = view.font().pointSizeF()
    theme.set_text_percent(160)
    assert view.font().pointSizeF() == pytest.approx(before * 1.6)
    assert view.toPlainText() == "Text"


def test_raw_button_switches(app: QApplication, qtbot: QtBot) -> None:
    view = answer(qtbot, "**x**")
    button = view.raw_button()
    qtbot.addWidget(button)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert view.is_raw() and view.toPlainText() == "**x**"
    view.set_raw(False)
    assert not button.isChecked()


def test_model_gives_nothing_for_no_index(app: QApplication) -> None:
    model: RowModel[Row] = RowModel(COLUMNS, key=lambda row: row.key)
    assert model.data(QModelIndex()) is None
    assert model.row_at(5) is None
