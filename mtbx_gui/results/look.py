"""Sizes, colours and hatches of figures: one look for window and export, readable in grey. Draws nothing."""

from dataclasses import dataclass

from mtbx_gui.results.labels import BOTH_BAD, INCONSISTENT, MODEL_1, MODEL_2, TIE

COLUMN_WIDTH = 3.35
PAGE_WIDTH = 6.9
"""Widths of a column and a page of a two-column paper, in inches."""


@dataclass(frozen=True, slots=True)
class Look:
    """How large and in which ink a figure is drawn.

    `width` and `height` in inches (height 0: as tall as the figure needs), `font` in points. `caption` prints
    title, reading, scope, n and rule on the figure; the window shows them beside it instead.
    """

    width: float = PAGE_WIDTH
    height: float = 0.0
    font: float = 8.0
    ink: str = "#16191c"
    ground: str = "#ffffff"
    caption: bool = True
    dpi: float = 100.0

    @property
    def muted(self) -> str:
        """Text that steps back."""
        return mix(self.ground, self.ink, 0.7)

    @property
    def grid(self) -> str:
        """Grid lines and frames."""
        return mix(self.ground, self.ink, 0.16)


@dataclass(frozen=True, slots=True)
class Fill:
    """How an area is filled: never by colour alone."""

    color: str
    hatch: str = ""
    letter: str = ""

    @property
    def hatch_color(self) -> str:
        """Lines of the hatch: a darker tone of the same colour."""
        return mix(self.color, "#000000", 0.45)

    @property
    def text(self) -> str:
        """Ink that is readable on the colour."""
        return "#ffffff" if luminance(self.color) < 0.22 else "#000000"


OUTCOME_FILL = {
    MODEL_1: Fill("#0072B2", "", "A"),
    MODEL_2: Fill("#E69F00", "///", "B"),
    TIE: Fill("#999999", "...", "T"),
    BOTH_BAD: Fill("#D55E00", "xxx", "X"),
    INCONSISTENT: Fill("#56B4E9", "\\\\\\", "≠"),
}
"""Okabe-Ito, as in rating buttons and tables; the letter stands in the bar."""

MODEL_FILL = (
    Fill("#0072B2"),
    Fill("#E69F00", "///"),
    Fill("#CC79A7", "..."),
    Fill("#009E73", "\\\\\\"),
    Fill("#F0E442", "xxx"),
    Fill("#7a8590", "|||"),
)
"""Fills for models beside each other; more models than these are drawn as rows."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (1, 1)))

JUDGE_FILL = Fill("#CC79A7", "")
PEOPLE_FILL = Fill("#7a8590", "///")
"""Judge with people, and people among themselves."""


def mix(first: str, second: str, share: float) -> str:
    """`share` (0..1) of `second` laid over `first`, both as #rrggbb."""
    parts = [
        round(int(first[i : i + 2], 16) * (1 - share) + int(second[i : i + 2], 16) * share) for i in (1, 3, 5)
    ]
    return "#{:02x}{:02x}{:02x}".format(*parts)


def luminance(color: str) -> float:
    """Relative luminance (0 black .. 1 white) of a #rrggbb colour."""
    red, green, blue = (float((int(color[i : i + 2], 16) / 255) ** 2.2) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
