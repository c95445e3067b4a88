"""Starts and stops the two demo services together: in this process, or as `mtbx demo-services`."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Self

from mtbx_gui.demo.deepl_service import DEMO_DEEPL_KEY, DeeplService
from mtbx_gui.demo.faults import Fault
from mtbx_gui.demo.openai_service import DEMO_JUDGE, DEMO_OPENAI_KEY, OpenAIService
from mtbx_gui.demo.rate_limit import RateLimits
from mtbx_gui.demo.translator import DEMO_TRANSLATOR, DemoTranslator

IDLE_LIMIT_S = 4 * 3600.0
_LOOK_EVERY_S = 0.5


@dataclass(frozen=True)
class DemoKeys:
    """The keys the two services ask for. They open nothing else."""

    deepl: str = DEMO_DEEPL_KEY
    openai: str = DEMO_OPENAI_KEY


class DemoServices:
    """Both services, from `with` or start() to stop().

    Ports of 0 mean any free one. `latency_s` delays each reply of either service.
    """

    def __init__(
        self,
        *,
        port_deepl: int = 0,
        port_openai: int = 0,
        keys: DemoKeys | None = None,
        translator: DemoTranslator | None = None,
        deepl_faults: Iterable[Fault | str] = (),
        openai_faults: Iterable[Fault | str] = (),
        limits: RateLimits | None = None,
        latency_s: float = 0.0,
    ) -> None:
        self.keys = keys or DemoKeys()
        self.deepl = DeeplService(
            translator or DemoTranslator.of_the_demo(),
            port=port_deepl,
            key=self.keys.deepl,
            faults=deepl_faults,
            latency_s=latency_s,
        )
        self.openai = OpenAIService(
            port=port_openai, key=self.keys.openai, faults=openai_faults, limits=limits, latency_s=latency_s
        )

    @property
    def deepl_url(self) -> str:
        """The `server_url` for the deepl client."""
        return self.deepl.url

    @property
    def openai_url(self) -> str:
        """The `base_url` for the openai client."""
        return self.openai.url

    @property
    def idle_s(self) -> float:
        """Seconds since either service was last asked anything."""
        return time.monotonic() - max(self.deepl.last_use, self.openai.last_use)

    def start(self) -> Self:
        """Starts both or none. Raises DemoServiceError when a port can't be had."""
        self.deepl.start()
        try:
            self.openai.start()
        except BaseException:
            self.deepl.stop()
            raise
        return self

    def stop(self) -> None:
        """Stops both; does nothing when they don't run."""
        self.openai.stop()
        self.deepl.stop()

    def announcement(self) -> str:
        """One JSON line with urls, keys and names, for whoever started this process."""
        return json.dumps(
            {
                "deepl_url": self.deepl_url,
                "deepl_key": self.keys.deepl,
                "translator": DEMO_TRANSLATOR,
                "openai_url": self.openai_url,
                "openai_key": self.keys.openai,
                "model": DEMO_JUDGE,
                "pid": os.getpid(),
            }
        )

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve_forever(
    port_deepl: int,
    port_openai: int,
    announce: Callable[[str], None],
    *,
    idle_limit_s: float = IDLE_LIMIT_S,
    parent_pid: int | None = None,
    latency_s: float = 0.0,
) -> str:
    """Serves both until there is a reason to stop, and returns it.

    "signal": SIGINT or SIGTERM came; "idle": nobody asked anything for `idle_limit_s` seconds; "parent": the
    process `parent_pid` is gone. `announce` gets one JSON line as soon as both services answer.
    Raises DemoServiceError when a port can't be had.
    """
    stop = threading.Event()
    child = parent_pid is not None and os.getppid() == parent_pid
    services = DemoServices(port_deepl=port_deepl, port_openai=port_openai, latency_s=latency_s)
    with _stop_signals(stop), services:
        announce(services.announcement())
        while not stop.wait(_LOOK_EVERY_S):
            if services.idle_s > idle_limit_s:
                return "idle"
            if parent_pid is not None and _gone(parent_pid, child=child):
                return "parent"
    return "signal"


def _gone(pid: int, *, child: bool) -> bool:
    """A dead parent's child gets another parent at once; any other process is missed when it is gone."""
    if child:
        return os.getppid() != pid
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


@contextmanager
def _stop_signals(stop: threading.Event) -> Iterator[None]:
    """SIGINT and SIGTERM set the event; afterwards they mean what they meant before."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {each: signal.signal(each, on_signal) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
