"""Intervals and exact tests for counts: Wilson, two-sided binomial, bootstrap by question. numpy only."""

import math
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

import numpy as np

from mtbx_gui.results.values import FloatArray, Interval

Z95 = 1.959963984540054
"""The normal quantile of 97.5 %."""

RESAMPLES = 2000
SEED = 240213703
"""Seed of every bootstrap, so that the same data give the same interval on every machine."""

_EXACT_UP_TO = 2000
_CACHED_UP_TO = 200
_CHUNK = 4_000_000


def wilson(successes: int, total: int) -> Interval | None:
    """The Wilson score interval of a share at 95 % (Wilson 1927, no continuity correction).

    None when total is 0. Raises ValueError unless 0 <= successes <= total.
    """
    _check(successes, total)
    if total == 0:
        return None
    share, z2 = successes / total, Z95 * Z95
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = Z95 / (1 + z2 / total) * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == total else min(1.0, middle + half)
    return Interval(low, high)


def binomial_p(successes: int, total: int) -> float:
    """Two-sided p of an exact binomial test against 1/2; 1.0 when there was no trial.

    Exact in integers up to 2,000 trials, by log-gamma (relative error below 1e-9) beyond.
    """
    _check(successes, total)
    tail = min(successes, total - successes)
    if 2 * tail == total:
        return 1.0
    if total <= _EXACT_UP_TO:
        term = below = 1
        for k in range(tail):
            term = term * (total - k) // (k + 1)
            below += term
        return float(Fraction(2 * below, 1 << total))
    # From the largest term downwards: C(n, k-1) / C(n, k) = k / (n - k + 1).
    falling = np.arange(tail, 0, -1, dtype=np.float64)
    terms = 1.0 + float(np.cumprod(falling / (total - falling + 1)).sum())
    log_largest = math.lgamma(total + 1) - math.lgamma(tail + 1) - math.lgamma(total - tail + 1)
    return min(1.0, 2 * math.exp(log_largest - total * math.log(2)) * terms)


def bootstrap(
    sums: FloatArray,
    statistic: Callable[[FloatArray], FloatArray],
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Interval | None:
    """The 95 % percentile interval of a statistic of per-question sums, resampling questions.

    `sums` has one row per question and a column per sum (both turns and all votes of a question stay
    together). `statistic` maps summed rows (resamples x columns) to values (resamples); resamples in which it
    is undefined come as nan and are left out. None for fewer than two questions, or when more than half of
    the resamples are undefined.
    """
    if sums.shape[0] < 2:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        values = statistic(_resampled(sums, resamples, seed))
    values = values[np.isfinite(values)]
    if 2 * len(values) < resamples:
        return None
    low, high = np.quantile(values, (0.025, 0.975))
    return Interval(float(low), float(high))


def ratio(sums: FloatArray) -> FloatArray:
    """The statistic "first column / second column" for `bootstrap`."""
    return np.asarray(sums[:, 0] / sums[:, 1], dtype=np.float64)


def _resampled(sums: FloatArray, resamples: int, seed: int) -> FloatArray:
    questions = sums.shape[0]
    if questions <= _CACHED_UP_TO:
        return np.asarray(_draws(questions, resamples, seed) @ sums, dtype=np.float64)
    generator = np.random.default_rng(seed)
    share = np.full(questions, 1 / questions)
    step = max(1, _CHUNK // questions)
    parts = [
        generator.multinomial(questions, share, size=min(step, resamples - start)) @ sums
        for start in range(0, resamples, step)
    ]
    return np.concatenate(parts)


@lru_cache(maxsize=32)
def _draws(questions: int, resamples: int, seed: int) -> FloatArray:
    """How often each question is drawn in each resample, for every statistic of as many questions."""
    share = np.full(questions, 1 / questions)
    drawn = np.random.default_rng(seed).multinomial(questions, share, size=resamples)
    return drawn.astype(np.float64)


def _check(successes: int, total: int) -> None:
    if not 0 <= successes <= total:
        raise ValueError(f"{successes} of {total} is not a share")
