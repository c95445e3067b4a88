"""Which process a run is: pid, start time and boot id together, because pids are used again.

Never looks a process up by its name.
"""

import os
import socket
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mtbx_gui.rundir.errors import BrokenRunDir
from mtbx_gui.rundir.files import read_json, write_json


@dataclass(frozen=True)
class ProcessId:
    """One process on one boot of one machine.

    ``start_time`` is the kernel's figure as text (Linux: clock ticks since boot; elsewhere what ``ps -o
    lstart`` prints); "" where the system tells none, and then the pid alone decides.
    """

    pid: int
    start_time: str
    boot_id: str
    host: str = ""

    @classmethod
    def current(cls) -> "ProcessId":
        """The process that asks."""
        return cls.of(os.getpid())

    @classmethod
    def of(cls, pid: int) -> "ProcessId":
        """The process that has ``pid`` now (start_time "" when it is gone already)."""
        return cls(pid, start_time(pid) or "", boot_id(), socket.gethostname())

    def alive(self) -> bool:
        """Whether this very process still runs here. A zombie doesn't; another boot's process doesn't."""
        if self.pid <= 0 or (self.boot_id and self.boot_id != boot_id()):
            return False
        now = start_time(self.pid)
        return now is not None and now == self.start_time

    def elsewhere(self) -> bool:
        """Whether it belongs to another machine, so that nothing can be said about it from here."""
        return bool(self.host) and self.host != socket.gethostname() and self.boot_id != boot_id()

    def to_json(self) -> dict[str, Any]:
        """The fields as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ProcessId":
        """Raises BrokenRunDir when a field is missing or of another type."""
        try:
            return cls(
                int(data["pid"]), str(data["start_time"]), str(data["boot_id"]), str(data.get("host", ""))
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BrokenRunDir(f"A process id is incomplete: {error!r}.") from error

    def write(self, path: Path) -> None:
        """Replace ``path`` in one rename."""
        write_json(path, self.to_json())

    @classmethod
    def read(cls, path: Path) -> "ProcessId | None":
        """The process written to ``path``, None when there is no such file."""
        data = read_json(path)
        return None if data is None else cls.from_json(data)


def boot_id() -> str:
    """An id of this boot of this machine; "" where the system has none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        pass
    return _ask(["sysctl", "-n", "kern.boottime"]) or "" if sys.platform == "darwin" else ""


def start_time(pid: int) -> str | None:
    """When the process ``pid`` started, "" if it lives but the system doesn't say, None if it is gone."""
    if Path("/proc/self/stat").exists():
        try:
            text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        fields = text[text.rindex(")") + 2 :].split()
        return None if fields[0] in "ZXx" else fields[19]
    if sys.platform == "win32":
        listed = _ask(["tasklist", "/FI", f"PID eq {pid}", "/FO", "CSV", "/NH"]) or ""
        return "" if f'"{pid}"' in listed else None
    return _ask(["ps", "-o", "lstart=", "-p", str(pid)]) or None


def _ask(command: list[str]) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
