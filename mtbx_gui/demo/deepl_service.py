"""The demo translator behind DeepL's protocol: enough of /v2 for the real `deepl` client, on loopback.

It answers from the demo's tables and a rough gloss, says "demo translator" in every result, and asks nobody
else. Formality and custom instructions are checked and then ignored, as the demo's texts have one form only.
"""

import re
import threading
from collections.abc import Iterable
from typing import Any

from mtbx_gui.demo.control import control
from mtbx_gui.demo.faults import Fault, FaultPlan
from mtbx_gui.demo.loopback import LoopbackService, Reply, Request, json_reply
from mtbx_gui.demo.translator import DEMO_TRANSLATOR, BadMarkup, DemoTranslator, bare_length

DEMO_DEEPL_KEY = "demo-translator-key"
MAX_TEXTS = 50
MAX_BODY_BYTES = 128 * 1024
FREE_CHARACTERS = 500_000

_STATUS_FAULTS = {
    "400": (400, "Bad request"),
    "403": (403, "Forbidden"),
    "413": (413, "Request Entity Too Large"),
    "429": (429, "Too many requests"),
    "456": (456, "Quota Exceeded"),
    "500": (500, "Internal server error"),
    "503": (503, "Service unavailable"),
    "529": (529, "Too many requests"),
}
_TAG_FAULTS = frozenset({"drop_tags", "move_tags", "double_tags"})
FAULT_KINDS = frozenset({*_STATUS_FAULTS, *_TAG_FAULTS, "timeout", "drop", "html"})

_NAMES = {"DE": "German", "FR": "French", "IT": "Italian", "ES": "Spanish"}
_FORMALITIES = frozenset({"default", "more", "less", "prefer_more", "prefer_less"})
_TAG = re.compile(r"<[^<>]+>")


class DeeplService(LoopbackService):
    """DeepL's /v2/translate, /v2/usage and /v2/languages, with limits and scripted faults.

    `faults` apply to POST /v2/translate only. `character_limit` is the quota (code points); beyond it, 456.
    """

    name = DEMO_TRANSLATOR

    def __init__(
        self,
        translator: DemoTranslator,
        *,
        port: int = 0,
        key: str = DEMO_DEEPL_KEY,
        faults: Iterable[Fault | str] = (),
        character_limit: int = FREE_CHARACTERS,
        latency_s: float = 0.0,
    ) -> None:
        super().__init__(port=port, latency_s=latency_s)
        self.key = key
        self.faults = FaultPlan(FAULT_KINDS, faults)
        self._translator = translator
        self._character_limit = character_limit
        self._characters = 0
        self._count_lock = threading.Lock()

    @property
    def url(self) -> str:
        """The `server_url` for the deepl client."""
        return self.root_url

    @property
    def characters(self) -> int:
        """Code points billed so far."""
        return self._characters

    def answer(self, request: Request) -> Reply:
        """One request of the client."""
        if request.headers.get("authorization") != f"DeepL-Auth-Key {self.key}":
            return _refusal(403, "Forbidden: this is the demo translator, and the key is not its key")
        controlled = control(self, self.faults, request)
        if controlled is not None:
            return controlled
        match request.method, request.path:
            case "POST", "/v2/translate":
                return self._translate(request)
            case "GET" | "POST", "/v2/usage":
                return json_reply(
                    200, {"character_count": self._characters, "character_limit": self._character_limit}
                )
            case "GET" | "POST", "/v2/languages":
                return _languages(request)
            case _:
                return _refusal(404, f"The demo translator has no {request.method} {request.path}")

    def _translate(self, request: Request) -> Reply:
        fault = self.faults.take(request.raw.decode("utf-8", "replace") + _texts_of(request.body))
        if fault is not None and fault.kind not in _TAG_FAULTS:
            return _broken(fault)
        if len(request.raw) > MAX_BODY_BYTES:
            return _refusal(413, f"Request Entity Too Large: {len(request.raw)} of {MAX_BODY_BYTES} bytes")
        body = request.body
        problem = _problem(body)
        if problem is not None:
            return problem
        xml = body.get("tag_handling") == "xml"
        language = str(body["target_lang"]).lower()
        try:
            out = [self._translator.translate(text, language, xml=xml) for text in body["text"]]
        except BadMarkup:
            return _refusal(400, "Tag handling parsing failed, please check input.")
        billed = [bare_length(text, xml=xml) for text in body["text"]]
        with self._count_lock:
            if self._characters + sum(billed) > self._character_limit:
                return _refusal(456, "Quota Exceeded")
            self._characters += sum(billed)
        if fault is not None:
            out = [_spoil_tags(text, fault.kind) for text in out]
        entries = [_entry(text, count, body) for text, count in zip(out, billed, strict=True)]
        return json_reply(200, {"translations": entries})


