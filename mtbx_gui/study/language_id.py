"""Which language a text is in, by py3langid over a fixed set of languages; short texts stay unknown.

The model (about 90 MB in memory, half a second) is loaded at the first question, never at import.
"""

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

CANDIDATES = ("de", "en", "es", "fr", "it", "ja", "la", "nl", "pl", "pt", "ru", "sv", "zh")
"""The languages told apart; an open set guesses much worse on short texts."""

LEAST_WORDS = 4
UNKNOWN = ""

_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Guess:
    """A language ("" = unknown) and the model's probability for it (0..1)."""

    language: str
    probability: float


@lru_cache(maxsize=8192)
def identify(text: str, least_words: int = LEAST_WORDS) -> Guess:
    """The language of `text`; unknown below `least_words` words of letters."""
    if sum(any(c.isalpha() for c in word) for word in text.split()) < least_words and not _has_ideographs(
        text
    ):
        return Guess(UNKNOWN, 0.0)
    language, probability = _identifier().classify(text)
    return Guess(str(language), float(probability))


def _has_ideographs(text: str) -> bool:
    """Scripts that put no blanks between words."""
    return sum("\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" for c in text) >= LEAST_WORDS


@lru_cache(maxsize=1)
def _load() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(CANDIDATES))
    return identifier


def _identifier() -> Any:
    with _lock:
        return _load()
