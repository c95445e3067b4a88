"""Keeps judge calls just below a server's limits: learned from its headers, or felt out where it tells none.

It counts and waits; it sends nothing and knows nothing of prompts or verdicts.
"""

import asyncio
import random
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

SHARE = 0.95
"""How much of a limit is used."""
MINUTE = 60.0
SHRINK = 0.8
GROWTH = 0.05
"""Calls per second more after each good call, where the speed is felt out: 5 % a second."""
FELT_S = 2.0
SLOWEST = 0.2
FIRST = 8
LONGEST_WINDOW_S = 7200.0
"""Limits over longer windows are quotas, not speeds: nobody waits a day between two calls."""

_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6}
_PART = re.compile(r"(\d+(?:\.\d+)?)(h|ms|us|µs|m|s)")


def seconds(text: str) -> float | None:
    """A duration as rate headers write it ("6m0s", "120ms", "1.5"); None when it is none."""
    plain = text.strip()
    try:
        return max(0.0, float(plain))
    except ValueError:
        pass
    parts = _PART.findall(plain)
    if not parts or "".join(number + unit for number, unit in parts) != plain:
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


@dataclass
class Speed:
    """Learns how fast a server's bucket fills from what its replies tell: limit, remaining, time until full.

    `remaining` is told in whole numbers, so each reply bounds the speed from two sides. That holds for a
    bucket as large as the limit; where replies contradict it, the slope between two replies is taken.
    """

    upper: float = float("inf")
    lower: float = 0.0
    fullest: tuple[float, float] | None = None
    emptiest: tuple[float, float] | None = None

    def learn(self, limit: float, remaining: float, reset_s: float | None) -> float:
        """The speed per second by all replies so far; by the minute where they don't tell another window."""
        if reset_s is not None:
            if reset_s >= 0.05 and remaining < limit:
                missing = limit - remaining
                self.upper = min(self.upper, missing / reset_s)
                self.lower = max(self.lower, (missing - 1) / reset_s)
            if self.fullest is None or reset_s < self.fullest[1]:
                self.fullest = (remaining, reset_s)
            if self.emptiest is None or reset_s > self.emptiest[1]:
                self.emptiest = (remaining, reset_s)
        for found in (self._by_limit(), self._by_slope()):
            if found is not None and limit / LONGEST_WINDOW_S <= found <= limit:
                return found
        return limit / MINUTE

    def _by_limit(self) -> float | None:
        if self.upper == float("inf") or self.lower > 1.1 * self.upper:
            return None
        return max(self.upper, self.lower)

    def _by_slope(self) -> float | None:
        if self.fullest is None or self.emptiest is None:
            return None
        filled, time_s = self.fullest[0] - self.emptiest[0], self.emptiest[1] - self.fullest[1]
        return filled / time_s if filled >= 10 and time_s > 0 else None


@dataclass
class Bucket:
    """Fills at `rate` per second up to one second's worth; None: no limit known. May go into debt once."""

    rate: float | None = None
    fixed: bool = False
    _level: float = 1.0
    _at: float = 0.0
    _speed: Speed = field(default_factory=Speed)

    def wait_s(self, amount: float, now: float, factor: float = 1.0) -> float:
        """How long until `amount` may be taken."""
        if self.rate is None:
            return 0.0
        rate = self.rate * SHARE * factor
        return max(0.0, (min(amount, max(1.0, rate)) - self._filled(now, rate)) / rate)

    def take(self, amount: float, now: float, factor: float = 1.0) -> None:
        """Take `amount`; more than fits leaves a debt that the next one waits for."""
        if self.rate is not None:
            self._level = self._filled(now, self.rate * SHARE * factor) - amount
            self._at = now

    def learn(self, limit: float, remaining: float, reset_s: float | None, now: float = 0.0) -> None:
        """Take the speed from one reply's headers; `limit` counts per minute if nothing tells otherwise."""
        if not self.fixed and limit > 0:
            if self.rate is None:
                self._level, self._at = 0.0, now
            self.rate = self._speed.learn(limit, remaining, reset_s)

    def _filled(self, now: float, rate: float) -> float:
        return min(max(1.0, rate), self._level + max(0.0, now - self._at) * rate)