def _entry(text: str, billed: int, body: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "detected_source_language": str(body.get("source_lang") or "EN").upper(),
        "text": text,
        "model_type_used": DEMO_TRANSLATOR,
    }
    if body.get("show_billed_characters"):
        entry["billed_characters"] = billed
    return entry


def _problem(body: Any) -> Reply | None:
    """What is wrong with a translate request, in DeepL's way of telling it."""
    if not isinstance(body, dict):
        return _refusal(400, "Bad request: the body is no JSON object")
    texts = body.get("text")
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        return _refusal(400, "Parameter 'text' not specified.")
    if len(texts) > MAX_TEXTS:
        return _refusal(413, f"Request Entity Too Large: {len(texts)} of {MAX_TEXTS} texts")
    target = str(body.get("target_lang", ""))
    if target.upper() not in _NAMES:
        return _refusal(400, f"Value for 'target_lang' not supported: the demo knows {', '.join(_NAMES)}.")
    if str(body.get("source_lang") or "EN").upper() != "EN":
        return _refusal(400, "Value for 'source_lang' not supported: the demo translates from EN.")
    if str(body.get("formality") or "default") not in _FORMALITIES:
        return _refusal(400, "Value for 'formality' not supported.")
    if body.get("tag_handling") not in (None, "xml"):
        return _refusal(400, "Value for 'tag_handling' not supported: the demo knows xml.")
    rules = body.get("custom_instructions") or []
    if len(rules) > 10 or any(len(str(rule)) > 300 for rule in rules):
        return _refusal(400, "Value for 'custom_instructions' not supported: at most 10 of 300 characters.")
    return None


def _texts_of(body: Any) -> str:
    """The texts themselves, as JSON escapes hide letters that a fault may be meant for."""
    texts = body.get("text") if isinstance(body, dict) else None
    return "\n".join(text for text in texts if isinstance(text, str)) if isinstance(texts, list) else ""


def _broken(fault: Fault) -> Reply:
    if fault.kind == "timeout":
        return Reply(hang=True)
    if fault.kind == "drop":
        return Reply(drop=True)
    if fault.kind == "html":
        return Reply(200, b"<html><body>Please sign in</body></html>", content_type="text/html")
    status, message = _STATUS_FAULTS[fault.kind]
    headers = {} if fault.retry_after_s is None else {"Retry-After": f"{fault.retry_after_s:g}"}
    return json_reply(status, {"message": message}, headers)


def _spoil_tags(text: str, kind: str) -> str:
    """The translation with its tags lost, gathered at the start, or each twice."""
    tags = _TAG.findall(text)
    if kind == "double_tags":
        return _TAG.sub(lambda tag: tag.group() * 2, text)
    bare = _TAG.sub("", text)
    return bare if kind == "drop_tags" else "".join(tags) + bare


def _languages(request: Request) -> Reply:
    form = request.body if isinstance(request.body, dict) else {}
    if (form.get("type") or request.query.get("type") or "source") == "source":
        return json_reply(200, [{"language": "EN", "name": "English"}])
    return json_reply(
        200,
        [{"language": code, "name": name, "supports_formality": True} for code, name in _NAMES.items()],
    )


def _refusal(status: int, message: str) -> Reply:
    return json_reply(status, {"message": message})
