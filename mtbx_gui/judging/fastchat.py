"""What FastChat's own parser makes of the same text, to show the difference; never used as a verdict."""

import re
from typing import Literal

from mtbx_gui.judging.verdicts import ParsedVerdict, VerdictMode

FastChatWinner = Literal["A", "B", "tie", "error"]

_SCORE = re.compile(r"\[\[(\d+\.?\d*)\]\]")
_SCORE_BACKUP = re.compile(r"\[(\d+\.?\d*)\]")
_LETTERS = {"A": "A", "B": "B", "tie": "C"}


def fastchat_score(text: str) -> float:
    """The score FastChat stores: the first bracketed number, without a range check; -1 without one."""
    match = _SCORE.search(text) or _SCORE_BACKUP.search(text)
    return float(match.group(1)) if match else -1.0


def fastchat_winner(text: str) -> FastChatWinner:
    """What FastChat stores before it maps A and B to models: it asks for A, then B, then C, anywhere."""
    if "[[A]]" in text:
        return "A"
    if "[[B]]" in text:
        return "B"
    return "tie" if "[[C]]" in text else "error"


def difference(mode: VerdictMode, text: str, parsed: ParsedVerdict) -> str:
    """One phrase telling how FastChat reads this text otherwise; empty where both agree.

    FastChat's -1 and "error" agree with any reason.
    """
    if mode == "single":
        theirs = fastchat_score(text)
        same = parsed.score == theirs or (parsed.score is None and theirs == -1)
        shown = "no score (-1)" if theirs == -1 else f"{theirs:g}"
    else:
        winner = fastchat_winner(text)
        same = parsed.verdict == _LETTERS.get(winner) and (winner != "error" or parsed.verdict is None)
        shown = "no winner (error)" if winner == "error" else winner
    return "" if same else f"FastChat reads {shown}"
