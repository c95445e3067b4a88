"""Contents, tables and figures of a simulated study: what they say; files are the same every time."""

import csv
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtbx_gui.results.data import StudyData, load
from mtbx_gui.results.figures import FORMATS, KINDS, compute, drawable, render, save
from mtbx_gui.results.look import COLUMN_WIDTH, Look
from mtbx_gui.results.selection import Filter, Rules
from mtbx_gui.results.tables import Column, Gap, Table
from mtbx_gui.results.words import NoWordsError, Words
from mtbx_gui.study.judgments import add_judgments
from mtbx_gui.study.study import Study
from mtbx_gui.study.votes import add_vote
from tests.unit.results.results_study import PAIR, add_items, game, small_study, vote

FIGURES = [kind.key for kind in KINDS if kind.draw is not None]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudyData]:
    study = small_study(tmp_path_factory.mktemp("figures") / "s", judge="demo-judge")
    yield load(study)
    study.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Study]:
    study = Study.create(tmp_path / "s", "Empty", ("en", "de"))
    yield study
    study.close()


@pytest.mark.parametrize("key", [kind.key for kind in KINDS])
def test_every_content_says_its_reading_rule_n_and_whose_judgments(data: StudyData, key: str) -> None:
    content = compute(key, data, Filter())
    assert not content.empty
    assert content.reading.endswith(".") and content.rule and re.search(r"\d", content.n)
    assert content.scope and content.table.rows
    if key != "chance":
        assert "demo judge" in content.scope and "demo-judge" not in content.scope


@pytest.mark.parametrize("key", [kind.key for kind in KINDS])
def test_an_empty_study_names_the_first_step(empty: Study, key: str) -> None:
    content = compute(key, load(empty), Filter())
    assert re.search(r"tab (Judge|Annotate)", content.empty)
    assert not drawable(content)
    with pytest.raises(ValueError, match="no figure"):
        save(content, "png")


def test_the_worked_example_reads_as_defined(empty: Study) -> None:
    add_items(empty, "de", {str(81 + n): "writing" for n in range(5)})
    votes = {
        "81": (4, 1, 0, 0),
        "82": (0, 0, 2, 0),
        "83": (0, 1, 0, 2),
        "84": (0, 1, 0, 0),
        "85": (1, 0, 1, 0),
    }
    for q, counts in votes.items():
        names = ("model_1", "model_2", "tie", "both_bad")
        choices = [name for name, count in zip(names, counts, strict=True) for _ in range(count)]
        for number, choice in enumerate(choices):
            add_vote(empty, vote(f"A{number}", q, "de", 1, choice), "t")
    games = {"81": ["AB"], "82": ["DD"], "83": ["BB", "DD"], "84": ["BA"], "85": ["CC"]}
    add_judgments(
        empty,
        [
            game("gpt-4", PAIR, q, "de", 1, run, number, letter)
            for q, runs in games.items()
            for run, letters in enumerate(runs, 1)
            for number, letter in enumerate(letters, 1)
        ],
        "t",
    )
    data = load(empty)
    agreement = compute("agreement", data, Filter())
    assert "61.5\u00a0% of 13 votes" in agreement.reading  # 8/13
    assert "53.3\u00a0% of 15 pairs of votes" in agreement.reading  # 8/15
    assert "best possible 77\u00a0%" in agreement.reading  # 10/13
    chance = compute("chance", data, Filter())
    assert "0.27 in turn 1 (4 items, p\u00a00.258)" in chance.reading
    verdicts = compute("verdicts", data, Filter())
    assert f"People prefer {PAIR[0]} in 62.5\u00a0% of 8 decided votes" in verdicts.reading
    assert "30.6–86.3" in verdicts.reading
    bias = compute("bias", data, Filter())
    assert bias.table.rows[0][2:8] == (1, 6, 0, 1, 0, 0)
    macro = compute("agreement", data, Filter(), Rules(macro=True))
    assert f"{100 * 89 / 150:.1f}\u00a0%" in macro.reading and "Macro" in macro.rule


@pytest.mark.parametrize("key", ["scores", "categories", "agreement"])
@pytest.mark.parametrize("form", FORMATS)
def test_files_are_the_same_every_time(data: StudyData, key: str, form: str) -> None:
    content = compute(key, data, Filter())
    first = save(content, form, Look())  # type: ignore[arg-type]
    assert first == save(content, form, Look())  # type: ignore[arg-type]
    assert first.startswith({"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[form])


def test_files_do_not_depend_on_the_process(data: StudyData, tmp_path: Path) -> None:
    script = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[2]);"
        "from pathlib import Path; from tests.unit.results.results_study import small_study;"
        "from mtbx_gui.results.data import load; from mtbx_gui.results.selection import Filter;"
        "from mtbx_gui.results.figures import compute, save;"
        "content = compute('verdicts', load(small_study(Path(sys.argv[1]), judge='demo-judge')), Filter());"
        "print([hashlib.sha256(save(content, form)).hexdigest() for form in ('png', 'svg', 'pdf')])"
    )
    hashes = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / seed), str(Path(__file__).parents[3])],
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        hashes.add(done.stdout)
    assert len(hashes) == 1


