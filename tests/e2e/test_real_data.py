"""The path on real input: the release, three real models, the demo judge, votes, the report."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mtbx_gui.actions import demo_services
from mtbx_gui.annotation.session import RatingSession
from mtbx_gui.cli import main
from mtbx_gui.study.judgments import judgments
from mtbx_gui.study.study import Study
from mtbx_gui.study.votes import votes

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture
def study_path(tmp_path: Path) -> Iterator[Path]:
    if not DATA.is_dir():
        pytest.skip(f"the public data is not at {DATA}")
    path = tmp_path / "study"
    for part in ("mt-bench-x", "lumiopen/answers"):
        assert main(["import", str(DATA / part), "--study", str(path)]) == 0
    yield path
    demo_services.stop()


def test_real_answers_are_judged_rated_and_reported(study_path: Path, tmp_path: Path) -> None:
    common = ["--study", str(study_path), "--judge", "demo"]
    assert main(["judge", *common, "--mode", "single"]) == 0
    pair = "europa_90pct_sft,europa_sft_data_mix_v0.2"
    assert (
        main(["judge", *common, "--mode", "pair", "--models", pair, "--lang", "de", "--prompts", "mtbx-4"])
        == 0
    )
    study = Study.open(study_path)
    singles = judgments(study, "single", judge="demo judge")
    assert len(singles) == 3 * 5 * 80 * 2
    assert all(j.score is not None for j in singles)
    games = judgments(study, "pair", judge="demo judge", languages=["de"])
    assert len(games) == 80 * 2 * 2
    session = RatingSession(study, "spatz", "de", [tuple(pair.split(","))])  # type: ignore[list-item]
    for number in range(40):
        session.vote(("A", "B", "tie", "both_bad")[number % 4])  # type: ignore[arg-type]
    session.flush()
    assert len(votes(study, ["spatz"])) == 40
    study.close()
    assert main(["report", "--study", str(study_path), "--out", str(tmp_path / "report")]) == 0
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "demo judge" in page
    files = {path.suffix for path in (tmp_path / "report").rglob("*")}
    assert {".pdf", ".svg", ".png", ".csv"} <= files


def test_the_exported_judgments_name_the_demo_judge(study_path: Path, tmp_path: Path) -> None:
    arguments = ["--judge", "demo", "--models", "europa_90pct_sft", "--lang", "it"]
    assert main(["judge", "--study", str(study_path), *arguments]) == 0
    assert main(["export", "--study", str(study_path), str(tmp_path / "out")]) == 0
    (file,) = (tmp_path / "out").rglob("*IT/model_judgment/*_single.jsonl")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 160
    assert {row["judge"][0] for row in rows} == {"demo judge"}
