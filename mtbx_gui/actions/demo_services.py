"""Keeps the demo translator and demo judge at hand: one background process per person, at stable ports.

It outlives the window, because runs do, and ends by itself when nobody has asked anything for a while.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mtbx_gui.actions.home import config_dir
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.rundir.process import ProcessId

IDLE_LIMIT_S = 15 * 60
START_PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class DemoAddresses:
    """Where the running demo services answer, and the keys they ask for."""

    deepl_url: str
    deepl_key: str
    openai_url: str
    openai_key: str
    model: str
    process: ProcessId


class DemoServicesError(MtbxError):
    """The demo services could not be started."""


def ensure() -> DemoAddresses:
    """The running demo services, started where they don't run; at the ports they had before if possible."""
    known = running()
    if known is not None:
        return known
    for ports in (_former_ports(), (0, 0)):
        found = _start(*ports)
        if found is not None:
            return found
    raise DemoServicesError(
        "The demo services could not be started.", f"What they printed is in {_log()}; then try again."
    )


def running() -> DemoAddresses | None:
    """The demo services if they run already."""
    found = _read()
    return found if found is not None and found.process.alive() else None


def stop() -> None:
    """End the demo services if they run."""
    found = running()
    if found is not None:
        with suppress(ProcessLookupError):
            os.kill(found.process.pid, signal.SIGTERM)


def _state() -> Path:
    return config_dir() / "demo-services.json"


def _log() -> Path:
    return config_dir() / "demo-services.log"


_DETACH = '"$@" </dev/null >"$MTBX_DEMO_LOG" 2>&1 &'
"""The shell ends at once, so the services are nobody's child and never a zombie of the window."""


def _start(port_deepl: int, port_openai: int) -> DemoAddresses | None:
    _state().parent.mkdir(parents=True, exist_ok=True)
    _log().write_text("", encoding="utf-8")
    before = _read()
    command = [
        *(sys.executable, "-m", "mtbx_gui.cli", "demo-services", "--announce", str(_state())),
        *("--port-deepl", str(port_deepl), "--port-openai", str(port_openai), "--idle", str(IDLE_LIMIT_S)),
    ]
    subprocess.run(
        ["/bin/sh", "-c", _DETACH, "sh", *command],
        env=os.environ | {"MTBX_DEMO_LOG": str(_log())},
        start_new_session=True,
        check=True,
    )
    deadline = time.monotonic() + START_PATIENCE_S
    while time.monotonic() < deadline:
        found = _read()
        if found is not None and found != before and found.process.alive():
            return found
        if "can't" in _log().read_text(encoding="utf-8", errors="replace"):
            return None
        time.sleep(0.02)
    return None


def announce(line: str, path: Path) -> None:
    """Write the services' own announcement (one JSON line) with this process's identity to `path`."""
    data: dict[str, Any] = json.loads(line) | {"process": ProcessId.current().to_json()}
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(json.dumps(data) + "\n", encoding="utf-8")
    partial.replace(path)


def _read() -> DemoAddresses | None:
    try:
        data = json.loads(_state().read_text(encoding="utf-8"))
        return DemoAddresses(
            deepl_url=data["deepl_url"],
            deepl_key=data["deepl_key"],
            openai_url=data["openai_url"],
            openai_key=data["openai_key"],
            model=data["model"],
            process=ProcessId.from_json(data["process"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _former_ports() -> tuple[int, int]:
    found = _read()
    if found is None:
        return 0, 0
    return _port(found.deepl_url), _port(found.openai_url)


def _port(url: str) -> int:
    return urlsplit(url).port or 0
