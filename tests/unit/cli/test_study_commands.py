"""mtbx new, import, export, show: what they print, write and return."""

import json
from pathlib import Path
from typing import Any

import pytest

from mtbx_gui.cli import main

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture
def release() -> Path:
    if not DATA.is_dir():
        pytest.skip(f"the public data is not at {DATA}")
    return DATA / "mt-bench-x"


def as_json(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def test_the_release_goes_in_and_comes_out(
    release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "study"
    assert main(["import", str(release), "--study", str(study)]) == 0
    said = capsys.readouterr().out
    assert "31 DE / 36 FR / 72 IT / 37 ES" in said
    assert "judge_prompts_v2.jsonl, line 1" in said
    assert main(["show", "--study", str(study), "--json"]) == 0
    languages = {row["language"]: row for row in as_json(capsys)["languages"]}
    assert {code: row["edited"] for code, row in languages.items()} == {
        "en": 0,
        "de": 31,
        "fr": 36,
        "it": 72,
        "es": 37,
    }
    assert {row["items"] for row in languages.values()} == {80}
    assert main(["export", "--study", str(study), "--format", "fastchat", str(tmp_path / "out")]) == 0
    for file in release.rglob("question.jsonl"):
        copy = tmp_path / "out" / file.relative_to(release)
        assert [json.loads(line) for line in copy.read_bytes().splitlines()] == [
            json.loads(line) for line in file.read_bytes().splitlines()
        ]


def test_import_outside_of_a_study_makes_one_beside_you(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["import", str(release), "--json"]) == 0
    assert as_json(capsys)["edited"] == {"de": 31, "fr": 36, "it": 72, "es": 37}
    assert (tmp_path / "mt-bench-x-study" / "study.db").is_file()


def test_new_then_import_a_training_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "s"), "--name", "Pilot", "--lang", "en,de"]) == 0
    chat = {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}
    (tmp_path / "lima.jsonl").write_text(json.dumps(chat) + "\n{broken\n")
    capsys.readouterr()
    assert main(["import", str(tmp_path / "lima.jsonl"), "--study", str(tmp_path / "s"), "--json"]) == 0
    told = as_json(capsys)
    assert told["datasets"] == {"lima": 1}
    assert told["problems"][0]["line"] == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import", "nowhere", "--study", "s"], "nothing at nowhere"),
        (["export", "out", "--study", "missing"], "no folder"),
        (["export", "out", "--study", "s", "--format", "xlsx"], "no export format"),
        (["show"], "--study DIR"),
        (["new", "taken"], "already holds a study"),
        (["show", "--study", "file"], "is a file"),
    ],
)
def test_bad_input_is_a_sentence_and_exit_code_2(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("text")
    main(["new", "taken"])
    capsys.readouterr()
    assert main(arguments) == 2
    assert words in capsys.readouterr().err
    assert main([*arguments, "--json"]) == 2
    told = as_json(capsys)
    assert words in told["error"] + told["next_step"]


def test_a_wrong_option_is_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "--frobnicate"]) == 2
    assert "frobnicate" in capsys.readouterr().err
    assert main(["--version"]) == 0
