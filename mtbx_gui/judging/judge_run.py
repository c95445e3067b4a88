"""The judge run: a process of its own that makes the missing calls and appends what comes back.

`python -m mtbx_gui.judging.judge_run RUN_DIR`. It knows no study and no window; the key comes in by the
environment variable MTBX_API_KEY.
"""

import asyncio
import os
from typing import Any

from mtbx_gui.judging.budget import CallPrice
from mtbx_gui.judging.failures import no_key
from mtbx_gui.judging.profiles import OPENAI_URL, JudgeProfile
from mtbx_gui.judging.workers import Judging, Material
from mtbx_gui.rundir.attempt import Attempt, run_main
from mtbx_gui.study.records import JudgePrompt

KEY_VARIABLE = "MTBX_API_KEY"
DEMO_KEY = "demo-judge-key"
"""What the demo services ask for; it opens nothing else."""


def work(attempt: Attempt) -> dict[str, Any]:
    """Make the calls of in/calls.jsonl that out/judgments.jsonl lacks. Raises JudgeStopped."""
    import openai

    profile = JudgeProfile.model_validate(attempt.config["profile"])
    key = _key(profile)
    material = _material(attempt, profile)
    attempt.log(f"{len(material.calls)} calls to {profile.shown} at {profile.base_url}")

    async def judge() -> dict[str, Any]:
        client = openai.AsyncOpenAI(
            api_key=key,
            base_url=profile.base_url,
            max_retries=0,
            timeout=openai.Timeout(profile.timeout_s, connect=10.0),
        )
        async with client:
            return await Judging(attempt, profile, material, client).run()

    return asyncio.run(judge())


def _key(profile: JudgeProfile) -> str:
    key = os.environ.get(KEY_VARIABLE, "")
    if key:
        return key
    if profile.is_demo:
        return DEMO_KEY
    if profile.base_url.rstrip("/") == OPENAI_URL:
        raise no_key(profile)
    return "none"


def _material(attempt: Attempt, profile: JudgeProfile) -> Material:
    config = attempt.config
    templates = {row["id"]: row for row in attempt.input("templates")}
    price = config.get("price")
    return Material(
        calls=attempt.input("calls"),
        texts={row["id"]: row["text"] for row in attempt.input("texts")},
        templates=templates,
        prompts={
            name: JudgePrompt(
                row["prompt_set"], row["name"], row["language"], row["system_prompt"], row["prompt_template"]
            )
            for name, row in templates.items()
        },
        reference_set=str(config.get("reference_set", "")),
        price=None if price is None else CallPrice(price["input"], price["output"]),
        cap=config.get("cap"),
        currency=str(config.get("currency", "")),
        workers=int(config.get("workers", 8)),
        retry_base_s=float(config.get("retry_base_s", 0.5)),
    )


if __name__ == "__main__":
    raise SystemExit(run_main(work))
