"""The lines a judge run writes: one per attempt, one per finished judgment. Formats only."""

import time
from typing import Any

from mtbx_gui import __version__
from mtbx_gui.judging.asking import Outcome
from mtbx_gui.judging.history import CallHistory
from mtbx_gui.judging.profiles import JudgeProfile
from mtbx_gui.judging.prompts import FilledPrompt
from mtbx_gui.judging.verdicts import PARSER_VERSION, ParsedVerdict, Reason, VerdictMode, parse_verdict

_VALUES = ("score", "verdict", "reason")


def sent_row(call: str, number: int, reserved: float) -> dict[str, Any]:
    """Written before a request leaves, so that money is counted even if the run is killed."""
    return {"key": f"{call}:{number}", "call": call, "n": number, "outcome": "sent", "reserved": reserved}


def attempt_row(
    call: str, number: int, outcome: Outcome, cost: float | None, verdicts: VerdictMode
) -> dict[str, Any]:
    """One attempt with everything that came back."""
    read = _read(outcome, verdicts)
    return {
        "key": f"{call}:{number}",
        "call": call,
        "n": number,
        "outcome": outcome.kind,
        "why": outcome.why,
        "status": outcome.status,
        "text": outcome.text,
        "finish_reason": outcome.finish_reason,
        "refusal": outcome.refusal,
        "score": read.score,
        "verdict": read.verdict,
        "reason": read.reason,
        "usage": outcome.usage,
        "cost": cost,
        "returned_model": outcome.returned_model,
        "fingerprint": outcome.fingerprint,
        "request_id": outcome.request_id,
        "latency_s": round(outcome.latency_s, 4),
        "tstamp": time.time(),
    }


def _read(outcome: Outcome, verdicts: VerdictMode) -> ParsedVerdict:
    if outcome.kind == "reply":
        return parse_verdict(verdicts, outcome.text, outcome.finish_reason, outcome.refusal)
    reason: Reason = "api_error"
    return ParsedVerdict(reason=reason)


def judgment_row(
    call: dict[str, Any],
    template: dict[str, Any],
    prompt: FilledPrompt,
    profile: JudgeProfile,
    history: CallHistory,
    reference_set: str,
) -> dict[str, Any]:
    """The finished judgment; its history must have a deciding attempt."""
    deciding = history.deciding()
    if deciding is None:
        raise ValueError(f"the call {call['key']} is not decided yet")
    same = ("key", "mode", "question_id", "language", "turn", "repetition", "model_1", "model_2", "game")
    return {
        **{name: call[name] for name in same},
        "judge": profile.id,
        "prompt_name": template["name"],
        "prompt_set": template["prompt_set"],
        "prompt_language": template["language"],
        "template_sha256": template["sha256"],
        "prompt_sha256": prompt.sha256,
        "reference_set": reference_set if "ref_answer_1" in call["values"] else "",
        "user_prompt": prompt.user,
        "judgment": deciding["text"],
        **{name: deciding[name] for name in _VALUES},
        "parser_version": PARSER_VERSION,
        "requested_model": profile.model,
        "parameters": profile.parameters(),
        "usage": deciding["usage"],
        "cost": history.cost,
        "returned_model": deciding["returned_model"],
        "request_id": deciding["request_id"],
        "fingerprint": deciding["fingerprint"],
        "finish_reason": deciding["finish_reason"],
        "refusal": deciding["refusal"],
        "latency_s": deciding["latency_s"],
        "attempts": history.count,
        "tstamp": deciding["tstamp"],
        "app_version": __version__,
    }