@dataclass
class Pacer:
    """One for all workers of a run. `admit` before each call, `finished` after it, `limited` on a 429.

    `requests_per_minute` and `tokens_per_minute` are a person's own limits; they go before what is learned.
    """

    workers: int
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    clock: Callable[[], float] = time.monotonic
    dice: random.Random = field(default_factory=random.Random)
    headers_seen: bool = False
    limited_count: int = 0
    in_flight: int = 0

    def __post_init__(self) -> None:
        self.requests = self._bucket(self.requests_per_minute)
        self.tokens = self._bucket(self.tokens_per_minute)
        self._room = float(self.workers)
        self._factor = 1.0
        self._good: deque[float] = deque(maxlen=1000)
        self._paused_until = 0.0
        self._gate = asyncio.Lock()
        self._freed = asyncio.Event()

    def _bucket(self, per_minute: float | None) -> Bucket:
        now = self.clock()
        if per_minute is None:
            return Bucket(_at=now)
        return Bucket(rate=per_minute / MINUTE, fixed=True, _at=now)

    @property
    def room(self) -> int:
        """How many calls may be in flight now; few until the first has come back and told the limits."""
        most = self.workers if self._good or self.limited_count else min(self.workers, FIRST)
        return max(1, min(most, int(self._room)))

    async def admit(self, tokens: float) -> None:
        """Wait until a call that may use so many tokens can be made; then it counts as in flight."""
        async with self._gate:
            while True:
                wait = self._wait_s(tokens)
                if wait > 0:
                    await asyncio.sleep(wait)
                elif self.in_flight >= self.room:
                    self._freed.clear()
                    await self._freed.wait()
                else:
                    break
            now = self.clock()
            self.requests.take(1, now, self._factor)
            self.tokens.take(tokens, now, self._factor)
            self.in_flight += 1

    def finished(self, ok: bool) -> None:
        """A call has ended. Each good one lets the next be a little bolder after a slow-down."""
        self.in_flight -= 1
        if ok:
            self._good.append(self.clock())
            self._factor = min(1.0, self._factor + 0.002)
            if not self.headers_seen:
                self._room = min(float(self.workers), self._room + 1 / max(1.0, self._room))
                if self.requests.rate is not None and not self.requests.fixed:
                    self.requests.rate += GROWTH
        self._freed.set()

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take what a reply's x-ratelimit headers tell; replies without them change nothing."""
        for name, bucket in (("requests", self.requests), ("tokens", self.tokens)):
            limit = _number(headers.get(f"x-ratelimit-limit-{name}"))
            remaining = _number(headers.get(f"x-ratelimit-remaining-{name}"))
            if limit is None or remaining is None:
                continue
            self.headers_seen = True
            reset_s = seconds(headers.get(f"x-ratelimit-reset-{name}", ""))
            bucket.learn(limit, remaining, reset_s, self.clock())

    def limited(self, retry_after_s: float | None, tries: int) -> float:
        """A 429 came: everybody pauses. Returns the pause in seconds.

        Retry-After is honoured, with a little jitter on top; without it the pause doubles with each try, up
        to 30 s. Calls that were in flight together count as one slow-down.
        """
        self.limited_count += 1
        now = self.clock()
        asked = retry_after_s if retry_after_s is not None else min(30.0, 0.5 * 2 ** min(tries, 6))
        pause = asked * (1 + 0.1 * self.dice.random()) + 0.05 * self.dice.random()
        if now >= self._paused_until:
            if self.headers_seen:
                self._factor = max(0.3, self._factor * 0.85)
            else:
                self._feel(now)
        self._paused_until = max(self._paused_until, now + pause)
        return pause

    def _feel(self, now: float) -> None:
        """No headers: a fifth less at once, and a fifth slower than calls came back lately."""
        self._room = max(1.0, self._room * SHRINK)
        if self.requests.fixed:
            return
        lately = sum(at > now - FELT_S for at in self._good) / FELT_S
        self.requests.rate = max(SLOWEST, lately * SHRINK / SHARE)

    def _wait_s(self, tokens: float) -> float:
        now = self.clock()
        return max(
            self._paused_until - now,
            self.requests.wait_s(1, now, self._factor),
            self.tokens.wait_s(tokens, now, self._factor),
        )


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
