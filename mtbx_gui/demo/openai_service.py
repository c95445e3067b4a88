"""The demo judge behind OpenAI's protocol: /v1/models and /v1/chat/completions, on loopback.

Its one model is `demo-judge`, a set of rules; it never takes the name of a real model, and asks nobody else.
"""

import hashlib
import math
import threading
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from mtbx_gui.demo.chat_faults import FAULT_KINDS, spoiled_completion, status_fault
from mtbx_gui.demo.control import control
from mtbx_gui.demo.faults import Fault, FaultPlan
from mtbx_gui.demo.loopback import LoopbackService, Reply, Request, json_reply
from mtbx_gui.demo.rate_limit import RateLimiter, RateLimits
from mtbx_gui.demo.rule_judge import judge

DEMO_JUDGE = "demo-judge"
DEMO_OPENAI_KEY = "demo-judge-key"
FINGERPRINT = "fp_demo_judge_rules_1"
_CREATED = 1_767_225_600  # 2026-01-01, when the rules were written down
_CHARACTERS_PER_TOKEN = 4
_SPREAD = 0.6  # of quality, at temperature 1


class OpenAIService(LoopbackService):
    """OpenAI's protocol with the demo judge behind it.

    `models` maps model ids to their shutdown_date ("2027-01-14") or None; one shut down is gone (404).
    `refused_parameters` are answered with 400, as reasoning models do with "temperature" (other than 1) and
    "max_tokens". `rate_headers` off imitates local servers that tell nothing of their limits.
    `faults` apply to chat completions only.
    """

    name = "demo judge"

    def __init__(
        self,
        *,
        port: int = 0,
        key: str = DEMO_OPENAI_KEY,
        models: Mapping[str, str | None] | None = None,
        faults: Iterable[Fault | str] = (),
        limits: RateLimits | None = None,
        rate_headers: bool = True,
        refused_parameters: Iterable[str] = (),
        latency_s: float = 0.0,
    ) -> None:
        super().__init__(port=port, latency_s=latency_s)
        self.key = key
        self.faults = FaultPlan(FAULT_KINDS, faults)
        self._models = dict(models) if models is not None else {DEMO_JUDGE: None}
        self._limiter = RateLimiter(limits or RateLimits())
        self._rate_headers = rate_headers
        self._refused = frozenset(refused_parameters)
        self._served = 0
        self._served_lock = threading.Lock()

    @property
    def url(self) -> str:
        """The `base_url` for the openai client."""
        return f"{self.root_url}/v1"

    def answer(self, request: Request) -> Reply:
        """One request of the client; each reply carries an x-request-id."""
        with self._served_lock:
            self._served += 1
            request_id = f"req_demo_{self._served:06d}"
        reply = self._answer(request)
        return Reply(
            reply.status,
            reply.body,
            {"x-request-id": request_id, "openai-processing-ms": "1", **reply.headers},
            reply.content_type,
            reply.hang,
            reply.drop,
        )

    def _answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {self.key}":
            return api_error(
                401, "Incorrect API key provided: this is the demo judge.", code="invalid_api_key"
            )
        controlled = control(self, self.faults, request)
        if controlled is not None:
            return controlled
        if request.method == "GET" and request.path == "/v1/models":
            return json_reply(200, {"object": "list", "data": [self._model(name) for name in self._models]})
        if request.method == "GET" and request.path.startswith("/v1/models/"):
            name = request.path.removeprefix("/v1/models/")
            return json_reply(200, self._model(name)) if name in self._models else _no_model(name)
        if request.method == "POST" and request.path == "/v1/chat/completions":
            return self._chat(request)
        return api_error(404, f"Invalid URL ({request.method} {request.path})")

    def _model(self, name: str) -> dict[str, Any]:
        return {
            "id": name,
            "object": "model",
            "created": _CREATED,
            "owned_by": "mtbx-gui-demo",
            "shutdown_date": self._models[name],
        }

    def _chat(self, request: Request) -> Reply:
        body = request.body
        problem = self._problem(body)
        if problem is not None:
            return problem
        system, user = _texts(body["messages"])
        prompt_tokens = count_tokens(system) + count_tokens(user)
        limit = body.get("max_completion_tokens") or body.get("max_tokens")
        admission = self._limiter.admit(prompt_tokens + int(limit or 0))
        headers = admission.headers if self._rate_headers else {}
        if not admission.allowed:
            wait = admission.retry_after_s
            return api_error(
                429,
                f"Rate limit reached for {body['model']}. Please try again in {wait:.2f}s.",
                kind="requests",
                code="rate_limit_exceeded",
                headers={
                    **headers,
                    "retry-after": str(math.ceil(wait)),
                    "retry-after-ms": str(math.ceil(wait * 1000)),
                },
            )
        fault = self.faults.take(f"{system}\n{user}")
        if fault is not None:
            broken = status_fault(fault, headers)
            if broken is not None:
                return broken
        completion = _complete(body, system, user, prompt_tokens)
        if fault is not None:
            return spoiled_completion(fault, completion, headers)
        return json_reply(200, completion, headers)

    def _problem(self, body: Any) -> Reply | None:
        """What is wrong with a chat request, in OpenAI's way of telling it."""
        if not isinstance(body, dict):
            return api_error(400, "We could not parse the JSON body of your request.")
        name = body.get("model")
        if not isinstance(name, str) or not name:
            return api_error(400, "you must provide a model parameter")
        if name not in self._models or _shut_down(self._models[name]):
            return _no_model(name)
        messages = body.get("messages")
        if not isinstance(messages, list) or not messages or not all(isinstance(m, dict) for m in messages):
            return _invalid("messages", "messages must be a list of at least one message.")
        if body.get("stream"):
            return _invalid("stream", "The demo judge does not stream.", code="unsupported_value")
        if body.get("n") not in (None, 1):
            return _invalid("n", "The demo judge gives one choice.", code="unsupported_value")
        return self._number_problem(body)

    def _number_problem(self, body: dict[str, Any]) -> Reply | None:
        for name in ("max_tokens", "max_completion_tokens"):
            value = body.get(name)
            if value is None:
                continue
            if name in self._refused:
                other = "max_completion_tokens" if name == "max_tokens" else "max_tokens"
                text = f"Unsupported parameter: '{name}' is not supported here. Use '{other}' instead."
                return _invalid(name, text, code="unsupported_parameter")
            if not isinstance(value, int) or value < 1:
                return _invalid(name, f"{name} must be a whole number of at least 1.")
        temperature = body.get("temperature")
        if temperature is not None:
            if not isinstance(temperature, int | float) or not 0 <= temperature <= 2:
                return _invalid("temperature", "temperature must lie between 0 and 2.")
            if "temperature" in self._refused and temperature != 1:
                text = f"Unsupported value: 'temperature' does not support {temperature} with this model."
                return _invalid("temperature", text, code="unsupported_value")
        seed = body.get("seed")
        if seed is not None and ("seed" in self._refused or not isinstance(seed, int)):
            return _invalid("seed", "seed must be a whole number, if the model takes one.")
        return None


