"""The demo translator: from the demo's tables where they hold the text, else a rough gloss.

Deterministic. Nothing is learned and no service is asked; it knows the tables and the small glossaries only.
"""

import re
from collections.abc import Mapping
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from mtbx_gui.demo.glossary import LANGUAGES, load_glossary

DEMO_TRANSLATOR = "demo translator"
Tables = tuple[dict[str, str], dict[str, str]]  # English -> raw; the same with protected passages intact
_TAG = re.compile(r"<[^<>]+>")
_ENTITY = re.compile(r"&(?:#(\d+)|#x([0-9a-fA-F]+)|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_SEPARATORS = (r"(\n\s*\n\s*)", r"(\n)", r"((?<=[.!?:])[ ]+)")
_SENTENCES = 2
_GLOSSED = "\ufdd0"  # a Unicode non-character: stands where the demo mark may go
_FIRST_STAND_IN = 0xE000  # private use: stand for tags while they are put back


class BadMarkup(ValueError):
    """The text is not well-formed XML."""


class DemoTranslator:
    """Translates English by table and gloss into de, fr, it and es.

    `table` maps (target language, English text) to the raw machine translation; "DE" is as good as "de".
    `protected` is a second table, for texts whose raw translation lost what the sender's tags stand for.
    """

    languages = LANGUAGES

    def __init__(
        self, table: Mapping[tuple[str, str], str], protected: Mapping[tuple[str, str], str] | None = None
    ) -> None:
        raw, sheltered = _by_language(table), _by_language(protected or {})
        self._tables = {language: (raw[language], sheltered[language]) for language in LANGUAGES}

    @classmethod
    def of_the_demo(cls) -> "DemoTranslator":
        """The translator with the demo study's own tables."""
        from mtbx_gui.demo.texts import protected_table, translation_table

        return cls(translation_table(), protected_table())

    def translate(self, text: str, language: str, *, xml: bool = False) -> str:
        """The text in `language` (de, fr, it, es). With `xml`, tags are kept and the rest is XML text.

        The first passage that had to be glossed carries the language's demo mark.
        Raises KeyError for another language, BadMarkup for XML that isn't well-formed.
        """
        if xml:
            check_xml(text)
        out = self._translate(text, self._tables[language], language, xml=xml, level=0)
        return out.replace(_GLOSSED, f"{load_glossary(language).mark} ", 1).replace(_GLOSSED, "")

    def _translate(self, text: str, tables: Tables, language: str, *, xml: bool, level: int) -> str:
        """Looks the text up whole, then in ever smaller pieces; what no table holds is glossed."""
        if not _has_letters(text, xml=xml):
            return text
        found = _find(text, tables, xml=xml)
        if found is not None:
            return found
        for smaller in range(level, len(_SEPARATORS)):
            pieces = re.split(_SEPARATORS[smaller], text)
            if len(pieces) == 1:
                continue
            if smaller < _SENTENCES or any(_find(piece, tables, xml=xml) for piece in pieces[::2]):
                pieces[::2] = [
                    self._translate(piece, tables, language, xml=xml, level=smaller + 1)
                    for piece in pieces[::2]
                ]
                return "".join(pieces)
        return _gloss(text, language, xml=xml)


def check_xml(text: str) -> None:
    """Raises BadMarkup when the text with its tags is not well-formed."""
    try:
        ElementTree.fromstring(f"<r>{text}</r>")
    except ElementTree.ParseError as error:
        raise BadMarkup(str(error)) from error


def bare_length(text: str, *, xml: bool) -> int:
    """Code points that would be billed: without tags, entities counted as what they stand for."""
    return len(unescape(_TAG.sub("", text))) if xml else len(text)


def _by_language(table: Mapping[tuple[str, str], str]) -> dict[str, dict[str, str]]:
    """Each language's entries: the whole texts, then their pieces."""
    entries: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    served = [
        (entries[language.lower()[:2]], english.strip(), target.strip())
        for (language, english), target in table.items()
        if language.lower()[:2] in entries
    ]
    for known, english, target in served:
        known[english] = target
    for known, english, target in served:
        _learn_pieces(known, english, target, level=0)
    return entries


def unescape(xml: str) -> str:
    """XML text with its entities (the five named ones and numbers) replaced by what they stand for."""
    return _ENTITY.sub(_character, xml)


def _character(entity: re.Match[str]) -> str:
    decimal, hexadecimal, name = entity.groups()
    if name:
        return _NAMED[name]
    return chr(int(decimal) if decimal else int(hexadecimal, 16))


def _learn_pieces(known: dict[str, str], english: str, target: str, *, level: int) -> None:
    """Adds paragraphs, lines and sentences where both sides have equally many."""
    for smaller in range(level, len(_SEPARATORS)):
        ours, theirs = (re.split(_SEPARATORS[smaller], text)[::2] for text in (english, target))
        if len(ours) != len(theirs) or len(ours) == 1:
            continue
        for source, translation in zip(ours, theirs, strict=True):
            if _has_letters(source, xml=False) and translation.strip():
                known.setdefault(source.strip(), translation.strip())
                _learn_pieces(known, source.strip(), translation.strip(), level=smaller + 1)


def _find(text: str, tables: Tables, *, xml: bool) -> str | None:
    """The table's translation, with white space, XML escapes and tags as they came; None when it has none."""
    body = text.strip()
    start, end = text[: text.index(body)], text[text.index(body) + len(body) :]
    if xml and _TAG.search(body):
        hits = (_find_tagged(body, entries) for entries in tables)
        found = next((hit for hit in hits if hit is not None), None)
    else:
        found = _find_plain(body, tables[0], xml=xml)
    return None if found is None else f"{start}{found}{end}"


def _find_plain(text: str, entries: dict[str, str], *, xml: bool) -> str | None:
    found = entries.get(unescape(text) if xml else text)
    return escape(found) if found is not None and xml else found


def _find_tagged(text: str, entries: dict[str, str]) -> str | None:
    """A translation whose source fits when tags stand for protected text, if the translation kept that."""
    tags = _TAG.findall(text)
    pattern = re.compile("(.+?)".join(re.escape(unescape(part)) for part in _TAG.split(text)), re.DOTALL)
    for source, target in entries.items():
        match = pattern.fullmatch(source)
        if match is None:
            continue
        for place, kept in enumerate(match.groups()):
            target = target.replace(kept, chr(_FIRST_STAND_IN + place), 1)
        if all(chr(_FIRST_STAND_IN + place) in target for place in range(len(tags))):
            target = escape(target)
            for place, tag in enumerate(tags):
                target = target.replace(chr(_FIRST_STAND_IN + place), tag)
            return target
    return None


def _gloss(text: str, language: str, *, xml: bool) -> str:
    """The gloss, with a stand-in for the demo mark before its first letter."""
    glossary = load_glossary(language)
    pieces = re.split(f"({_TAG.pattern})", text) if xml else [text]
    marked = False
    for place in range(0, len(pieces), 2):
        glossed = glossary.gloss(unescape(pieces[place]) if xml else pieces[place])
        letter = next((at for at, sign in enumerate(glossed) if sign.isalpha()), None)
        if letter is not None and not marked:
            glossed = f"{glossed[:letter]}{_GLOSSED}{glossed[letter:]}"
            marked = True
        pieces[place] = escape(glossed) if xml else glossed
    return "".join(pieces)


def _has_letters(text: str, *, xml: bool) -> bool:
    return any(letter.isalpha() for letter in (_TAG.sub("", text) if xml else text))
