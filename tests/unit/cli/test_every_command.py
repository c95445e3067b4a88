"""What holds for every command: help, one JSON document, exit codes, odd terminals, interruptions."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from mtbx_gui.actions import demo_services, fetch
from mtbx_gui.actions.demo import create_demo
from mtbx_gui.cli import main
from mtbx_gui.cli.commands import app
from mtbx_gui.study.study import Study

PROGRAM = [sys.executable, "-m", "mtbx_gui.cli"]


def names() -> list[list[str]]:
    group: Any = typer.main.get_command(app)
    return [
        [name, *rest]
        for name, command in group.commands.items()
        for rest in ([[one] for one in command.commands] if hasattr(command, "commands") else [[]])
    ]


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    Study.create(tmp_path / "süd", "Süd 🙂", ("en", "de")).close()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "süd"


@pytest.mark.parametrize("command", names(), ids=" ".join)
def test_every_command_explains_itself(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--help"]) == 0
    assert "Usage" in capsys.readouterr().out


@pytest.mark.parametrize("command", names(), ids=" ".join)
def test_a_wrong_option_is_one_json_document_and_exit_code_2(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--json", "--frobnicate"]) == 2
    told = document(capsys)
    assert "frobnicate" in told["error"]
    assert "--help" in told["next_step"]


@pytest.mark.parametrize(
    "arguments",
    [["--json"], ["nonsense", "--json"], ["new", "--json"], ["runs", "--json"], ["show", "--json=1"]],
)
def test_bad_usage_is_a_json_document_too(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert document(capsys)["error"]


def run(*arguments: str, **more: Any) -> "subprocess.CompletedProcess[str]":
    environment = dict(os.environ) | more.pop("env", {})
    return subprocess.run(
        [*PROGRAM, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        encoding="utf-8",
        errors="replace",
        **more,
    )


@pytest.mark.parametrize(
    "env", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "latin-1"}]
)
def test_any_terminal_encoding_gets_an_answer(study: Path, env: dict[str, str]) -> None:
    told = run("show", "--study", str(study), "--json", env=env)
    assert (told.returncode, json.loads(told.stdout)["name"]) == (0, "Süd 🙂")
    assert run("show", "--study", str(study), env=env).returncode == 0
    failed = run("show", "--study", "nirgendwo-ä", env=env)
    assert failed.returncode == 2
    assert "There is no folder" in failed.stderr


@pytest.mark.parametrize(
    "arguments", [["--help"], ["show"], ["show", "--json"], ["show", "--study", "nowhere"]]
)
def test_a_reader_who_leaves_is_no_error(study: Path, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*PROGRAM, *arguments], cwd=study, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_an_output_that_cannot_be_written_is_a_sentence(study: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, "show", "--study", str(study)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "No space left" in done.stderr


def test_an_import_that_fails_leaves_no_empty_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "notes.txt").write_text("mine")
    assert main(["import", "empty", "--json"]) == 2
    assert "no .jsonl file" in document(capsys)["error"]
    assert main(["import", "empty", "--study", "there"]) == 2
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["empty", "notes.txt", "there"]


def test_without_a_network_the_way_is_told_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    known = {
        name: source.model_copy(update={"base_url": "http://127.0.0.1:9/"})
        for name, source in fetch.sources().items()
    }
    monkeypatch.setattr("mtbx_gui.actions.take_in.sources", lambda: known)
    assert main(["import", "mt-bench-x", "--json"]) == 1
    told = document(capsys)
    assert "can't be reached" in told["error"]
    assert "mtbx import FOLDER" in told["next_step"]
    assert list(tmp_path.iterdir()) == []


def test_a_persons_own_study_is_not_made_a_demo(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", str(study), "--json"]) == 2
    assert "another study" in document(capsys)["error"]
    assert main(["show", "--study", str(study), "--json"]) == 0
    assert {row["items"] for row in document(capsys)["languages"]} == {0}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["new", "n", "--lang", "de,german"], "'german' is no language code"),
        (["import", "notes.txt", "--study", "n"], "Nothing in notes.txt is recognised"),
        (["import", "notes.txt", "--study", "n", "--lang", "de,fr"], "one language"),
        (["import", "broken.jsonl"], "broken.jsonl, line 1"),
    ],
)
def test_input_that_cannot_be_used_is_named(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("Dear diary")
    (tmp_path / "broken.jsonl").write_text("{")
    assert main([*arguments, "--json"]) == 2
    assert words in document(capsys)["error"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.jsonl", "notes.txt"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A 1 MiB file system of its own."""
    mounted = tmp_path / "small"
    mounted.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(mounted)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("mounting a small tmpfs needs root")
    yield mounted
    subprocess.run(["umount", str(mounted)], check=True)


