"""The translation run: a process of its own that translates the missing fields and appends them one by one.

`python -m mtbx_gui.curation.translate_run RUN_DIR`. It knows no study and no window; the key comes in by the
environment variable MTBX_API_KEY.
"""

import os
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from mtbx_gui.curation.protect import Protected, Restored, protect, restore
from mtbx_gui.curation.rules import AddressPolicy
from mtbx_gui.curation.translate_failures import TranslateStopped
from mtbx_gui.curation.translate_ledger import REQUESTS, Ledger, Setting
from mtbx_gui.curation.translators import (
    Patience,
    TranslateCancelled,
    Translated,
    TranslatorClient,
    TranslatorProfile,
)
from mtbx_gui.rundir.attempt import Attempt, run_main
from mtbx_gui.rundir.jsonl import read_lines

KEY_VARIABLE = "MTBX_API_KEY"
TRANSLATIONS = "translations"
_PATIENCE = ("tries", "tries_unanswered", "base_s", "longest_s", "timeout_s")


def work(attempt: Attempt) -> dict[str, Any]:
    """Translate the fields of in/fields.jsonl that out/translations.jsonl lacks.

    Raises TranslateStopped with a sentence; what was translated until then is kept.
    """
    config = attempt.config
    profile = TranslatorProfile.model_validate(config["translator"])
    client = TranslatorClient(
        profile,
        os.environ.get(KEY_VARIABLE, ""),
        str(config["source_language"]),
        attempt.wait,
        Patience(**{name: config[name] for name in _PATIENCE if name in config}),
        attempt.log,
    )
    with closing(client):
        return Translating(attempt, profile, Ledger(attempt, client)).run()


@dataclass
class Translating:
    """One attempt at a translation run."""

    attempt: Attempt
    profile: TranslatorProfile
    ledger: Ledger
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.texts = {str(row["id"]): str(row["text"]) for row in self.attempt.input("texts")}
        self.done = self.attempt.done_keys(TRANSLATIONS)
        self.address = {
            code: AddressPolicy.model_validate(policy)
            for code, policy in self.attempt.config.get("address", {}).items()
        }

    def run(self) -> dict[str, Any]:
        """All groups (items, prompts) in order; what result.json shall hold."""
        groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in self.attempt.input("fields"):
            groups[(row["language"], row["group"])].append(row)
        missing = sum(row["key"] not in self.done for rows in groups.values() for row in rows)
        self.attempt.log(f"{missing} fields to be translated by {self.profile.shown}")
        try:
            for rows in groups.values():
                if self.attempt.cancelled():
                    return {}
                if any(row["key"] not in self.done for row in rows):
                    self._group(rows)
        except TranslateCancelled:
            return {}
        if self.refused:
            raise TranslateStopped(
                f"{self.profile.shown} did not take {len(self.refused)} of {self.attempt.spec.total} fields; "
                f"the first is {self.refused[0]}.",
                "The others are translated. Translate these by hand, or shorten them and plan again.",
            )
        return self._result()

    def _group(self, rows: list[dict[str, Any]]) -> None:
        """One item in one language: its texts together, then field by field checked and kept.

        Fields that are kept already go through it too, so that what each was billed for is counted once.
        """
        language = rows[0]["language"]
        setting = Setting(language, self.texts[rows[0]["context"]], self.address.get(language))
        fields = [(row, protect(self.texts[row["source"]], row["keep"])) for row in rows]
        stop: BaseException | None = None
        try:
            self.ledger.obtain([xml for _, protected in fields for xml in protected.texts], setting)
        except (TranslateStopped, TranslateCancelled) as error:
            stop = error
        charged: set[str] = set()
        for row, protected in fields:
            found = [self.ledger.find(xml, setting) for xml in protected.texts]
            answers = [answer for answer in found if answer is not None]
            if len(answers) == len(found):
                self._field(row, protected, answers, setting, charged, retry=stop is None)
            elif stop is None:
                why = next(filter(None, (self.ledger.refusal(xml, setting) for xml in protected.texts)), "")
                self.refused.append(f"{_place(row)} ({why})")
        if stop is not None:
            raise stop

    def _field(
        self,
        row: dict[str, Any],
        protected: Protected,
        answers: list[Translated],
        setting: Setting,
        charged: set[str],
        *,
        retry: bool,
    ) -> None:
        billed = self._bill(protected.texts, answers, setting, charged)
        restored = restore(protected, [answer.text for answer in answers])
        if restored.problems:
            if not retry:
                return
            again = Setting(setting.language, setting.context, setting.address, again=1)
            second, more = self._once_more(protected, answers, again, charged)
            billed += more
            if len(second.problems) < len(restored.problems):
                restored = second
        if row["key"] in self.done:
            return
        kept = ("key", "question_id", "language", "kind", "position", "name", "source_sha256")
        self.attempt.piece(
            TRANSLATIONS,
            {name: row[name] for name in kept}
            | {
                "text": restored.text,
                "translator": answers[0].made_by if answers else self.profile.name,
                "billed_characters": billed,
                "damaged": list(restored.problems),
            },
        )
        self.done.add(row["key"])
        if restored.problems:
            self.attempt.log(f"{_place(row)}: {'; '.join(restored.problems)}")

    def _once_more(
        self, protected: Protected, answers: list[Translated], again: Setting, charged: set[str]
    ) -> tuple[Restored, int]:
        """The damaged texts of a field asked for once more, paragraph by paragraph, and what that cost."""
        mended = list(answers)
        billed = 0
        for place in damaged_texts(protected, [answer.text for answer in answers]):
            xml = protected.texts[place]
            answer = self.ledger.by_paragraph(xml, again)
            if answer is not None:
                mended[place] = answer
                billed += self._bill([xml], [answer], again, charged)
        return restore(protected, [answer.text for answer in mended]), billed

    def _bill(
        self,
        texts: tuple[str, ...] | list[str],
        answers: list[Translated],
        setting: Setting,
        charged: set[str],
    ) -> int:
        """What the answers cost, each text counted for the first field that needed it."""
        billed = 0
        for xml, answer in zip(texts, answers, strict=True):
            key = self.ledger.key(xml, setting)
            if key not in charged:
                charged.add(key)
                billed += answer.billed_characters
        return billed

    def _result(self) -> dict[str, Any]:
        rows = list(read_lines(self.attempt.dir.out(TRANSLATIONS)))
        requests = list(read_lines(self.attempt.dir.out(REQUESTS)))
        damaged = [row for row in rows if row["damaged"]]
        billed = sum(int(request["billed_characters"]) for request in requests)
        sentence = f"Finished: {len(rows)} fields, {billed} characters billed."
        if damaged:
            sentence += (
                f" Placeholders or code are damaged in {len(damaged)} of them, first {_place(damaged[0])};"
                " see their flags."
            )
        return {
            "fields": len(rows),
            "requests": len(requests),
            "billed_characters": billed,
            "damaged": [{"field": _place(row), "problems": row["damaged"]} for row in damaged],
            "sentence": sentence,
        }


def damaged_texts(protected: Protected, answers: list[str]) -> list[int]:
    """Which of a field's texts came back damaged: those that spoil it when all others are echoed."""
    found = []
    for place, answer in enumerate(answers):
        trial = list(protected.texts)
        trial[place] = answer
        if restore(protected, trial).problems:
            found.append(place)
    return found


def _place(row: dict[str, Any]) -> str:
    what = f"{row['kind'].replace('_', ' ')} {row['position'] + 1}"
    return " ".join(filter(None, (row["language"].upper(), row["question_id"] or row["name"], what)))


if __name__ == "__main__":
    raise SystemExit(run_main(work))
