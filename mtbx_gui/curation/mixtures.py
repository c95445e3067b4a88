"""Language mixtures of a parallel training set (paper, section 3.3): mono, sampled, all languages."""

import random
from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.study.datasets import Conversation

MixtureKind = Literal["mono", "sampled", "ENDEFRITES"]


class MixtureError(MtbxError):
    """The training set doesn't hold what the mixture needs."""


def mix(
    conversations: Sequence[Conversation], kind: MixtureKind, languages: Sequence[str], seed: int = 0
) -> list[Conversation]:
    """The conversations of a mixture, in the order of the training set.

    `mono` takes one language; `ENDEFRITES` takes every conversation in every given language (five-fold for
    five); `sampled` takes each parallel conversation once, in exactly one language, equal shares drawn by
    `seed` (sizes differ by at most one). Raises MixtureError when a language is missing somewhere.
    """
    by_id: dict[str, dict[str, Conversation]] = defaultdict(dict)
    for conversation in conversations:
        by_id[conversation.conversation_id][conversation.language] = conversation
    if not languages:
        raise MixtureError("A mixture needs at least one language.", "Choose one.")
    if kind == "mono" and len(languages) != 1:
        raise MixtureError("A mono mixture has exactly one language.", "Choose one, or another mixture.")
    missing = [(i, code) for i, found in by_id.items() for code in languages if code not in found]
    if missing and kind != "mono":
        identity, code = missing[0]
        raise MixtureError(
            f"Conversation {identity} has no {code.upper()} version ({len(missing)} such gaps).",
            "Translate the training set first, or choose fewer languages.",
        )
    if kind == "sampled":
        order = sorted(by_id)
        random.Random(f"{seed}/sampled").shuffle(order)
        share = {identity: languages[index % len(languages)] for index, identity in enumerate(order)}
        return [by_id[identity][share[identity]] for identity in by_id]
    chosen = [found[code] for code in languages for found in by_id.values() if code in found]
    if not chosen:
        raise MixtureError(
            f"The training set holds nothing in {languages[0].upper()}.", "Choose one of its languages."
        )
    return chosen


def split(
    conversations: Sequence[Conversation], validation: float, seed: int = 0
) -> tuple[list[Conversation], list[Conversation]]:
    """Training and validation part: `validation` is the share (0.05 as published for Bactrian-X).

    The draw is by conversation id, so that all languages of a conversation are on the same side.
    """
    order = sorted({conversation.conversation_id for conversation in conversations})
    random.Random(f"{seed}/split").shuffle(order)
    held = set(order[: int(len(order) * validation + 1e-9)])
    train = [one for one in conversations if one.conversation_id not in held]
    return train, [one for one in conversations if one.conversation_id in held]
