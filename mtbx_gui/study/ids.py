"""Question ids as files write them (81, "81", "81_DE") and as the study keeps them ("81")."""

import hashlib
import json
import re
from typing import Any

LANGUAGES = ("en", "de", "fr", "it", "es")
"""The study's languages in the paper's order; others are allowed."""

_SUFFIX = re.compile(r"^(?P<id>.+)_(?P<language>[A-Za-z]{2})$")


def bare_id(question_id: int | str) -> str:
    """The id without its language: 81, "81" and "81_DE" give "81"."""
    text = str(question_id).strip()
    match = _SUFFIX.match(text)
    return match["id"] if match else text


def language_of_id(question_id: int | str) -> str | None:
    """The language an id carries ("81_DE" gives "de"), or None."""
    match = _SUFFIX.match(str(question_id).strip())
    return match["language"].lower() if match else None


def id_order(question_id: str) -> tuple[int, int, str]:
    """Sort key: numeric ids by number, others by name after them."""
    return (0, int(question_id), "") if question_id.isdigit() else (1, 0, question_id)


def like(sample: Any, question_id: str, language: str) -> int | str:
    """Write a bare id the way `sample` is written: as int, as "81", or as "81_DE"."""
    if isinstance(sample, int):
        return int(question_id) if question_id.isdigit() else question_id
    if isinstance(sample, str) and language_of_id(sample) is not None:
        return f"{question_id}_{language.upper()}"
    return question_id


def content_key(*parts: object) -> str:
    """SHA-256 over the JSON of `parts`: the same content has the same key on every machine."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
