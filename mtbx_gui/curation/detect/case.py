"""What a detector gets to see, and what it answers."""

from dataclasses import dataclass

from mtbx_gui.curation.rules import Severity, Side
from mtbx_gui.study.records import FieldKind

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Case:
    """One field to look at. `target` is None where there is no translation (yet).

    `siblings` are the other texts of the same item in the target language; they may raise doubtful findings.
    """

    language: str
    kind: FieldKind
    source: str
    target: str | None
    source_language: str = "en"
    siblings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The target text, "" when there is none."""
        return self.target or ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found. `found`, `missing` and `detail` fill the rule's message."""

    spans: tuple[Span, ...] = ()
    found: str = ""
    missing: str = ""
    detail: str = ""
    confidence: float = 1.0
    severity: Severity | None = None
    side: Side | None = None


def listing(words: list[str] | tuple[str, ...], most: int = 6) -> str:
    """Words for a message: each once, in order, at most `most`, then "…"."""
    unique = list(dict.fromkeys(" ".join(word.split()) for word in words))
    shown = ", ".join(word if len(word) <= 40 else word[:39] + "…" for word in unique[:most])
    return f"{shown}, …" if len(unique) > most else shown
