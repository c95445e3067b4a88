"""The words in figures, tables and reports, and how numbers are written. No statistics here.

English texts are their own keys; `resources/figures/<language>.json` translates them.
"""

import json
from collections.abc import Iterable

from mtbx_gui.assets import resources
from mtbx_gui.results.values import Interval, Number, Share
from mtbx_gui.rundir.errors import MtbxError

ENGLISH = "en"
NO_VALUE = "n/a"
NO_BREAK = "\u00a0"
LEVEL = "95\u00a0%"
_CATEGORY = {"stem": "STEM"}


class NoWordsError(MtbxError):
    """Figures and reports can't be written in this language."""


class Words:
    """Says texts in one language; an entry that is missing from the language's table stays English."""

    def __init__(self, language: str = ENGLISH) -> None:
        self.language = language
        self._table: dict[str, str] = {}
        if language == ENGLISH:
            return
        path = resources() / "figures" / f"{language}.json"
        if not path.is_file():
            raise NoWordsError(
                f'There are no words for figures in "{language}".',
                f"Choose one of: {', '.join(languages())}.",
            )
        self._table = json.loads(path.read_text(encoding="utf-8"))

    def __call__(self, text: str, **values: object) -> str:
        """The text in this language, with its `{places}` filled."""
        shown = self._table.get(text, text)
        return shown.format(**values) if values else shown

    def category(self, name: str) -> str:
        """A category or group as figures show it."""
        return self(_CATEGORY.get(name, name[:1].upper() + name[1:]))

    def count(self, number: int, one: str, many: str) -> str:
        """A number with its noun: "1 repetition", "3 repetitions"."""
        return f"{number} {self(one if number == 1 else many)}"

    def turns(self, turns: Iterable[int]) -> str:
        """Which turns: "turn 1", "turns 1 and 2"."""
        numbers = sorted(set(turns))
        if len(numbers) == 1:
            return self("turn {number}", number=numbers[0])
        text = self("turns {numbers}", numbers=self.listed(str(number) for number in numbers))
        return text.replace(" ", NO_BREAK)

    def listed(self, names: Iterable[str]) -> str:
        """Names in a row: "EN, DE and IT"."""
        found = list(names)
        if len(found) < 2:
            return "".join(found)
        return self("{first} and {last}", first=", ".join(found[:-1]), last=found[-1])


def languages() -> list[str]:
    """The languages that figures and reports can be written in, English first."""
    folder = resources() / "figures"
    return [ENGLISH, *sorted(path.stem for path in folder.glob("*.json"))]


def percent(share: float, digits: int = 1) -> str:
    """A share as "62.8 %" (with a no-break space)."""
    return f"{100 * share:.{digits}f}\u00a0%"


def interval_percent(interval: Interval | None, digits: int = 1) -> str:
    """An interval of shares as "56.6–68.7", or '' when there is none."""
    if interval is None:
        return ""
    return f"{100 * interval.low:.{digits}f}–{100 * interval.high:.{digits}f}"


def interval_plain(interval: Interval | None, digits: int = 2) -> str:
    """An interval on its own scale as "4.98–5.62", or '' when there is none."""
    return "" if interval is None else f"{interval.low:.{digits}f}–{interval.high:.{digits}f}"


def number(value: Number, digits: int = 2) -> str:
    """A statistic rounded, or "n/a"."""
    return NO_VALUE if value.value is None else f"{value.value:.{digits}f}"


def share_percent(share: Share, digits: int = 0) -> str:
    """A share as "62 %", or "n/a"."""
    return NO_VALUE if share.value is None else percent(share.value, digits)


def p_value(p: float) -> str:
    """A p value: "0.258", "0.0008", "3e-08"."""
    if p >= 0.001:
        return f"{p:.3f}"
    return f"{p:.4f}" if p >= 0.0001 else f"{p:.0e}"
