"""Both demo services start and stop together, and a process that serves them never outlives its purpose."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import deepl
import openai
import pytest

from mtbx_gui.demo.loopback import DemoServiceError
from mtbx_gui.demo.serve import DemoServices, serve_forever

SERVE = """
import sys
from mtbx_gui.demo.serve import serve_forever
limit, parent = float(sys.argv[1]), int(sys.argv[2]) or None
print(serve_forever(0, 0, lambda line: print(line, flush=True), idle_limit_s=limit, parent_pid=parent))
"""


@contextmanager
def serving(idle_limit_s: float = 600.0, parent_pid: int = 0) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SERVE, str(idle_limit_s), str(parent_pid)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def first_line(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def rest(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.read().strip()


def test_both_services_answer_their_clients() -> None:
    with DemoServices() as services:
        translator = deepl.DeepLClient(services.keys.deepl, server_url=services.deepl_url)
        result = translator.translate_text("Please explain this.", target_lang="FR")
        translator.close()
        assert not isinstance(result, list)
        assert result.model_type_used == "demo translator"
        with openai.OpenAI(
            api_key=services.keys.openai, base_url=services.openai_url, max_retries=0
        ) as client:
            assert [each.id for each in client.models.list()] == ["demo-judge"]
        assert services.idle_s < 60
        assert json.loads(services.announcement())["deepl_url"] == services.deepl_url
        assert services.deepl_url.startswith("http://127.0.0.1:")
        assert services.openai_url.startswith("http://127.0.0.1:")


def test_after_stopping_ports_and_threads_are_free() -> None:
    before = set(threading.enumerate())
    with DemoServices() as services:
        port = int(services.deepl_url.rpartition(":")[2])
        client = openai.OpenAI(api_key=services.keys.openai, base_url=services.openai_url, max_retries=0)
        client.models.list()
        assert set(threading.enumerate()) > before
    client.close()
    assert set(threading.enumerate()) == before
    with pytest.raises(DemoServiceError, match="not running"):
        _ = services.deepl_url
    with DemoServices(port_deepl=port):
        pass


def test_when_one_port_is_taken_neither_service_stays() -> None:
    before = set(threading.enumerate())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DemoServiceError, match=str(port)):
            DemoServices(port_openai=port).start()
    assert set(threading.enumerate()) == before


def test_stopping_does_not_wait_for_slow_answers() -> None:
    services = DemoServices(latency_s=3600.0).start()
    ended = threading.Event()

    def ask() -> None:
        with (
            contextlib.suppress(openai.APIConnectionError),
            openai.OpenAI(
                api_key=services.keys.openai, base_url=services.openai_url, max_retries=0
            ) as client,
        ):
            client.models.list()
        ended.set()

    asking = threading.Thread(target=ask)
    asking.start()
    while not services.openai.requests and asking.is_alive():
        asking.join(0.01)
    assert not ended.is_set()
    services.stop()
    asking.join(60)
    assert ended.is_set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(number: signal.Signals) -> None:
    with serving() as process:
        announced = first_line(process)
        assert (announced["translator"], announced["model"]) == ("demo translator", "demo-judge")
        with openai.OpenAI(
            api_key=announced["openai_key"], base_url=announced["openai_url"], max_retries=0
        ) as client:
            client.models.list()
            process.send_signal(number)
            assert rest(process) == "signal"
        assert process.wait() == 0


def test_it_ends_when_nobody_asks_anything() -> None:
    with serving(idle_limit_s=0.1) as process:
        first_line(process)
        assert rest(process) == "idle"


def test_it_ends_with_another_process_that_it_serves() -> None:
    with (
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as served,
        serving(parent_pid=served.pid) as process,
    ):
        first_line(process)
        served.kill()
        served.wait()
        assert rest(process) == "parent"


def test_it_ends_with_the_process_that_started_it() -> None:
    starter = (
        "import os, subprocess, sys; "
        "subprocess.Popen([sys.executable, '-c', sys.argv[1], '600', str(os.getpid())]); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", starter, SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        first_line(process)
        process.kill()
        assert rest(process) == "parent"


def test_outside_the_main_thread_it_serves_without_touching_signals() -> None:
    before = signal.getsignal(signal.SIGTERM)
    reasons: list[str] = []
    announced: list[str] = []

    def serve() -> None:
        reasons.append(serve_forever(0, 0, announced.append, idle_limit_s=0.0))

    thread = threading.Thread(target=serve)
    thread.start()
    thread.join(60)
    assert reasons == ["idle"]
    assert "deepl_url" in announced[0]
    assert signal.getsignal(signal.SIGTERM) is before
