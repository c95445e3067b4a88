"""mtbx translate, train, generate, judge, runs: what bad input and failing services come to."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mtbx_gui.actions import demo_services
from mtbx_gui.actions.demo import create_demo
from mtbx_gui.cli import main
from mtbx_gui.judging.profiles import JudgeProfile, save_profile
from mtbx_gui.study.study import Study


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Path]:
    create_demo(tmp_path / "demo").close()
    yield tmp_path / "demo"
    demo_services.stop()


def refused_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "--base", "nowhere", "--dataset", "instructions"], "no model folder"),
        (["train", "--dataset", "lima"], "no training set 'lima'"),
        (
            ["train", "--dataset", "instructions", "--mixture", "mono", "--lang", "de,fr"],
            "exactly one language",
        ),
        (["train", "--dataset", "instructions", "--mixture", "many"], "mixture"),
        (["generate", "assistant-north"], "not the model itself"),
        (["generate", "/nowhere/model"], "no model folder"),
        (["judge", "--judge", "gpt-9"], 'no judge profile "gpt-9"'),
        (["judge", "--judge", "gpt-4.1", "--mode", "triple"], "mode"),
        (["translate", "--lang", "es"], "DEEPL_API_KEY"),
        (["runs", "show", "judge-1"], "no run 'judge-1'"),
        (["runs", "cancel", ""], "no run"),
    ],
)
def test_bad_input_starts_nothing(
    demo: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--study", str(demo)]) == 2
    assert words in capsys.readouterr().err
    assert not list((demo / "runs").iterdir())


def test_a_refused_port_is_named_in_the_runs_end(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"http://127.0.0.1:{refused_port()}/v1"
    study = Study.open(demo)
    save_profile(study, JudgeProfile(id="mine", base_url=url, model="m", price="free"), "me")
    study.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "k")
        code = main(["judge", "--study", str(demo), "--judge", "mine", "--lang", "de", "--json"])
    assert code == 1
    info = told(capsys)
    assert info["state"] == "failed"
    assert url in info["info"]["sentence"]


def test_a_wrong_key_stops_the_run_with_the_next_step(
    demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = demo_services.ensure().openai_url
    study = Study.open(demo)
    save_profile(study, JudgeProfile(id="mine", base_url=url, model="demo-judge", price="free"), "me")
    study.close()
    monkeypatch.setenv("OPENAI_API_KEY", "wrong")
    assert main(["judge", "--study", str(demo), "--judge", "mine", "--lang", "de", "--json"]) == 1
    assert "key" in told(capsys)["info"]["sentence"]
    address = demo_services.ensure().deepl_url
    monkeypatch.setenv("DEEPL_API_KEY", "wrong")
    assert main(["translate", "--study", str(demo), "--lang", "es", "--url", address, "--json"]) == 1
    assert "key" in told(capsys)["info"]["sentence"]


def test_runs_are_listed_shown_cancelled_and_resumed(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = ["--study", str(demo)]
    assert main(["judge", *common, "--judge", "demo", "--detach", "--json"]) == 0
    run = told(capsys)["run"]
    assert main(["runs", "cancel", run, *common]) == 0
    capsys.readouterr()
    assert main(["runs", "show", run, *common, "--json"]) == 0
    assert told(capsys)["state"] in ("cancelled", "finished")
    assert main(["runs", "resume", run, *common]) in (0, 2)
    capsys.readouterr()
    assert main(["runs", "list", *common, "--json"]) == 0
    (row,) = told(capsys)["runs"]
    assert (row["state"], row["done"]) == ("finished", row["total"])
    assert main(["show", *common, "--json"]) == 0
    assert sum(language["judgments"] for language in told(capsys)["languages"]) == row["total"]
