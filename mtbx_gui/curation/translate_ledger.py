"""Every answer a translator gave in a run, on disk before anything is done with it, so none is paid twice.

Texts are known by content key; batching, cutting of long texts and refusals live here, verification doesn't.
"""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mtbx_gui.curation.protect import is_translatable, paragraphs
from mtbx_gui.curation.rules import AddressPolicy
from mtbx_gui.curation.translate_failures import Refused
from mtbx_gui.curation.translators import MAX_BYTES, MAX_TEXTS, Translated, sent_bytes
from mtbx_gui.rundir.attempt import Attempt
from mtbx_gui.rundir.jsonl import read_lines
from mtbx_gui.study.ids import content_key

REQUESTS = "requests"
"""out/requests.jsonl: one line per answered request, with the answers and what was billed."""

LEAST_CUT_BYTES = 512
"""A text that is refused though it is this short is not cut further."""


class Translator(Protocol):
    """What the ledger asks."""

    def translate(
        self, texts: Sequence[str], language: str, context: str = "", address: AddressPolicy | None = None
    ) -> list[Translated]:
        """Translate XML texts into `language`."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What texts are translated with: the language, the item around them, and the address policy.

    `again` counts from 0 and tells a second asking for the same text from the first.
    """

    language: str
    context: str = ""
    address: AddressPolicy | None = None
    again: int = 0


@dataclass
class Ledger:
    """The answers of a run, those of earlier attempts included."""

    attempt: Attempt
    translator: Translator
    _known: dict[str, Translated] = field(default_factory=dict)
    _refused: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in read_lines(self.attempt.dir.out(REQUESTS)):
            for key, text, billed in zip(row["texts"], row["answers"], row["billed"], strict=True):
                self._known[key] = Translated(text, billed, row["translator"])

    def key(self, xml: str, setting: Setting) -> str:
        """The content key of a text under a setting."""
        address = None if setting.address is None else setting.address.model_dump()
        return content_key(xml, setting.language, setting.context, address, setting.again)[:32]

    def find(self, xml: str, setting: Setting) -> Translated | None:
        """The answer to a text, None where there is none (yet)."""
        return self._known.get(self.key(xml, setting))

    def refusal(self, xml: str, setting: Setting) -> str:
        """Why a text was not taken in this attempt; empty when it was."""
        return self._refused.get(self.key(xml, setting), "")

    def obtain(self, texts: Sequence[str], setting: Setting) -> None:
        """Ask for those of the XML texts that have no answer yet.

        Afterwards each has an answer or a refusal. Raises TranslateStopped or TranslateCancelled; what was
        answered before that is kept.
        """
        missing = [xml for xml in dict.fromkeys(texts) if self.find(xml, setting) is None]
        long = [xml for xml in missing if sent_bytes(xml) > MAX_BYTES]
        for xml in long:
            self._in_pieces(xml, setting, MAX_BYTES, "it is too long for one request")
        for batch in batches([xml for xml in missing if xml not in long]):
            self._ask(batch, setting)

    def by_paragraph(self, xml: str, setting: Setting) -> Translated | None:
        """A text's translation with each paragraph sent on its own; None where one of them is refused."""
        return self._composed(xml, list(_units(xml)), setting)

    def _ask(self, batch: list[str], setting: Setting) -> None:
        try:
            answers = self.translator.translate(batch, setting.language, setting.context, setting.address)
        except Refused as refused:
            self._smaller(batch, setting, refused.message)
            return
        keys = [self.key(xml, setting) for xml in batch]
        self.attempt.piece(
            REQUESTS,
            {
                "key": content_key(*keys)[:32],
                "language": setting.language,
                "texts": keys,
                "answers": [answer.text for answer in answers],
                "billed": [answer.billed_characters for answer in answers],
                "billed_characters": sum(answer.billed_characters for answer in answers),
                "translator": answers[0].made_by,
                "t": time.time(),
            },
        )
        self._known.update(zip(keys, answers, strict=True))

    def _smaller(self, batch: list[str], setting: Setting, why: str) -> None:
        """What was refused together, in halves; a single text in pieces."""
        if len(batch) == 1:
            self._in_pieces(batch[0], setting, sent_bytes(batch[0]) // 2, why)
            return
        middle = len(batch) // 2
        self._ask(batch[:middle], setting)
        self._ask(batch[middle:], setting)

    def _in_pieces(self, xml: str, setting: Setting, limit: int, why: str) -> None:
        chunks = cut(xml, limit)
        if len(chunks) == 1 or sent_bytes(xml) < LEAST_CUT_BYTES:
            self._refused[self.key(xml, setting)] = why
            return
        answer = self._composed(xml, chunks, setting)
        if answer is None:
            self._refused[self.key(xml, setting)] = why

    def _composed(self, xml: str, chunks: list[str], setting: Setting) -> Translated | None:
        """The translation of a text from those of its chunks, white space between them as it was."""
        sent = [chunk.strip() for chunk in chunks]
        asked = [core for core in sent if is_translatable(core)]
        self.obtain(asked, setting)
        parts: list[str] = []
        made_by = ""
        for chunk, core in zip(chunks, sent, strict=True):
            if core not in asked:
                parts.append(chunk)
                continue
            answer = self.find(core, setting)
            if answer is None:
                return None
            made_by = answer.made_by
            before, _, after = chunk.partition(core)
            parts += [before, answer.text.strip(), after]
        billed = sum(
            answer.billed_characters for core in dict.fromkeys(asked) if (answer := self.find(core, setting))
        )
        whole = Translated("".join(parts), billed, made_by)
        self._known[self.key(xml, setting)] = whole
        return whole


def batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts in order, in requests of at most MAX_TEXTS texts and MAX_BYTES bytes."""
    batch: list[str] = []
    size = 0
    for xml in texts:
        more = sent_bytes(xml)
        if batch and (len(batch) == MAX_TEXTS or size + more > MAX_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(xml)
        size += more
    if batch:
        yield batch


def cut(xml: str, limit: int) -> list[str]:
    """The text in chunks of at most `limit` bytes cut at paragraphs, else at lines."""
    chunks: list[str] = []
    for unit in _units(xml):
        for part in [unit] if sent_bytes(unit) <= limit else re.split(r"(?<=\n)", unit):
            if chunks and sent_bytes(chunks[-1]) + sent_bytes(part) <= limit:
                chunks[-1] += part
            else:
                chunks.append(part)
    return chunks or [xml]


def _units(xml: str) -> Iterator[str]:
    """Each paragraph with the blank lines behind it."""
    pieces = paragraphs(xml)
    for place in range(0, len(pieces), 2):
        yield "".join(pieces[place : place + 2])