def test_a_full_disk_fails_the_work_and_loses_nothing(
    small_disk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ({"question_id": n, "category": "math", "turns": ["x" * 9000, "b"]} for n in range(300))
    (tmp_path / "question.jsonl").write_text("\n".join(map(json.dumps, rows)))
    Study.create(small_disk / "s").close()
    assert main(["import", str(tmp_path / "question.jsonl"), "--study", str(small_disk / "s"), "--json"]) == 1
    assert "disk is full" in document(capsys)["error"]
    assert main(["show", "--study", str(small_disk / "s"), "--json"]) == 0
    assert document(capsys)["languages"] == []
    assert main(["import", str(tmp_path / "question.jsonl"), "--study", str(tmp_path / "whole")]) == 0
    capsys.readouterr()
    assert main(["export", str(small_disk / "o"), "--study", str(tmp_path / "whole"), "--json"]) == 1
    assert "No space left" in document(capsys)["error"]
    assert main(["new", str(small_disk / "n"), "--json"]) == 1
    assert document(capsys)["next_step"]


def test_a_read_only_folder_is_named(
    small_disk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Study.create(small_disk / "s").close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    (tmp_path / "question.jsonl").write_text('{"question_id": 1, "category": "math", "turns": ["a", "b"]}')
    for arguments in (
        ["show", "--study", str(small_disk / "s")],
        ["new", str(small_disk / "n")],
        ["import", str(tmp_path / "question.jsonl"), "--study", str(small_disk / "n")],
        ["demo", str(small_disk / "n")],
    ):
        assert main([*arguments, "--json"]) == 2
        assert str(small_disk) in document(capsys)["error"]
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)


def test_two_commands_at_once_on_one_study(study: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        folder = tmp_path / name / f"mt_bench_{'DE' if name == 'a' else 'IT'}"
        folder.mkdir(parents=True)
        rows = (json.dumps({"question_id": n, "category": "math", "turns": [name, "b"]}) for n in range(500))
        (folder / "question.jsonl").write_text("\n".join(rows))
    both = [
        subprocess.Popen(
            [*PROGRAM, "import", str(tmp_path / name), "--study", str(study)], stdout=subprocess.DEVNULL
        )
        for name in ("a", "b", "a")
    ]
    assert [process.wait() for process in both] == [0, 0, 0]
    told = json.loads(run("show", "--study", str(study), "--json").stdout)
    assert {row["language"]: row["items"] for row in told["languages"]} == {"en": 0, "de": 500, "it": 500}


def test_two_commands_may_create_the_same_study_at_once(tmp_path: Path) -> None:
    line = '{"question_id": "1_DE", "category": "math", "turns": ["a", "b"]}\n'
    (tmp_path / "question.jsonl").write_text(line)
    both = [
        subprocess.Popen(
            [*PROGRAM, "import", str(tmp_path / "question.jsonl"), "--study", str(tmp_path / "s")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    ends = [(process.communicate()[1], process.returncode) for process in both]
    assert all(code == 0 or "already holds a study" in said for said, code in ends)
    assert json.loads(run("show", "--study", str(tmp_path / "s"), "--json").stdout)["languages"][0][
        "items"
    ] in (0, 1)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Path]:
    create_demo(tmp_path / "demo").close()
    demo_services.ensure()
    yield tmp_path / "demo"
    demo_services.stop()


def test_control_c_stops_the_watching_and_says_that_the_run_goes_on(demo: Path) -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "judge", "--study", str(demo), "--judge", "demo", "--json"],
        stdout=subprocess.PIPE,
        stderr=slave,
        text=True,
        start_new_session=True,
    )
    os.close(slave)
    patience = time.monotonic() + 60
    while not list((demo / "runs").glob("*/pid")) and time.monotonic() < patience:
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    told = json.loads(process.communicate(timeout=60)[0])
    os.close(master)
    if process.returncode:
        assert process.returncode == 1
        assert "goes on" in told["error"]
        assert told["run"]
    assert run("runs", "follow", "judge", "--study", str(demo)).returncode == 0
