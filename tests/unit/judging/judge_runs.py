"""Helpers for tests that let real judge runs talk to the demo judge's server on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from mtbx_gui.demo.openai_service import OpenAIService
from mtbx_gui.judging.choice import JudgeChoice
from mtbx_gui.judging.judge_run import KEY_VARIABLE, work
from mtbx_gui.judging.plan import build_plan
from mtbx_gui.judging.profiles import demo_profile, save_profile
from mtbx_gui.rundir.attempt import Attempt
from mtbx_gui.rundir.jsonl import read_lines
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.study.study import Study

__all__ = ["KEY_VARIABLE", "attempt_rows", "judge", "judgment_rows", "make_run", "requests_of", "served"]

SMALL = {"languages": ["en"], "models": ["assistant-north"], "categories": ["writing"]}
"""Four calls: two questions, two turns."""


@contextmanager
def served(study: Study, *, profile: dict[str, Any] | None = None, **options: Any) -> Iterator[OpenAIService]:
    """The demo judge's server, with the study's demo profile pointing at it."""
    with OpenAIService(**options) as service:
        demo = demo_profile(service.url)
        save_profile(study, demo.model_copy(update=profile or {}), "ada")
        yield service


def make_run(study: Study, *, retry_base_s: float = 0.01, **choice: Any) -> RunDir:
    """The run directory of a plan, not started."""
    wanted = {"profile": "demo judge", **SMALL, **choice}
    plan = build_plan(study, JudgeChoice.model_validate(wanted))
    plan.check_startable()
    run = replace(plan.run, config=plan.run.config | {"retry_base_s": retry_base_s})
    number = len(list(study.runs_folder.iterdir())) + 1
    return RunDir.create(study.runs_folder / f"judge-{number}", f"judge-{number}", run, {})


def judge(run: RunDir) -> dict[str, Any]:
    """One attempt at a run, inside this process. Raises what the run's process would tell."""
    number = run.newest_attempt() + 1
    run.attempt(number).mkdir(parents=True)
    return work(Attempt(run, run.spec(), number))


def judgment_rows(run: RunDir) -> list[dict[str, Any]]:
    """The finished judgments."""
    return list(read_lines(run.out("judgments")))


def attempt_rows(run: RunDir) -> list[dict[str, Any]]:
    """The attempts, without the notes that one was sent."""
    return [row for row in read_lines(run.out("attempts")) if row["outcome"] != "sent"]


def requests_of(service: OpenAIService) -> int:
    """How many chat completions were asked for."""
    return sum(request.path.endswith("/chat/completions") for request in service.requests)
