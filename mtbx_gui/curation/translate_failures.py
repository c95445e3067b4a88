"""What can go wrong at a translator, and the sentence for each: who, where, what to do next.

Only tells failures apart; waiting and asking again is the client's business.
"""

import re
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal

from mtbx_gui.rundir.errors import MtbxError

if TYPE_CHECKING:
    from deepl import DeepLException

Kind = Literal["transient", "unreachable", "refused", "fatal"]

_KEPT = "what was translated is kept and not paid again"
_ELSEWHERE = re.compile(
    r"refused|NewConnectionError|NameResolution|getaddrinfo|Name or service|unreachable", re.IGNORECASE
)
_QUOTED = re.compile(r"(?:message|detail|content): (.*)", re.DOTALL)


class TranslateStopped(MtbxError):
    """The run stops: asking on would only cost time or money."""


class Refused(MtbxError):
    """These texts are not taken in one request (too large, or not to be parsed); others may be."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a request got no translation. `why` is a phrase; `stop` is set where the run ends."""

    kind: Kind
    why: str
    retry_after_s: float | None = None
    stop: TranslateStopped | None = None


def trouble_of(who: str, error: "DeepLException", retry_after: str) -> Trouble:
    """Tell the library's exceptions apart by status; it doesn't call 529 and 500 worth another try."""
    import deepl

    status = error.http_status_code
    said = _said(error)
    if isinstance(error, deepl.ConnectionException):
        return _no_connection(who, error)
    if status in (429, 529) or (status is not None and status >= 500):
        return Trouble("transient", f"status {status}: {said}", seconds(retry_after))
    if status == 413 or (status == 400 and "parsing failed" in said):
        return Trouble("refused", f"status {status}: {said}")
    return Trouble("fatal", said, stop=_stopped(who, status, said))


def seconds(retry_after: str) -> float | None:
    """Retry-After, in seconds or as a date, as seconds from now; None where it says nothing."""
    text = retry_after.strip()
    try:
        if text.replace(".", "", 1).isdigit():
            return float(text)
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time()) if text else None
    except (ValueError, TypeError):
        return None


def _no_connection(who: str, error: Exception) -> Trouble:
    text = str(error)
    if "timed out" in text.lower():
        return Trouble("transient", "no answer in time")
    if "CERTIFICATE_VERIFY_FAILED" in text:
        stop = TranslateStopped(
            f"{who} can't be trusted: its certificate is not known here.",
            "Check the address, or set REQUESTS_CA_BUNDLE to your network's certificates.",
        )
        return Trouble("fatal", "unknown certificate", stop=stop)
    if _ELSEWHERE.search(text):
        refused = "refused" in text.lower()
        return Trouble("unreachable", "connection refused" if refused else "there is no such host")
    if getattr(error, "should_retry", False):
        return Trouble("transient", "the connection broke")
    reason = text.split("\n")[0][:200].rstrip(".")
    stop = TranslateStopped(f"{who} can't be asked: {reason}.", "Check the translator's address.")
    return Trouble("fatal", reason, stop=stop)


def _stopped(who: str, status: int | None, said: str) -> TranslateStopped:
    match status:
        case 403:
            return TranslateStopped(
                f"{who} does not accept the key (403): {said}.",
                "Enter the right key in the settings (a free one ends in :fx), then resume the run.",
            )
        case 456:
            return TranslateStopped(
                f"The quota of this key at {who} is used up (456): {said}.",
                f"Resume the run when it is renewed, or with another key; {_KEPT}.",
            )
        case 404:
            return TranslateStopped(
                f"{who} knows no such address (404): {said}.", "Check the translator's address."
            )
        case _:
            return TranslateStopped(
                f"{who} refused the request ({status or 'no status'}): {said}.",
                f"Change what it names and plan the run again; {_KEPT}.",
            )


def no_key(who: str) -> TranslateStopped:
    """Nothing to ask with."""
    return TranslateStopped(
        f"{who} needs a key and none was given.", "Enter it in the settings, then resume the run."
    )


def odd_key(who: str) -> TranslateStopped:
    """A key with blanks in it, or letters that a header can't carry; it is not repeated here."""
    return TranslateStopped(
        f"The key for {who} holds characters that no key has.", "Copy it again, then resume the run."
    )


def unreachable(who: str, why: str) -> TranslateStopped:
    """Nobody ever answered at this address."""
    return TranslateStopped(
        f"{who} can't be reached ({why}).",
        "Check the network and the translator's address, then resume the run.",
    )


def keeps_failing(who: str, why: str, tries: int) -> TranslateStopped:
    """A request failed as often as it was tried."""
    return TranslateStopped(
        f"{who} gave no translation in {tries} tries ({why}).", f"Resume the run later; {_KEPT}."
    )


def asks_to_wait(who: str, wait_s: float) -> TranslateStopped:
    """Retry-After is longer than a run should sit and wait."""
    return TranslateStopped(
        f"{who} asks to come back in {wait_s / 60:.0f} minutes.", f"Resume the run then; {_KEPT}."
    )


def unreadable(who: str, why: str) -> TranslateStopped:
    """Something answered, but not in DeepL's protocol."""
    return TranslateStopped(
        f"What {who} answered can't be read ({why.rstrip('.') or 'no translations in it'}).",
        "Check the translator's address, and that no sign-in page stands before the network; then resume.",
    )


def _said(error: Exception) -> str:
    """The server's own words, in one line."""
    match = _QUOTED.search(str(error))
    text = " ".join((match[1] if match else str(error)).split())
    return text[:300].rstrip(". ") or "no reason given"
