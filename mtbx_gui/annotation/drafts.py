"""Comments that were typed and belong to no vote yet: kept per card, and in the study over a restart."""

import json
from collections.abc import Mapping

from mtbx_gui.annotation.ballot import VoteKey
from mtbx_gui.annotation.card import Place
from mtbx_gui.study import settings
from mtbx_gui.study.study import Study


class Drafts:
    """One annotator's comment fields in one language, as far as they differ from the stored votes."""

    def __init__(self, study: Study, annotator: str, language: str, places: Mapping[VoteKey, Place]) -> None:
        """Read the drafts of an earlier session."""
        self._study = study
        self._annotator = annotator
        self._setting = f"annotation.drafts/{annotator}/{language}"
        self._keys = {place: json.dumps(key, ensure_ascii=False) for key, place in places.items()}
        self._saved: dict[str, str] = settings.get(study, self._setting, {})
        self._texts: dict[Place, str] = {
            place: self._saved[key] for place, key in self._keys.items() if key in self._saved
        }

    def text(self, place: Place, stored: str) -> str:
        """What stands in the field: the draft, else the stored comment."""
        return self._texts.get(place, stored)

    def put(self, place: Place, text: str, stored: str) -> None:
        """The field's text changed; a text equal to the stored comment is no draft."""
        if text == stored:
            self._texts.pop(place, None)
        else:
            self._texts[place] = text

    def drop(self, place: Place) -> None:
        """The text has become part of a vote."""
        self._texts.pop(place, None)

    def places(self) -> list[Place]:
        """The cards that have a draft."""
        return list(self._texts)

    def save(self) -> None:
        """Write the drafts into the study, where they differ from what is there."""
        elsewhere = {k: text for k, text in self._saved.items() if k not in self._keys.values()}
        wanted = elsewhere | {self._keys[place]: text for place, text in self._texts.items()}
        if wanted != self._saved:
            settings.put(self._study, self._setting, wanted, self._annotator)
            self._saved = wanted
