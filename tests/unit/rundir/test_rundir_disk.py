"""A disk that is full, and a folder that can't be written: a sentence, nothing half written, resume works."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mtbx_gui.rundir.errors import WriteFailed
from mtbx_gui.rundir.jsonl import read_lines
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.plan import RunPlan
from mtbx_gui.rundir.state import RunState, derive


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small tmpfs needs root")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def plan(n: int) -> RunPlan:
    items = [{"key": str(i)} for i in range(n)]
    return RunPlan("generate", "T", "pieces_work", {}, {"items": items}, n)


def test_a_full_disk_ends_the_run_with_a_sentence_and_resuming_does_the_rest(
    small_disk: Path, start: Callable[[RunDir], "subprocess.Popen[bytes]"]
) -> None:
    run = RunDir.create(small_disk / "generate-1", "generate-1", plan(300), {})
    ballast = small_disk / "ballast"
    free = os.statvfs(small_disk)
    ballast.write_bytes(b"x" * (free.f_bavail * free.f_frsize - 110_000))
    start_two = [start(run).wait()]
    info = derive(run)
    assert info.state is RunState.FAILED, (info, run.log().read_text())
    assert "Free some disk space" in info.sentence
    done = [row["key"] for row in read_lines(run.out("answers"))]
    ballast.unlink()
    start_two.append(start(run).wait())
    assert start_two == [1, 0]
    keys = [row["key"] for row in read_lines(run.out("answers"))]
    assert keys[: len(done)] == done and sorted(keys, key=int) == [str(i) for i in range(300)]


def test_a_plan_that_does_not_fit_leaves_nothing_behind(small_disk: Path) -> None:
    items = [{"key": str(i), "text": "x" * 1000} for i in range(3000)]
    with pytest.raises(WriteFailed, match="Free some disk space"):
        RunDir.create(
            small_disk / "judge-1", "judge-1", RunPlan("judge", "T", "m", {}, {"items": items}, 0), {}
        )
    assert list(small_disk.iterdir()) == []


def test_a_folder_that_is_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    with pytest.raises(WriteFailed, match="could not be made"):
        RunDir.create(tmp_path / "runs" / "judge-1", "judge-1", plan(1), {})
