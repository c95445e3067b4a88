import asyncio
import random

import pytest

from mtbx_gui.judging.asking import retry_after
from mtbx_gui.judging.budget import Budget, CallPrice
from mtbx_gui.judging.pacing import Bucket, Pacer, seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6m0s", 360),
        ("120ms", 0.12),
        ("7.66s", 7.66),
        ("1h2m3s", 3723),
        ("1.5", 1.5),
        ("", None),
        ("soon", None),
    ],
)
def test_durations_are_read_as_the_headers_write_them(text: str, expected: float | None) -> None:
    assert seconds(text) == (None if expected is None else pytest.approx(expected))


def calls_in(bucket: Bucket, duration_s: float, amount: float = 1) -> int:
    """How many calls of `amount` a bucket lets through, asked again and again."""
    now, passed = 0.0, 0
    while True:
        now += bucket.wait_s(amount, now)
        if now > duration_s:
            return passed
        bucket.take(amount, now)
        passed += 1


def test_without_a_known_limit_nothing_waits() -> None:
    bucket = Bucket()
    for _ in range(1000):
        assert bucket.wait_s(1e6, 0.0) == 0
        bucket.take(1e6, 0.0)


def test_a_bucket_lets_through_95_percent_of_the_limit() -> None:
    bucket = Bucket()
    bucket.learn(limit=1200, remaining=1200, reset_s=0.0)
    assert calls_in(bucket, 60) == pytest.approx(20 * 0.95 * 60, abs=20)


@pytest.mark.parametrize(
    ("limit", "speed", "window"), [(1200, 20, 60), (20, 20, 1), (500, 8.33, 60), (60_000, 100, 600)]
)
def test_the_speed_is_learned_from_limit_remaining_and_reset(limit: int, speed: float, window: float) -> None:
    """A server's bucket that fills steadily; it tells whole numbers and milliseconds."""
    bucket = Bucket()
    level, dice = float(limit), random.Random(1)
    for _ in range(60):
        level = min(limit, level + 1.5 * dice.random()) - 1
        reset = round((limit - level) / speed, 3)
        bucket.learn(limit, int(level), reset)
    assert bucket.rate == pytest.approx(speed, rel=0.06)
    assert window == pytest.approx(limit / speed, rel=0.1)


def test_a_bucket_smaller_than_the_limit_is_no_reason_to_run_ahead() -> None:
    """1200 a minute of which 60 may come at once: remaining and limit don't fit together."""
    bucket = Bucket()
    level, dice = 60.0, random.Random(2)
    rates = []
    for _ in range(60):
        level = min(60.0, level + 1.5 * dice.random()) - 1
        bucket.learn(1200, int(level), round((60 - level) / 20, 3))
        rates.append(bucket.rate or 0)
    assert max(rates[5:]) <= 22
    assert rates[-1] == pytest.approx(20, rel=0.1)


def test_a_daily_quota_is_no_speed() -> None:
    bucket = Bucket()
    bucket.learn(limit=10_000, remaining=9_990, reset_s=86.4)
    assert bucket.rate == pytest.approx(10_000 / 60)


def test_a_call_larger_than_the_bucket_passes_and_leaves_a_debt() -> None:
    bucket = Bucket()
    bucket.learn(limit=60_000, remaining=60_000, reset_s=0)
    assert calls_in(bucket, 60, amount=2800) == pytest.approx(60_000 * 0.95 / 2800, abs=2)


def test_a_persons_own_limit_is_not_overruled() -> None:
    async def learn() -> float | None:
        pacer = Pacer(8, requests_per_minute=60)
        pacer.learn({"x-ratelimit-limit-requests": "6000", "x-ratelimit-remaining-requests": "5999"})
        return pacer.requests.rate

    assert asyncio.run(learn()) == 1


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_429_pauses_everybody_at_least_as_long_as_asked() -> None:
    clock = Clock()
    pacer = Pacer(8, clock=clock, dice=random.Random(0))
    assert 7 <= pacer.limited(7.0, 1) <= 7.8
    clock.now = 6.9
    assert pacer._wait_s(1) > 0
    clock.now = 8
    assert pacer._wait_s(1) <= 0
    assert pacer.limited(None, 10) <= 33.1


def test_without_headers_the_number_in_flight_shrinks_by_a_fifth_and_grows_by_one() -> None:
    clock = Clock()
    pacer = Pacer(64, clock=clock)
    pacer.limited(1.0, 1)
    pacer.limited(1.0, 1)
    assert pacer.room == 51, "429s that come together count once"
    clock.now = 10
    pacer.limited(1.0, 1)
    assert pacer.room == 40
    for _ in range(25):
        pacer.in_flight += 1
        pacer.finished(ok=True)
    assert pacer.room == 41
    for _ in range(200):
        clock.now += 10
        pacer.limited(1.0, 1)
    assert pacer.room == 1


def test_no_more_are_in_flight_than_there_is_room() -> None:
    async def work() -> int:
        pacer = Pacer(3)
        most = 0

        async def call() -> None:
            nonlocal most
            await pacer.admit(10)
            most = max(most, pacer.in_flight)
            await asyncio.sleep(0)
            pacer.finished(ok=True)

        await asyncio.gather(*(call() for _ in range(50)))
        assert pacer.in_flight == 0
        return most

    assert asyncio.run(work()) == 3


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "9"}, 9),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after": "later"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(headers: dict[str, str], expected: float | None) -> None:
    assert retry_after(headers) == expected


def test_a_cap_counts_what_is_in_flight() -> None:
    budget = Budget(cap=1.0, spent=0.3)
    assert budget.reserve(0.4)
    assert not budget.reserve(0.4)
    budget.settle(0.4, 0.1)
    assert budget.spent == pytest.approx(0.4)
    assert budget.reserve(0.6)
    assert not budget.reserve(0.01)
    assert Budget(cap=None).reserve(1e9)


def test_the_most_a_call_can_cost_is_never_below_its_cost() -> None:
    price = CallPrice(2e-6, 8e-6)
    text = "日本語" * 100
    assert price.most(len(text.encode()), 100) >= price.cost(len(text) * 3, 100)
