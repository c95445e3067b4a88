"""Scripted faults: which of the coming requests a demo service shall answer wrongly, and how.

A plan only decides; what a fault looks like on the wire is the service's business.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mtbx_gui.demo.loopback import DemoServiceError

NO_FAULT = "ok"


@dataclass(frozen=True)
class Fault:
    """One kind of fault for the next `times` requests that hold the text `containing` ("" = any request).

    `kind` "ok" lets a request pass, so that ["ok", "429"] spoils the second one. `retry_after_s` is sent as
    Retry-After where the protocol has it.
    """

    kind: str
    times: int = 1
    containing: str = ""
    retry_after_s: float | None = None


class FaultPlan:
    """Faults in the order in which they shall happen; after the last one, none. Safe for many threads."""

    def __init__(self, kinds: frozenset[str], faults: Iterable[Fault | str] = ()) -> None:
        self._kinds = kinds
        self._lock = threading.Lock()
        self._waiting: list[tuple[Fault, int]] = []
        self.add(faults)

    def add(self, faults: Iterable[Fault | str]) -> None:
        """Appends faults. Raises DemoServiceError for a kind this service doesn't know."""
        new = [Fault(fault) if isinstance(fault, str) else fault for fault in faults]
        for fault in new:
            if fault.kind != NO_FAULT and fault.kind not in self._kinds:
                raise DemoServiceError(
                    f'There is no fault "{fault.kind}".', f"Choose one of {', '.join(sorted(self._kinds))}."
                )
        with self._lock:
            self._waiting += [(fault, fault.times) for fault in new if fault.times > 0]

    def clear(self) -> None:
        """Forgets the faults that have not happened yet."""
        with self._lock:
            self._waiting = []

    @property
    def left(self) -> int:
        """How many requests are still planned (ok ones included)."""
        with self._lock:
            return sum(times for _, times in self._waiting)

    def take(self, text: str) -> Fault | None:
        """The fault for a request holding this text; None when it shall be answered rightly."""
        with self._lock:
            for place, (fault, times) in enumerate(self._waiting):
                if fault.containing in text:
                    self._waiting[place : place + 1] = [(fault, times - 1)] if times > 1 else []
                    return None if fault.kind == NO_FAULT else fault
        return None


def faults_from_json(value: Any) -> list[Fault]:
    """Faults from `["429", {"kind": "timeout", "times": 2}]`. Raises DemoServiceError with the reason."""
    if not isinstance(value, list):
        raise DemoServiceError("The field faults must be a list.")
    faults: list[Fault] = []
    for place, entry in enumerate(value):
        if isinstance(entry, str):
            faults.append(Fault(entry))
        elif isinstance(entry, Mapping):
            try:
                faults.append(Fault(**entry))
            except TypeError as error:
                raise DemoServiceError(f"The fault at position {place} can't be read: {error}.") from error
        else:
            raise DemoServiceError(f"The fault at position {place} is neither a name nor an object.")
    return faults
