"""Fetching public files, against a server on loopback that behaves well and badly."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mtbx_gui.actions.fetch import FetchError, FetchStopped, Source, SourceFile, fetch, sources

CONTENT = {"/a/question.jsonl": b'{"question_id": 1}\n' * 9000, "/b.jsonl": b"{}\n"}


class Handler(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        content = CONTENT.get(self.path)
        self.send_response(200 if content is not None else 404)
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    Handler.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def source(server: ThreadingHTTPServer, *paths: str, wrong: bool = False) -> Source:
    def one(path: str) -> SourceFile:
        content = CONTENT.get("/" + path, b"?")
        digest = hashlib.sha256(b"another file" if wrong else content).hexdigest()
        return SourceFile(path=path, bytes=len(content), sha256=digest)

    return Source(
        id="bench",
        title="Bench",
        note="",
        repository="https://example.org/bench",
        commit="0" * 40,
        base_url=f"http://127.0.0.1:{server.server_port}/",
        licence="Apache-2.0",
        files=tuple(one(path) for path in paths),
    )


def test_files_arrive_whole_and_are_not_fetched_twice(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        seen.append((done, total))
        return True

    bench = source(server, "a/question.jsonl", "b.jsonl")
    folder = fetch(bench, tmp_path, progress)
    assert (folder / "a" / "question.jsonl").read_bytes() == CONTENT["/a/question.jsonl"]
    assert seen[-1] == (bench.size, bench.size)
    assert len(seen) > 2
    fetch(bench, tmp_path)
    assert Handler.asked == ["/a/question.jsonl", "/b.jsonl"]


def test_a_file_that_differs_is_refused_and_not_kept(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="SHA-256 differs"):
        fetch(source(server, "b.jsonl", wrong=True), tmp_path)
    assert not list(tmp_path.rglob("*.jsonl"))


def test_a_damaged_copy_is_fetched_again(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    bench = source(server, "b.jsonl")
    (fetch(bench, tmp_path) / "b.jsonl").write_bytes(b"cut of")
    assert (fetch(bench, tmp_path) / "b.jsonl").read_bytes() == b"{}\n"


def test_a_missing_file_names_its_address_and_the_way_without_network(
    server: ThreadingHTTPServer, tmp_path: Path
) -> None:
    with pytest.raises(FetchError, match="404") as caught:
        fetch(source(server, "gone.jsonl"), tmp_path)
    assert "mtbx import" in caught.value.next_step


def test_a_refused_port_is_a_sentence(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    bench = source(server, "b.jsonl").model_copy(update={"base_url": "http://127.0.0.1:9/"})
    with pytest.raises(FetchError, match="can't be reached"):
        fetch(bench, tmp_path)


def test_a_stop_keeps_whole_files_only(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    bench = source(server, "b.jsonl", "a/question.jsonl")
    with pytest.raises(FetchStopped):
        fetch(bench, tmp_path, lambda done, total: done <= bench.files[0].bytes)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["b.jsonl"]


def test_the_shipped_sources_are_pinned_and_checked() -> None:
    found = sources()
    assert set(found) == {"mt-bench-x", "fastchat"}
    for bench in found.values():
        assert bench.commit in bench.base_url
        assert bench.base_url.startswith("https://")
        assert len({file.path for file in bench.files}) == len(bench.files)
        assert all(len(file.sha256) == 64 for file in bench.files)


def test_the_known_sums_are_those_of_the_real_files() -> None:
    data = Path(__file__).resolve().parents[4] / "shared" / "data"
    if not data.is_dir():
        pytest.skip(f"the public data is not at {data}")
    for bench in sources().values():
        for file in bench.files:
            content = (data / bench.id / file.path).read_bytes()
            assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)
