"""The words of the rating view that several of its parts use."""

from mtbx_gui.study.records import Displayed
from mtbx_gui.ui.i18n import tr

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "it": "Italiano", "es": "Español"}

MEANING: dict[Displayed, str] = {
    "A": "first",
    "B": "second",
    "tie": "tie",
    "both_bad": "both_bad",
    "skip": "open",
}
"""The colour of a choice: by side, never by model."""


def choice_words(displayed: Displayed) -> str:
    """A choice as the buttons say it."""
    return {
        "A": tr("A is better"),
        "B": tr("B is better"),
        "tie": tr("Tie"),
        "both_bad": tr("Both bad"),
        "skip": tr("Skip"),
    }[displayed]


def short_choice(displayed: Displayed) -> str:
    """A choice in a word, for the last votes."""
    return {"A": "A", "B": "B", "tie": tr("Tie"), "both_bad": tr("Bad"), "skip": tr("Skip")}[displayed]


def language_words(language: str) -> str:
    """A language as people choose it: "DE · Deutsch"."""
    name = LANGUAGES.get(language)
    return f"{language.upper()} · {name}" if name else language.upper()