def count_tokens(text: str) -> int:
    """A rough count of tokens: a quarter of the characters."""
    return math.ceil(len(text) / _CHARACTERS_PER_TOKEN)


def api_error(
    status: int,
    message: str,
    *,
    kind: str = "invalid_request_error",
    code: str | None = None,
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """An error the way OpenAI words it."""
    error = {"message": message, "type": kind, "param": param, "code": code}
    return json_reply(status, {"error": error}, headers)


def _invalid(param: str, message: str, *, code: str | None = None) -> Reply:
    return api_error(400, message, param=param, code=code)


def _no_model(name: str) -> Reply:
    return api_error(
        404,
        f"The model `{name}` does not exist or you do not have access to it.",
        code="model_not_found",
    )


def _shut_down(day: str | None) -> bool:
    return day is not None and date.fromisoformat(day) <= datetime.now(UTC).date()


def _texts(messages: list[dict[str, Any]]) -> tuple[str, str]:
    """The system text and the last user text; content parts are joined."""
    system = [_content(m) for m in messages if m.get("role") in ("system", "developer")]
    user = [_content(m) for m in messages if m.get("role") == "user"]
    return "\n".join(system), user[-1] if user else ""


def _content(message: dict[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _complete(body: dict[str, Any], system: str, user: str, prompt_tokens: int) -> dict[str, Any]:
    """The chat completion. Without temperature (or at 0) and with equal texts it is always the same."""
    temperature = float(body.get("temperature") or 0.0)
    text = judge(system, user, spread=_SPREAD * min(1.0, temperature), seed=body.get("seed") or 0).text
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    cut = False
    if limit is not None and count_tokens(text) > limit:
        cut = True
        text = text[: limit * _CHARACTERS_PER_TOKEN]
    tokens = count_tokens(text)
    digest = hashlib.sha256(f"{system}\x00{user}\x00{text}".encode("utf-8", "surrogatepass")).hexdigest()
    return {
        "id": f"chatcmpl-demo-{digest[:24]}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": body["model"],
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text, "refusal": None},
                "logprobs": None,
                "finish_reason": "length" if cut else "stop",
            }
        ],
        "usage": {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": tokens,
            "total_tokens": prompt_tokens + tokens,
            "prompt_tokens_details": {"cached_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0},
        },
        "service_tier": "default",
        "system_fingerprint": FINGERPRINT,
    }
