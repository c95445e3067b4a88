import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtbx_gui.rundir.errors import BadLine, WriteFailed
from mtbx_gui.rundir.jsonl import LineCounter, Tail, append_line, count_lines, read_lines, repair_tail

json_objects = st.dictionaries(
    st.text(), st.one_of(st.text(), st.integers(), st.none(), st.floats(allow_nan=False))
)


@settings(max_examples=40)
@given(rows=st.lists(json_objects, max_size=5))
def test_what_is_appended_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[dict]) -> None:
    path = tmp_path_factory.mktemp("jsonl") / "a.jsonl"
    for row in rows:
        append_line(path, row, sync=False)
    assert list(read_lines(path)) == rows
    assert Tail(path).read() == rows
    assert count_lines(path) == len(rows)


def test_unfinished_last_line_is_left_out_and_then_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    append_line(path, {"a": 1})
    with path.open("ab") as file:
        file.write(b'{"a": 2, "text": "ha')
    assert list(read_lines(path)) == [{"a": 1}]
    repair_tail(path)
    append_line(path, {"a": 3})
    assert list(read_lines(path)) == [{"a": 1}, {"a": 3}]
    assert b'{"a": 2, "text": "ha' in (tmp_path / "a.jsonl.broken").read_bytes()


def test_repair_finds_the_newline_far_back_and_leaves_whole_files_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    append_line(path, {"a": 1})
    whole = path.read_bytes()
    repair_tail(path)
    assert path.read_bytes() == whole
    with path.open("ab") as file:
        file.write(b"{" + b"x" * 200_000)
    repair_tail(path)
    assert path.read_bytes() == whole
    repair_tail(tmp_path / "missing.jsonl")
    only = tmp_path / "b.jsonl"
    only.write_bytes(b'{"never fin')
    repair_tail(only)
    assert only.read_bytes() == b""


@pytest.mark.parametrize(
    ("raw", "why"), [(b"{nope}\n", "not JSON"), (b"[1]\n", "object"), (b'{"a": "\xff"}\n', "UTF-8")]
)
def test_garbage_names_file_and_line(tmp_path: Path, raw: bytes, why: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 1}\n' + raw + b'{"a": 3}\n')
    with pytest.raises(BadLine, match=r"a\.jsonl, line 2: .*" + why) as caught:
        list(read_lines(path))
    assert (caught.value.path, caught.value.line) == (path, 2)
    tail = Tail(path)
    assert tail.read() == [{"a": 1}, {"a": 3}]
    assert [bad.line for bad in tail.bad] == [2]


def test_tail_gives_each_line_once_and_starts_again_when_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    tail, counter = Tail(path), LineCounter(path)
    assert tail.read() == [] and counter.read() == 0
    append_line(path, {"n": 1})
    assert tail.read() == [{"n": 1}]
    with path.open("ab") as file:
        file.write(b'{"n": ')
    assert tail.read() == [] and counter.read() == 1
    with path.open("ab") as file:
        file.write(b'2}\n{"n": 3}\n')
    assert tail.read() == [{"n": 2}, {"n": 3}] and counter.read() == 3
    path.write_bytes(b'{"n": 9}\n')
    assert tail.read() == [{"n": 9}] and counter.read() == 1
    other = tmp_path / "other"
    other.write_bytes(b'{"n": 10}\n{"n": 11}\n{"n": 12}\n{"n": 13}\n')
    other.replace(path)
    assert [row["n"] for row in tail.read()] == [10, 11, 12, 13] and counter.read() == 4


def test_several_processes_append_without_mixing_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    code = (
        "import sys; from pathlib import Path; from mtbx_gui.rundir.jsonl import append_line\n"
        "for n in range(50): append_line(Path(sys.argv[1]), {'who': sys.argv[2], 'n': n, 'pad': 'p' * 9000},"
        " sync=False)"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(path), who]) for who in "ab"]
    assert [writer.wait() for writer in writers] == [0, 0]
    seen = [(row["who"], row["n"]) for row in read_lines(path)]
    assert sorted(seen) == sorted((who, n) for who in "ab" for n in range(50))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk_is_a_sentence(tmp_path: Path) -> None:
    full = tmp_path / "full.jsonl"
    full.symlink_to("/dev/full")
    with pytest.raises(WriteFailed, match="Free some disk space"):
        append_line(full, {"a": 1})


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
def test_a_line_that_does_not_fit_is_taken_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from mtbx_gui.rundir.jsonl import append_line; from mtbx_gui.rundir.errors import WriteFailed\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "path = Path(sys.argv[1]); append_line(path, {'a': 'x' * 700})\n"
        "try:\n    append_line(path, {'b': 'y' * 700})\nexcept WriteFailed:\n    append_line(path, {'c': 1})"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 0
    assert [list(row) for row in read_lines(path)] == [["a"], ["c"]]
    assert path.stat().st_size < 1000
