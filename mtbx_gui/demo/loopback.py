"""A small HTTP server on loopback that the demo services are made of: requests in, replies out, all captured.

It knows nothing of either protocol, binds 127.0.0.1 only, and reaches nothing outside this machine.
"""

import contextlib
import json
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from mtbx_gui.rundir.errors import MtbxError

HOST = "127.0.0.1"
HANG_LIMIT_S = 120.0
_READ_LIMIT = 64 * 1024 * 1024


class DemoServiceError(MtbxError):
    """A demo service could not be started or was used wrongly."""


@dataclass(frozen=True)
class Request:
    """One request as it came in. `headers` has lower-case names; `body` is parsed JSON or form, else None."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    raw: bytes
    body: Any


@dataclass(frozen=True)
class Reply:
    """What goes back. `hang`: never answer; `drop`: close the connection without a word."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    hang: bool = False
    drop: bool = False


def json_reply(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Reply:
    """A JSON body in UTF-8."""
    return Reply(status, json.dumps(value, ensure_ascii=False).encode(), headers or {})


class LoopbackService(ABC):
    """Serves `answer` on 127.0.0.1 from start() to stop(), or as a context manager.

    Subclasses override `answer`, which runs in one thread per connection and must be thread-safe.
    `latency_s` delays each answer; stop() cuts that short and closes connections that were left hanging.
    """

    name = "demo service"

    def __init__(self, *, port: int = 0, latency_s: float = 0.0) -> None:
        self._wanted_port = port
        self._latency_s = latency_s
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._connections: set[socket.socket] = set()
        self._stopping = threading.Event()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._last_use = time.monotonic()

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """The reply to one request."""

    def start(self) -> Self:
        """Binds the port and serves in a thread. Raises DemoServiceError when the port can't be had."""
        if self._server is not None:
            raise DemoServiceError(f"The {self.name} runs already, at {self.root_url}.")
        try:
            self._server = _Server(self._wanted_port, self)
        except (OSError, OverflowError) as error:
            raise DemoServiceError(
                f"The {self.name} could not listen on {HOST}:{self._wanted_port}: {error}.",
                "Choose another port, or 0 for any free one.",
            ) from error
        self._stopping.clear()
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name=self.name, daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Closes every connection and the port and waits for the threads. Does nothing when not running."""
        if self._server is None or self._thread is None:
            return
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            _cut(connection)
        self._server.server_close()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def root_url(self) -> str:
        """http://127.0.0.1:PORT, without a path. Raises DemoServiceError when not running."""
        if self._server is None:
            raise DemoServiceError(f"The {self.name} is not running.", "Start it first.")
        return f"http://{HOST}:{self._server.server_address[1]}"

    @property
    def requests(self) -> tuple[Request, ...]:
        """Every request so far, in order of arrival, refused ones included."""
        with self._lock:
            return tuple(self._requests)

    @property
    def last_use(self) -> float:
        """time.monotonic() of the last request (of the creation when there was none)."""
        return self._last_use

    # What the handler calls.

    def handle_request(self, request: Request) -> Reply:
        """Captures the request, waits the latency, answers. A fault of our own becomes a 500."""
        self._last_use = time.monotonic()
        with self._lock:
            self._requests.append(request)
        if self._latency_s > 0:
            self._stopping.wait(self._latency_s)
        try:
            return self.answer(request)
        except Exception as error:  # a server must answer, whatever happens
            return json_reply(500, {"message": f"The {self.name} failed: {type(error).__name__}: {error}"})

    def connected(self, connection: socket.socket) -> None:
        """A client connected; one that comes while stopping is cut off, or stop() would wait for it."""
        with self._lock:
            self._connections.add(connection)
        if self._stopping.is_set():
            _cut(connection)

    def disconnected(self, connection: socket.socket) -> None:
        """A client's connection was closed."""
        with self._lock:
            self._connections.discard(connection)

    @property
    def stopping(self) -> bool:
        """True from stop() on."""
        return self._stopping.is_set()


def _cut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # server_close() then waits for the connection threads
    request_queue_size = 256  # judging opens many connections at once; the default of 5 turns some away

    def __init__(self, port: int, service: LoopbackService) -> None:
        self.service = service
        super().__init__((HOST, port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up mid-way are everyday business here: nothing is printed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.service.connected(self.connection)

    def finish(self) -> None:
        self.server.service.disconnected(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: requests are captured, not printed."""

    def version_string(self) -> str:
        return "mtbx-gui-demo"

    def _serve(self) -> None:
        service = self.server.service
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _READ_LIMIT or self.headers.get("Transfer-Encoding"):
            self._send(json_reply(413, {"message": "Request Entity Too Large"}), close=True)
            return
        raw = self.rfile.read(int(length))
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query)),
            headers=headers,
            raw=raw,
            body=_parse(raw, headers.get("content-type", "")),
        )
        reply = service.handle_request(request)
        if reply.hang:
            self._hang()
        elif reply.drop:
            self.close_connection = True
        else:
            self._send(reply, close=service.stopping)

    def _hang(self) -> None:
        """Waits until the client gives up, the service stops, or the limit is over; then closes."""
        self.close_connection = True
        self.connection.settimeout(HANG_LIMIT_S)
        with contextlib.suppress(OSError):
            self.connection.recv(1)

    def _send(self, reply: Reply, *, close: bool) -> None:
        self.close_connection = self.close_connection or close
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)


def _parse(raw: bytes, content_type: str) -> Any:
    try:
        text = raw.decode()
        if "x-www-form-urlencoded" in content_type:
            return dict(parse_qsl(text))
        return json.loads(text) if text.strip() else None
    except ValueError:
        return None
