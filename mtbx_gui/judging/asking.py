"""One request to an OpenAI-like server, and what came of it as a record. Never retries, never parses."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Literal

from mtbx_gui.judging.failures import JudgeStopped, refused
from mtbx_gui.judging.profiles import JudgeProfile
from mtbx_gui.judging.prompts import FilledPrompt

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI

Kind = Literal["reply", "odd", "too_long", "transient", "unreachable", "limited", "fatal"]


@dataclass(frozen=True)
class Outcome:
    """What one request came to.

    reply: a chat completion, whatever it holds; odd: status 200 without one; too_long: this prompt does not
    fit; transient, unreachable, limited: to be asked again; fatal: `stop` says why nobody should be asked
    any more. `billed` is False where surely nothing is charged. `why` is a phrase for people.
    """

    kind: Kind
    why: str = ""
    text: str | None = None
    finish_reason: str | None = None
    refusal: str | None = None
    usage: dict[str, Any] = field(default_factory=dict)
    returned_model: str = ""
    fingerprint: str = ""
    request_id: str = ""
    status: int = 0
    retry_after_s: float | None = None
    headers: dict[str, str] = field(default_factory=dict)
    billed: bool = False
    latency_s: float = 0.0
    stop: JudgeStopped | None = None


async def ask(client: "AsyncOpenAI", profile: JudgeProfile, prompt: FilledPrompt) -> Outcome:
    """Send one request. Raises nothing but cancellation."""
    import openai

    messages: list[Any] = [{"role": "user", "content": prompt.user}]
    if prompt.system:
        messages.insert(0, {"role": "system", "content": prompt.system})
    start = time.monotonic()
    headers: dict[str, str] = {}
    try:
        raw = await client.chat.completions.with_raw_response.create(
            messages=messages, **profile.parameters()
        )
        headers = {name.lower(): value for name, value in raw.headers.items()}
        return _read(raw.parse(), headers, time.monotonic() - start)
    except openai.APITimeoutError:
        why = f"no reply within {profile.timeout_s:g} s"
        return Outcome("transient", why, billed=True, latency_s=time.monotonic() - start)
    except openai.APIConnectionError as error:
        return _no_connection(error, time.monotonic() - start)
    except openai.APIStatusError as error:
        return _status(profile, error, time.monotonic() - start)
    except (json.JSONDecodeError, openai.APIError, ValueError) as error:
        why = f"a reply that can't be read ({error})"
        return Outcome(
            "odd", why, headers=headers, status=200, billed=True, latency_s=time.monotonic() - start
        )


def _read(completion: Any, headers: dict[str, str], latency_s: float) -> Outcome:
    """A reply with status 200, which need not be a completion: HTML comes as str, errors without choices."""
    known: dict[str, Any] = {
        "headers": headers,
        "request_id": headers.get("x-request-id", ""),
        "status": 200,
        "billed": True,
        "latency_s": latency_s,
    }
    if isinstance(completion, str):
        return Outcome("odd", "a page of text in place of a reply", text=completion[:2000], **known)
    choices = getattr(completion, "choices", None)
    if not choices or getattr(choices[0], "message", None) is None:
        detail = getattr(completion, "error", None) or (getattr(completion, "model_extra", None) or {}).get(
            "error"
        )
        text = json.dumps(detail, ensure_ascii=False, default=str)[:2000] if detail else None
        return Outcome("odd", "a reply without any choice", text=text, **known)
    choice, message = choices[0], choices[0].message
    usage = completion.usage.model_dump(exclude_none=True) if getattr(completion, "usage", None) else {}
    content = message.content
    return Outcome(
        "reply",
        text=content if content is None or isinstance(content, str) else str(content),
        finish_reason=choice.finish_reason,
        refusal=getattr(message, "refusal", None),
        usage=usage,
        returned_model=str(completion.model or ""),
        fingerprint=str(getattr(completion, "system_fingerprint", None) or ""),
        **known,
    )


def _no_connection(error: Exception, latency_s: float) -> Outcome:
    import httpx2

    cause = error.__cause__
    if isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.UnsupportedProtocol):
        return Outcome("unreachable", _reason(cause) or "no connection", latency_s=latency_s)
    why = f"the connection broke ({_reason(cause or error)})"
    return Outcome("transient", why, billed=True, latency_s=latency_s)


def _reason(error: BaseException) -> str:
    text = str(error).strip().split("\n")[0].rstrip(".")
    if "refused" in text.lower() or "All connection attempts failed" in text:
        return "connection refused"
    return text or type(error).__name__


def _status(profile: JudgeProfile, error: "APIStatusError", latency_s: float) -> Outcome:
    status, code = error.status_code, error.code or getattr(error, "type", None) or ""
    headers = {name.lower(): value for name, value in error.response.headers.items()}
    message = error.body.get("message", "") if isinstance(error.body, dict) else ""
    why = f"status {status}: {str(message or error.message)[:300]}"
    known: dict[str, Any] = {
        "why": why,
        "status": status,
        "headers": headers,
        "request_id": headers.get("x-request-id", ""),
        "latency_s": latency_s,
    }
    quota = "insufficient_quota" in (error.code, getattr(error, "type", None))
    if status == 429 and not quota:
        return Outcome("limited", retry_after_s=retry_after(headers), **known)
    if status in (408, 409) or status >= 500:
        return Outcome("transient", retry_after_s=retry_after(headers), **known)
    if code == "context_length_exceeded" or status == 413:
        return Outcome("too_long", text=str(message or error.message)[:2000], **known)
    if code == "content_filter":
        return Outcome("reply", finish_reason="content_filter", **known)
    stop = refused(
        profile,
        status,
        "insufficient_quota" if quota else code,
        str(message or error.message),
        str(error.param or ""),
    )
    return Outcome("fatal", stop=stop, **known)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait as the server asks: retry-after-ms, or Retry-After in seconds or as a date."""
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        text = headers.get("retry-after", "").strip()
        if not text:
            return None
        if text.replace(".", "", 1).isdigit():
            return float(text)
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError):
        return None
