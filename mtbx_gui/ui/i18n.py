"""Window texts in the person's language: `tr` looks an English text up in resources/i18n/<language>.json.

It must not know any Qt: a text without an entry is shown in English.
"""

import json

from mtbx_gui.assets import resources

_table: dict[str, str] = {}


def use_language(language: str) -> None:
    """Load the table of a language (ISO 639-1 code); one without a table, as English, empties it."""
    _table.clear()
    path = resources() / "i18n" / f"{language}.json"
    if path.is_file():
        _table.update(json.loads(path.read_text(encoding="utf-8")))


def tr(text: str, **values: object) -> str:
    """The window text for `text`, with `{name}` places filled from `values`."""
    shown = _table.get(text, text)
    return shown.format(**values) if values else shown


def tr_count(one: str, many: str, count: int, **values: object) -> str:
    """`one` for exactly one piece, else `many`; both may hold `{count}`."""
    return tr(one if count == 1 else many, count=count, **values)