def test_svg_and_pdf_hold_real_text(data: StudyData) -> None:
    content = compute("verdicts", data, Filter())
    svg = save(content, "svg").decode()
    assert "Humanities" in svg and "demo judge" in svg
    assert "<dc:date>" not in svg
    pdf = save(content, "pdf")
    assert b"/Subtype /CIDFontType2" in pdf or b"/Subtype /TrueType" in pdf
    assert b"/Type3" not in pdf and b"CreationDate" not in pdf


@pytest.mark.parametrize("key", FIGURES)
@pytest.mark.parametrize("width", [COLUMN_WIDTH, 9.0])
def test_no_text_is_cut_and_none_lies_on_another(data: StudyData, key: str, width: float) -> None:
    from mtbx_gui.results import figures

    content = compute(key, data, Filter())
    with figures._drawing():
        frame = figures._draw(content, Look(width=width), Words())
        frame.finish()
        figure = frame.figure
        renderer = figure.canvas.get_renderer()
        wide, tall = figure.canvas.get_width_height()
        artists = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
        artists += [
            tick for axes in figure.axes for tick in (*axes.get_xticklabels(), *axes.get_yticklabels())
        ]
        boxes = [
            (artist.get_text(), artist.get_window_extent(renderer))
            for artist in artists
            if artist.get_text() and artist.get_visible()
        ]
    for text, box in boxes:
        assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= wide + 1 and box.y1 <= tall + 1, text
    for number, (text, box) in enumerate(boxes):
        for other, second in boxes[:number]:
            across = min(box.x1, second.x1) - max(box.x0, second.x0)
            along = min(box.y1, second.y1) - max(box.y0, second.y0)
            assert across <= 1.5 or along <= 2.5, f"{text!r} lies on {other!r}"


def test_the_picture_for_the_window_knows_what_lies_behind_its_marks(data: StudyData) -> None:
    content = compute("scores", data, Filter())
    look = Look(width=8, height=5, caption=False, ink="#eeeeee", ground="#202020")
    picture = render(content, look)
    assert len(picture.pixels) == picture.width * picture.height * 4
    assert (picture.width, picture.height) == (800, 500)
    assert picture.pixels[:3] == b"\x20\x20\x20"
    assert len(picture.marks) == 8  # 2 models x 2 languages x 2 turns
    for mark in picture.marks:
        assert 0 <= mark.left < mark.right <= 1 and 0 <= mark.top < mark.bottom <= 1
    assert {mark.behind.languages for mark in picture.marks} == {("en",), ("de",)}


def test_one_language_one_turn_one_category_can_be_drawn(data: StudyData) -> None:
    narrow = Filter(languages=("de",), turns=(2,), categories=("math",))
    for key in FIGURES:
        content = compute(key, data, narrow)
        assert drawable(content), key
        assert save(content, "png", Look(width=COLUMN_WIDTH, dpi=50))


def test_all_votes_the_same_is_no_variation_and_not_1(empty: Study) -> None:
    add_items(empty, "de", {"81": "math", "82": "math"})
    for q in ("81", "82"):
        for person in ("A1", "A2"):
            add_vote(empty, vote(person, q, "de", 1, "tie"), "t")
    data = load(empty)
    chance = compute("chance", data, Filter())
    assert any(isinstance(cell, Gap) and "no variation" in cell.reason for cell in chance.table.rows[0])
    verdicts = compute("verdicts", data, Filter())
    assert verdicts.reading == "Nobody decided for one of the two models."
    agreement = compute("agreement", data, Filter())
    assert drawable(agreement) and save(agreement, "svg")


def test_tables_write_gaps_with_their_reason() -> None:
    table = Table(
        (Column("who"), Column("share", "percent", 1), Column("n", "count")),
        (("a|b", 0.5, 4), ("c", Gap("no vote"), 0)),
    )
    rows = list(csv.reader(io.StringIO(table.csv())))
    assert rows == [["who", "share", "n", "note"], ["a|b", "0.5", "4", ""], ["c", "n/a", "0", "no vote"]]
    assert "| a\\|b | 50.0\u00a0% | 4 |" in table.markdown()
    assert "n/a: no vote" in table.markdown()
    assert '<td class="number" title="no vote">n/a</td>' in table.html()


def test_an_unknown_language_is_refused_in_a_sentence() -> None:
    with pytest.raises(NoWordsError, match='no words for figures in "xx"'):
        Words("xx")
