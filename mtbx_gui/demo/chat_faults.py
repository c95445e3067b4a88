"""What each scripted fault of the demo judge looks like on the wire: errors, odd bodies, spoiled replies."""

import copy
import json
import math
from collections.abc import Mapping
from typing import Any

from mtbx_gui.demo.faults import Fault
from mtbx_gui.demo.loopback import Reply, json_reply

_ERRORS: dict[str, tuple[int, str, str, str | None]] = {
    "400": (400, "The request was refused.", "invalid_request_error", None),
    "401": (401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
    "403": (403, "Your region or project is not allowed.", "invalid_request_error", "unsupported_region"),
    "404": (404, "The model does not exist.", "invalid_request_error", "model_not_found"),
    "429": (429, "Rate limit reached.", "requests", "rate_limit_exceeded"),
    "insufficient_quota": (
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "insufficient_quota",
    ),
    "500": (500, "The server had an error while processing your request.", "server_error", None),
    "503": (503, "The engine is currently overloaded, please try again later.", "server_error", None),
}
_SPOILED = frozenset(
    {"broken_json", "null_content", "empty_content", "content_filter", "length", "refusal", "no_verdict"}
)
FAULT_KINDS = frozenset({*_ERRORS, *_SPOILED, "timeout", "drop", "html", "error_body"})


def status_fault(fault: Fault, headers: Mapping[str, str]) -> Reply | None:
    """The reply for faults that need no completion; None for those that spoil one."""
    if fault.kind in _ERRORS:
        status, message, kind, code = _ERRORS[fault.kind]
        error = {"message": message, "type": kind, "param": None, "code": code}
        return json_reply(status, {"error": error}, {**headers, **_retry_after(fault)})
    match fault.kind:
        case "timeout":
            return Reply(hang=True)
        case "drop":
            return Reply(drop=True)
        case "html":
            page = b"<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>"
            return Reply(200, page, headers, content_type="text/html; charset=utf-8")
        case "error_body":
            error = {"message": "The backend is busy.", "type": "server_error", "param": None, "code": None}
            return json_reply(200, {"error": error}, headers)
        case _:
            return None


def spoiled_completion(fault: Fault, completion: dict[str, Any], headers: Mapping[str, str]) -> Reply:
    """A completion that is cut, filtered, empty, refused, lacks its verdict, or is no JSON to the end."""
    if fault.kind == "broken_json":
        whole = json.dumps(completion, ensure_ascii=False).encode()
        return Reply(200, whole[: len(whole) // 2], headers)
    spoiled = copy.deepcopy(completion)
    choice = spoiled["choices"][0]
    message = choice["message"]
    text = message["content"]
    match fault.kind:
        case "null_content":
            message["content"] = None
        case "empty_content":
            message["content"] = ""
        case "content_filter":
            message["content"] = ""
            choice["finish_reason"] = "content_filter"
        case "length":
            message["content"] = text[: len(text) // 2]
            choice["finish_reason"] = "length"
        case "refusal":
            message["content"] = None
            message["refusal"] = "The demo judge refuses, as it was told to."
        case "no_verdict":
            message["content"] = text.rpartition("\n\n")[0]
    return json_reply(200, spoiled, headers)


def _retry_after(fault: Fault) -> dict[str, str]:
    if fault.retry_after_s is None:
        return {}
    return {
        "retry-after": str(math.ceil(fault.retry_after_s)),
        "retry-after-ms": str(math.ceil(fault.retry_after_s * 1000)),
    }
