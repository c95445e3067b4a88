"""Requests and tokens per minute, told in the x-ratelimit headers that the openai client's users pace by.

Two buckets that fill steadily, each with one minute's worth. It refuses nothing unless it is told to.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class RateLimits:
    """What one minute allows. With `enforced` off, the headers are sent but nothing is refused.

    `burst` is the share of a minute's worth that may be used at once.
    """

    requests_per_minute: int = 30_000
    tokens_per_minute: int = 10_000_000
    enforced: bool = False
    burst: float = 1.0


@dataclass(frozen=True)
class Admission:
    """Whether a request may pass, what the headers say, and if refused, in how many seconds to come again."""

    allowed: bool
    headers: dict[str, str]
    retry_after_s: float


class RateLimiter:
    """The two buckets. `clock` gives seconds that never go back. Safe for many threads."""

    def __init__(self, limits: RateLimits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._capacity = {
            "requests": max(1.0, limits.requests_per_minute * limits.burst),
            "tokens": max(1.0, limits.tokens_per_minute * limits.burst),
        }
        self._speed = {
            "requests": limits.requests_per_minute / 60,
            "tokens": limits.tokens_per_minute / 60,
        }
        self._level = dict(self._capacity)
        self._at = clock()

    def admit(self, tokens: int) -> Admission:
        """Takes one request of so many tokens out of the buckets, unless enforced limits forbid it."""
        wanted = {"requests": 1.0, "tokens": min(float(tokens), self._capacity["tokens"])}
        with self._lock:
            now = self._clock()
            for name, level in self._level.items():
                self._level[name] = min(self._capacity[name], level + (now - self._at) * self._speed[name])
            self._at = now
            wait = max((wanted[name] - self._level[name]) / self._speed[name] for name in wanted)
            if self._limits.enforced and wait > 1e-9:
                return Admission(False, self._headers(), wait)
            for name in wanted:
                self._level[name] = max(0.0, self._level[name] - wanted[name])
            return Admission(True, self._headers(), 0.0)

    def _headers(self) -> dict[str, str]:
        limits = {
            "requests": self._limits.requests_per_minute,
            "tokens": self._limits.tokens_per_minute,
        }
        headers: dict[str, str] = {}
        for name, limit in limits.items():
            full_in = (self._capacity[name] - self._level[name]) / self._speed[name]
            headers[f"x-ratelimit-limit-{name}"] = str(limit)
            headers[f"x-ratelimit-remaining-{name}"] = str(int(self._level[name]))
            headers[f"x-ratelimit-reset-{name}"] = duration(full_in)
        return headers


def duration(seconds: float) -> str:
    """Seconds the way the headers write them: 120ms, 7.66s, 6m0s."""
    if seconds < 1:
        return f"{round(seconds * 1000)}ms"
    if seconds < 60:
        return f"{seconds:.2f}".rstrip("0").rstrip(".") + "s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest}s"
