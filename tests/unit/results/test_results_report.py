"""The report: complete, self-contained, honest about the demo, and the same bytes every time."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mtbx_gui.results.report import ReportError, write_report
from mtbx_gui.results.selection import Filter
from mtbx_gui.study.judgments import add_judgments
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import add_edit, fields
from mtbx_gui.study.votes import add_vote
from tests.unit.results.results_study import PAIR, single, small_study, vote

DATA = Path(__file__).parents[3].parent / "shared" / "data"


class Page(HTMLParser):
    """Collects ids, references and open elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.asked: set[str] = set()
        self.links: list[str] = []
        self.remote: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            value = value or ""
            self.asked |= set(re.findall(r"url\(#([^)]+)\)", value))
            if name == "id":
                self.ids.append(value)
            elif name in ("href", "xlink:href") and value.startswith("#"):
                self.asked.add(value[1:])
            elif name == "href" and tag == "a":
                self.links.append(value)
            elif name in ("href", "src") or tag == "script":
                self.remote.append(value)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    found = small_study(tmp_path / "s", repetitions=2, annotators=3)
    yield found
    found.close()


def test_a_report_holds_every_figure_and_table_and_is_self_contained(study: Study, tmp_path: Path) -> None:
    text = next(f for f in fields(study, ["de"], ["turn"]))
    add_edit(study, text.field_id, "Edited by a person", "translator")
    steps: list[tuple[int, int]] = []
    written = write_report(study, tmp_path / "r", tell=lambda done, all_, _: steps.append((done, all_)))
    assert steps == [(n, 6) for n in range(6)]
    html = written.html.read_text(encoding="utf-8")
    page = Page(html)
    assert not page.remote
    assert len(page.ids) == len(set(page.ids)) and page.asked <= set(page.ids)
    assert page.links and all((tmp_path / "r" / link).is_file() for link in page.links)
    assert html.count("<svg") == 5
    assert "1 DE" in html and "demo" not in html.lower()
    names = {path.relative_to(tmp_path / "r").as_posix() for path in written.files}
    for key in ("scores", "categories", "verdicts", "bias", "agreement"):
        assert {f"figures/{key}.{form}" for form in ("pdf", "svg", "png")} <= names
    assert "tables/chance.csv" in names
    manifest = json.loads(written.manifest.read_text())
    for entry in manifest["files"]:
        assert hashlib.sha256((tmp_path / "r" / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]
    assert {entry["path"] for entry in manifest["files"]} == names - {"manifest.json"}


def test_the_same_study_gives_the_same_bytes_and_old_files_go(study: Study, tmp_path: Path) -> None:
    few = Filter(languages=("en",), turns=(1,))
    first = write_report(study, tmp_path / "a", few)
    before = {path.relative_to(tmp_path / "a"): path.read_bytes() for path in first.files}
    add_judgments(study, [single("second", PAIR[0], "81", "en", 1, 1, 5.0)], "t")
    many = write_report(study, tmp_path / "a", few)
    assert len(many.files) > len(first.files)
    assert (tmp_path / "a" / "figures" / "scores-second.pdf").is_file()
    assert not (tmp_path / "a" / "figures" / "scores.pdf").exists()
    again = write_report(study, tmp_path / "b", replace(few, judge="gpt-4"))
    after = {path.relative_to(tmp_path / "b"): path.read_bytes() for path in again.files}
    assert after == before


def test_what_demo_services_made_is_called_so_first_thing(tmp_path: Path) -> None:
    study = small_study(tmp_path / "s", judge="demo-judge", annotators=0, repetitions=1)
    add_vote(study, vote("simulated-1", "81", "en", 1, "tie"), "t")
    html = write_report(study, tmp_path / "r", Filter(languages=("en",))).html.read_text(encoding="utf-8")
    notice = re.search(r'<p class="notice"[^>]*>([^<]*)<', html)
    assert notice is not None
    assert "judgments by the demo judge and votes by simulated annotators" in notice[1]
    assert "demo judge" in html and "demo-judge" not in html
    study.close()


def test_an_empty_study_reports_its_gaps(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "s", "Empty <b>", ("en",))
    written = write_report(study, tmp_path / "r")
    html = written.html.read_text(encoding="utf-8")
    assert "Empty &lt;b&gt;" in html and "No single score yet" in html
    assert {path.name for path in written.files} == {"report.html", "manifest.json"}
    study.close()


def test_a_folder_that_cannot_be_written_is_a_sentence(study: Study, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ReportError, match="can't be written") as caught:
        write_report(study, tmp_path / "file")
    assert caught.value.next_step


@pytest.mark.skipif(not (DATA / "judgments").is_dir(), reason="the shared data are not beside the repository")
def test_real_judgments_report_their_failed_calls_as_such(tmp_path: Path) -> None:
    from mtbx_gui.results.data import load
    from mtbx_gui.results.figures import compute
    from mtbx_gui.study.importing.importer import import_path

    study = Study.create(tmp_path / "s", "Phi", ("en",))
    import_path(study, DATA / "fastchat")
    import_path(study, DATA / "judgments" / "phi-3")
    bias = compute("bias", load(study), Filter())
    columns = [column.name for column in bias.table.columns]
    errors = {row[0]: row[columns.index("no verdict")] for row in bias.table.rows}
    assert sum(errors.values()) == 2 and errors["Coding"] == 2  # type: ignore[arg-type]
    valid = sum(row[columns.index("game pairs")] for row in bias.table.rows)  # type: ignore[misc]
    assert valid == 73
    html = write_report(study, tmp_path / "r").html.read_text(encoding="utf-8")
    assert "api_error 3" in html
    study.close()
