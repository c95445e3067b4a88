"""The workers of a judge run: they take calls, ask, write down each attempt, and stop together.

Every attempt is on disk before the next one of its call; every finished judgment is on disk once.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtbx_gui.judging.asking import Outcome, ask
from mtbx_gui.judging.budget import Budget, CallPrice
from mtbx_gui.judging.calls import refill
from mtbx_gui.judging.failures import (
    asks_to_wait,
    cap_reached,
    keeps_failing,
    unanswered,
    unreachable,
)
from mtbx_gui.judging.history import ATTEMPTS, CallHistory, read_history, spent
from mtbx_gui.judging.pacing import Pacer
from mtbx_gui.judging.profiles import JudgeProfile
from mtbx_gui.judging.prompts import FilledPrompt
from mtbx_gui.judging.rows import attempt_row, judgment_row, sent_row
from mtbx_gui.rundir.attempt import Attempt
from mtbx_gui.rundir.errors import BrokenRunDir
from mtbx_gui.rundir.jsonl import append_line, read_lines
from mtbx_gui.study.records import JudgePrompt

if TYPE_CHECKING:
    from openai import AsyncOpenAI

JUDGMENTS = "judgments"
TRANSIENT_TRIES = 6
FIRST_CONTACT_TRIES = 3
FAILED_CALLS_IN_A_ROW = 10
LONGEST_PAUSE_S = 600.0
LONGEST_BACKOFF_S = 20.0
GRACE_S = 10.0
"""How long calls in flight may still finish after a fatal error."""
LOOK_EVERY_S = 0.1
METRIC_EVERY_S = 1.0


@dataclass(frozen=True)
class Material:
    """What a run is made of: its calls with their texts and templates, its prices and its speed."""

    calls: list[dict[str, Any]]
    texts: dict[str, str]
    templates: dict[str, dict[str, Any]]
    prompts: dict[str, JudgePrompt]
    reference_set: str
    price: CallPrice | None
    cap: float | None
    currency: str
    workers: int
    retry_base_s: float


class Judging:
    """One attempt at a judge run, inside one event loop."""

    def __init__(
        self, attempt: Attempt, profile: JudgeProfile, material: Material, client: "AsyncOpenAI"
    ) -> None:
        self.attempt = attempt
        self.profile = profile
        self.material = material
        self.client = client
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="judge-disk")
        self._history = read_history(read_lines(attempt.dir.out(ATTEMPTS)))
        self._budget = Budget(material.cap, spent(self._history))
        self._pacer = Pacer(material.workers, profile.requests_per_minute, profile.tokens_per_minute)
        self._random = random.Random()
        done = attempt.done_keys(JUDGMENTS)
        self._queue = deque(call for call in material.calls if call["key"] not in done)
        self._done = len(material.calls) - len(self._queue)
        self._reached = False
        self._failed: list[str] = []
        self._failed_in_a_row = 0
        self._no_verdict = 0
        self._stop: Exception | None = None
        self._told: dict[str, Any] = {}
        self._settled = asyncio.Event()

    async def run(self) -> dict[str, Any]:
        """Work until all calls are made, cancelled, or nobody should be asked any more.

        Returns the run's result; raises JudgeStopped when calls are left that need somebody's hand.
        """
        total = len(self.material.calls)
        workers = [
            asyncio.create_task(self._work()) for _ in range(min(self.material.workers, len(self._queue)))
        ]
        watch = asyncio.create_task(self._watch(workers))
        try:
            await asyncio.gather(*workers, return_exceptions=True)
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
            self._disk.shutdown(wait=True)
        self._metric()
        if self.attempt.cancelled():
            return {}
        if self._stop is not None:
            raise self._stop
        if self._failed:
            raise unanswered(self.profile, len(self._failed), total, self._failed[-1])
        return {
            "sentence": f"Finished: {total} judgments, {self._no_verdict} of them without a verdict.",
            "judgments": total,
            "no_verdict": self._no_verdict,
            "spent": self._budget.spent if self.material.price else None,
            "currency": self.material.currency,
            "limited": self._pacer.limited_count,
        }

    async def _work(self) -> None:
        while self._queue and self._stop is None:
            try:
                await self._judge(self._queue.popleft())
            except Exception as error:
                self._halt(error)

    async def _judge(self, call: dict[str, Any]) -> None:
        """Ask until the call is decided, given up, or the run stops."""
        prompt = refill(call, self.material.prompts, self.material.texts)
        if prompt.sha256 != call["prompt_sha256"]:
            raise BrokenRunDir(
                f"The call {call['key'][:12]} no longer has the prompt it was planned with.", "Plan it again."
            )
        history = self._history.setdefault(call["key"], CallHistory())
        tries = limited = 0
        while self._stop is None:
            if history.deciding() is not None:
                await self._finish(call, prompt, history)
                return
            outcome = await self._ask(call, prompt, history)
            if outcome is None:
                return
            if outcome.kind == "limited":
                limited += 1
                self._pause(outcome, limited)
            elif outcome.kind in ("transient", "unreachable", "odd"):
                tries += 1
                if history.deciding() is None and not await self._try_again(outcome, tries):
                    return
            elif outcome.stop is not None:
                self._halt(outcome.stop)

    def _pause(self, outcome: Outcome, times: int) -> None:
        pause = self._pacer.limited(outcome.retry_after_s, times)
        if pause > LONGEST_PAUSE_S:
            self._halt(asks_to_wait(self.profile, pause))

    async def _try_again(self, outcome: Outcome, tries: int) -> bool:
        """Wait before the next try; False when this call is given up."""
        most = TRANSIENT_TRIES
        if outcome.kind == "unreachable" and not self._reached:
            most = FIRST_CONTACT_TRIES
        if tries >= most:
            if outcome.kind == "unreachable":
                self._halt(unreachable(self.profile, outcome.why, self._reached))
                return False
            self._failed.append(outcome.why)
            self._failed_in_a_row += 1
            if self._failed_in_a_row >= FAILED_CALLS_IN_A_ROW:
                self._halt(keeps_failing(self.profile, outcome.why))
            return False
        backoff = min(LONGEST_BACKOFF_S, self.material.retry_base_s * 2 ** (tries - 1))
        wait = max(backoff * (0.75 + 0.5 * self._random.random()), outcome.retry_after_s or 0.0)
        if wait > LONGEST_PAUSE_S:
            self._halt(asks_to_wait(self.profile, wait))
            return False
        await asyncio.sleep(wait)
        return True

    async def _ask(self, call: dict[str, Any], prompt: FilledPrompt, history: CallHistory) -> Outcome | None:
        """One attempt, paced and paid for, written down; None when the run stops before it."""
        price = self.material.price
        size = len(prompt.system.encode("utf-8", "replace")) + len(prompt.user.encode("utf-8", "replace"))
        most = 0.0 if price is None else price.most(size, self.profile.max_tokens)
        if not await self._reserve(most):
            return None
        number = history.count + 1
        outcome: Outcome | None = None
        admitted, spent_on_it = False, 0.0
        try:
            await self._pacer.admit(call["tokens"] + self.profile.max_tokens)
            admitted = True
            if self._stop is not None:
                return None
            if most:
                sent = sent_row(call["key"], number, most)
                await self._write(lambda: append_line(self._attempts, sent, sync=False))
            spent_on_it = most
            outcome = await ask(self.client, self.profile, prompt)
            cost = self._cost(outcome, most)
            spent_on_it = cost or 0.0
            row = attempt_row(call["key"], number, outcome, cost, call["verdicts"])
            await self._write(lambda: append_line(self._attempts, row))
            history.attempts.append(row)
        finally:
            self._budget.settle(most, spent_on_it)
            self._settled.set()
            if admitted:
                self._pacer.finished(ok=outcome is not None and outcome.kind == "reply")
        self._learn(outcome)
        return outcome

    async def _reserve(self, amount: float) -> bool:
        """Set money aside; waits for calls in flight where these may free enough. False at the cap."""
        while not self._budget.reserve(amount):
            if not self._budget.in_flight:
                cap = self.material.cap or 0.0
                self._halt(cap_reached(cap, self.material.currency, self._done, len(self.material.calls)))
                return False
            self._settled.clear()
            await self._settled.wait()
            if self._stop is not None:
                return False
        return True

    def _cost(self, outcome: Outcome, most: float) -> float | None:
        """What an attempt cost; where the server doesn't say, the most it can have cost."""
        price = self.material.price
        if price is None:
            return None
        usage = outcome.usage
        if "prompt_tokens" in usage and "completion_tokens" in usage:
            return price.cost(int(usage["prompt_tokens"]), int(usage["completion_tokens"]))
        return most if outcome.billed else 0.0

    def _learn(self, outcome: Outcome) -> None:
        self._pacer.learn(outcome.headers)
        if outcome.status:
            self._reached = True
        if outcome.kind == "reply":
            self._failed_in_a_row = 0
        elif outcome.kind != "limited":
            self.attempt.log(outcome.why)

    async def _finish(self, call: dict[str, Any], prompt: FilledPrompt, history: CallHistory) -> None:
        template = self.material.templates[call["template"]]
        row = judgment_row(call, template, prompt, self.profile, history, self.material.reference_set)
        await self._write(lambda: self.attempt.piece(JUDGMENTS, row))
        self._done += 1
        self._no_verdict += row["reason"] is not None

    @property
    def _attempts(self) -> Path:
        return self.attempt.dir.out(ATTEMPTS)

    async def _write(self, write: Callable[[], None]) -> None:
        """Write in the disk's own thread; a line once begun is finished even if this worker is cancelled."""
        await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._disk, write))

    def _halt(self, stop: Exception) -> None:
        if self._stop is None:
            self._stop = stop
            self.attempt.log(str(stop))
            self._settled.set()

    async def _watch(self, workers: list["asyncio.Task[None]"]) -> None:
        """See cancellation within a tenth of a second, and tell the progress once a second."""
        loop = asyncio.get_running_loop()
        told = halted = loop.time()
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            now = loop.time()
            if self._stop is None or getattr(self._stop, "patient", False):
                halted = now
            if self.attempt.cancelled() or now - halted > GRACE_S:
                for worker in workers:
                    worker.cancel()
                return
            if now - told >= METRIC_EVERY_S:
                told = now
                self._metric()

    def _metric(self) -> None:
        row = {
            "done": self._done,
            "total": len(self.material.calls),
            "spent": self._budget.spent if self.material.price else None,
            "cap": self.material.cap,
            "in_flight": self._pacer.in_flight,
            "limited": self._pacer.limited_count,
            "no_verdict": self._no_verdict,
        }
        if row != self._told:
            self._told = row
            self.attempt.metric(row)
