"""Numbers drawn from a key: the same parts give the same number on every machine and tell nothing else.

It must not use `random`: what an annotator sees may depend on the study, the annotator and the item alone.
"""

import hashlib
import json


def draw(study_id: str, *parts: str | int) -> int:
    """A uniform 64-bit number for `parts`, keyed by the study (BLAKE2b in keyed mode)."""
    key = hashlib.sha256(study_id.encode("utf-8", "surrogatepass")).digest()
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=key, digest_size=8).digest()
    return int.from_bytes(digest, "big")


def fraction(study_id: str, *parts: str | int) -> float:
    """A uniform number in [0, 1) for `parts`, with 53 random bits."""
    return (draw(study_id, *parts) >> 11) / 2**53
