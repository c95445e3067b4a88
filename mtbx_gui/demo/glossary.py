"""A word-by-word gloss for texts the demo's tables don't hold: rough, and the same every time.

It keeps line breaks, punctuation, numbers and unknown words, and is no translation anybody should publish;
the translator therefore sets the language's demo mark before it.
"""

import json
import re
from dataclasses import dataclass
from functools import cache

from mtbx_gui.assets import resources

LANGUAGES = ("de", "fr", "it", "es")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")


@dataclass(frozen=True)
class Glossary:
    """One language's small dictionary. `words` maps lower-case English words and two-word phrases."""

    language: str
    mark: str
    words: dict[str, str]

    def gloss(self, text: str) -> str:
        """The text word by word; unknown words stay as they are."""
        words = list(_WORD.finditer(text))
        if not words:
            return text
        out: list[str] = []
        end, place = 0, 0
        while place < len(words):
            width, target = self._look_up(text, words, place)
            first = words[place]
            last = words[place + width - 1]
            out += [text[end : first.start()], _cased(target, text[first.start() : last.end()])]
            end, place = last.end(), place + width
        out.append(text[end:])
        return "".join(out)

    def _look_up(self, text: str, words: list[re.Match[str]], place: int) -> tuple[int, str]:
        """How many source words from `place` on are covered, and by what."""
        word = words[place].group()
        if len(word) == 1 and word.isupper() and text[words[place].end() :][:1] in {")", ".", ":", "]"}:
            return 1, word  # a list letter, no article
        if place + 1 < len(words):
            following = words[place + 1]
            if text[words[place].end() : following.start()] == " ":
                pair = f"{word} {following.group()}".lower()
                if pair in self.words:
                    return 2, self.words[pair]
        key = word.lower().replace("’", "'")
        if key in self.words:
            return 1, self.words[key]
        if key.endswith("'s") and key[:-2] in self.words:
            return 1, self.words[key[:-2]]
        if len(key) > 3 and key.endswith("s") and key[:-1] in self.words:
            return 1, self.words[key[:-1]]
        return 1, word


@cache
def load_glossary(language: str) -> Glossary:
    """The glossary resources/demo/glossary_<language>.json. Raises KeyError for an unknown language."""
    if language not in LANGUAGES:
        raise KeyError(language)
    path = resources() / "demo" / f"glossary_{language}.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    return Glossary(language=data["language"], mark=data["mark"], words=data["words"])


def _cased(target: str, source: str) -> str:
    if len(source) > 1 and source.isupper():
        return target.upper()
    if source[:1].isupper():
        return target[:1].upper() + target[1:]
    return target
