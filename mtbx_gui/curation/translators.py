"""Translators that speak DeepL's protocol: who they are, and one client that asks patiently and says why not.

Sends XML texts as they are given; cutting out code and keeping answers is not done here.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from mtbx_gui.curation.rules import AddressPolicy
from mtbx_gui.curation.translate_failures import (
    Refused,
    Trouble,
    asks_to_wait,
    keeps_failing,
    no_key,
    odd_key,
    trouble_of,
    unreachable,
    unreadable,
)

DEMO_TRANSLATOR = "demo translator"
"""What the demo's service says it is in every result; its texts are never called anything else."""

MAX_TEXTS = 40
MAX_BYTES = 48 * 1024
"""Texts of one request, and their bytes as they are sent; DeepL documents 50 and 128 KiB with everything."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_VARIANTS = {"en": "EN-US", "pt": "PT-PT", "zh": "ZH-HANS"}
"""Targets that DeepL wants to know more exactly."""


class TranslatorProfile(BaseModel):
    """A translator by id, the name it is shown under, and its address (None: DeepL's own, by the key)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    server_url: str | None = None
    is_demo: bool = False

    @property
    def shown(self) -> str:
        """The name, with the address where it isn't DeepL's own."""
        return f"{self.name} ({self.server_url})" if self.server_url else self.name


DEEPL = TranslatorProfile(id="deepl", name="DeepL")


def deepl_at(server_url: str) -> TranslatorProfile:
    """A translator at another address that speaks DeepL's protocol; called DeepL only where it is DeepL's."""
    host = urlsplit(server_url).hostname or server_url
    if host == "deepl.com" or host.endswith(".deepl.com"):
        return DEEPL.model_copy(update={"server_url": server_url})
    return TranslatorProfile(id=f"deepl-protocol:{host}", name=f"translator at {host}", server_url=server_url)


def demo_translator(server_url: str | None = None) -> TranslatorProfile:
    """The demo study's translator; `server_url` is where its service answers, known once it runs."""
    return TranslatorProfile(id="demo", name=DEMO_TRANSLATOR, server_url=server_url, is_demo=True)


@dataclass(frozen=True, slots=True)
class Translated:
    """One text's answer, what was billed for it (code points), and whom it is to be ascribed to."""

    text: str
    billed_characters: int
    made_by: str


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to keep trying: `tries` per request, waits in seconds growing from `base_s` to `longest_s`.

    A Retry-After beyond `longest_s` ends the run. `timeout_s` is for one answer.
    """

    tries: int = 6
    tries_unanswered: int = 3
    base_s: float = 0.5
    longest_s: float = 120.0
    timeout_s: float = 60.0


class TranslateCancelled(Exception):
    """Somebody asked to stop while a request waited for its next try."""


class TranslatorClient:
    """Asks one translator. For one thread; `wait(seconds)` returns True when it is to stop."""

    def __init__(
        self,
        profile: TranslatorProfile,
        key: str,
        source_language: str,
        wait: Callable[[float], bool],
        patience: Patience | None = None,
        log: Callable[[str], None] = lambda text: None,
    ) -> None:
        """Raises TranslateStopped for a key that can't be one; asks nothing yet."""
        if not key.strip():
            raise no_key(profile.shown)
        if not key.strip().isascii() or any(sign.isspace() for sign in key.strip()):
            raise odd_key(profile.shown)
        self.profile = profile
        self._source = source_language
        self._wait = wait
        self._patience = patience or Patience()
        self._log = log
        self._answered = False
        self._heard, self._client = _client(profile, key.strip(), self._patience.timeout_s)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def translate(
        self, texts: Sequence[str], language: str, context: str = "", address: AddressPolicy | None = None
    ) -> list[Translated]:
        """Translate XML texts (well-formed, at most MAX_TEXTS and MAX_BYTES) into `language`.

        `context` is read, not translated, and not billed. Raises Refused where these texts are not taken,
        TranslateStopped where asking on makes no sense, TranslateCancelled.
        """
        for number in range(1, self._patience.tries + 1):
            outcome = self._try(texts, language, context, address)
            if not isinstance(outcome, Trouble):
                self._answered = True
                return outcome
            if outcome.kind == "refused":
                raise Refused(outcome.why)
            self._hold_on(outcome, number)
        raise AssertionError("the last try is answered or ends the run")

    def _try(
        self, texts: Sequence[str], language: str, context: str, address: AddressPolicy | None
    ) -> list[Translated] | Trouble:
        import deepl

        try:
            results = self._client.translate_text(
                list(texts),
                source_lang=self._source.upper(),
                target_lang=_VARIANTS.get(language, language.upper()),
                context=context or None,
                formality=address.formality if address is not None else None,
                custom_instructions=[address.instruction] if address and address.instruction else None,
                tag_handling="xml",
                tag_handling_version="v2",
                outline_detection=False,
                split_sentences="nonewlines",
                preserve_formatting=True,
            )
        except deepl.DeepLException as error:
            return trouble_of(self.profile.shown, error, self._heard.retry_after)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            raise unreadable(self.profile.shown, str(error)) from error
        if not isinstance(results, list) or len(results) != len(texts):
            raise unreadable(self.profile.shown, f"{len(texts)} texts were sent and not as many came back")
        return [
            Translated(
                each.text,
                each.billed_characters,
                DEMO_TRANSLATOR if each.model_type_used == DEMO_TRANSLATOR else self.profile.name,
            )
            for each in results
        ]

    def _hold_on(self, trouble: Trouble, number: int) -> None:
        """Wait before the next try. Raises TranslateStopped when there is none."""
        if trouble.stop is not None:
            raise trouble.stop
        patience = self._patience
        if trouble.kind == "unreachable" and not self._answered and number >= patience.tries_unanswered:
            raise unreachable(self.profile.shown, trouble.why)
        if number >= patience.tries:
            raise keeps_failing(self.profile.shown, trouble.why, number)
        pause = min(patience.base_s * 2 ** (number - 1), patience.longest_s) * random.uniform(0.8, 1.2)
        if trouble.retry_after_s is not None:
            if trouble.retry_after_s > patience.longest_s:
                raise asks_to_wait(self.profile.shown, trouble.retry_after_s)
            pause = max(pause, trouble.retry_after_s)
        self._log(f"{trouble.why}; next try in {pause:.1f} s")
        if self._wait(pause):
            raise TranslateCancelled


def sent_bytes(text: str) -> int:
    """Bytes a text takes in a request."""
    return len(json.dumps(text))


class _Heard:
    """What the last answer's headers said about waiting."""

    retry_after = ""

    def note(self, response: Any, *args: Any, **kwargs: Any) -> None:
        self.retry_after = str(response.headers.get("Retry-After", ""))


def _client(profile: TranslatorProfile, key: str, timeout_s: float) -> tuple[_Heard, Any]:
    """The library's client, with its own retries (blocking, at most 10 s per answer) taken out."""
    import deepl
    from deepl.http_client import HttpClient

    heard = _Heard()

    class OneTry(HttpClient):
        def request_with_backoff(
            self,
            method: str,
            url: str,
            data: dict[Any, Any] | None,
            json: dict[Any, Any] | None,
            headers: dict[Any, Any],
            stream: bool = False,
            **kwargs: Any,
        ) -> Any:
            heard.retry_after = ""
            request = self._prepare_request(method, url, data, json, headers, **kwargs)
            request.register_hook("response", heard.note)
            return self._internal_request(request, stream=stream, timeout=timeout_s)

    connection: Any = OneTry(send_platform_info=False)
    if urlsplit(profile.server_url or "").hostname in _LOOPBACK:
        connection._session.trust_env = False  # a proxy of the environment doesn't lead to this machine
    client: Any = deepl.DeepLClient(key, server_url=profile.server_url, send_platform_info=False)
    client._client.close()
    client._client = connection
    return heard, client
