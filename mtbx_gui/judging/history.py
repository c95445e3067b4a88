"""What earlier attempts of a run left in out/attempts.jsonl, so that no reply is paid for twice."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

ATTEMPTS = "attempts"
REPLIES_WANTED = 2
"""A reply without a verdict is asked for once more; then its reason stands."""
ODD_WANTED = 3
"""So many replies that are none make the judgment's reason "api_error"."""


@dataclass
class CallHistory:
    """The attempts of one call, in order, as lines of out/attempts.jsonl; "sent" lines are no attempts."""

    attempts: list[dict[str, Any]] = field(default_factory=list)
    open_reservations: float = 0.0

    @property
    def count(self) -> int:
        """How many attempts were made."""
        return len(self.attempts)

    @property
    def cost(self) -> float | None:
        """What all attempts cost together; None when no cost is known."""
        costs = [row["cost"] for row in self.attempts if row.get("cost") is not None]
        return sum(costs) if costs else None

    def replies(self) -> list[dict[str, Any]]:
        """The attempts that came back as chat completions."""
        return [row for row in self.attempts if row["outcome"] == "reply"]

    def deciding(self) -> dict[str, Any] | None:
        """The attempt whose outcome is the judgment, or None while the call has to be made (again)."""
        replies = self.replies()
        for row in replies:
            if row["reason"] is None:
                return row
        if len(replies) >= REPLIES_WANTED:
            return replies[-1]
        odd = [row for row in self.attempts if row["outcome"] in ("odd", "too_long")]
        if len(odd) >= ODD_WANTED or any(row["outcome"] == "too_long" for row in odd):
            return replies[-1] if replies else odd[-1]
        return None


def read_history(rows: Iterable[dict[str, Any]]) -> dict[str, CallHistory]:
    """The history of every call by its key. A "sent" line without its attempt may have been charged."""
    found: dict[str, CallHistory] = {}
    sent: dict[str, tuple[str, float]] = {}
    for row in rows:
        history = found.setdefault(str(row["call"]), CallHistory())
        if row["outcome"] == "sent":
            sent[str(row["key"])] = (str(row["call"]), float(row.get("reserved") or 0.0))
            continue
        sent.pop(str(row["key"]), None)
        history.attempts.append(row)
    for call, reserved in sent.values():
        found[call].open_reservations += reserved
    return found


def spent(history: dict[str, CallHistory]) -> float:
    """The money all attempts have cost, those of unknown outcome at the most they can have cost."""
    return sum((one.cost or 0.0) + one.open_reservations for one in history.values())
