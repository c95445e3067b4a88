"""The frame of a figure: caption above and below, legend, panels; everything measured and placed in inches.

It knows no statistics. matplotlib is imported when a frame is made, never before.
"""

from dataclasses import dataclass
from typing import Any

from mtbx_gui.results.behind import Behind
from mtbx_gui.results.content import Content
from mtbx_gui.results.look import Fill, Look

GAP = 0.08
"""Inches between neighbours."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the legend; `marker` and `line` draw a sample line instead of a filled box."""

    text: str
    fill: Fill
    marker: str = ""
    line: Any = ""
    tick: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A clickable area in shares of the figure (from its top left), with what stands behind it."""

    left: float
    top: float
    right: float
    bottom: float
    text: str
    behind: Behind


class Frame:
    """Made with look and content; then `legend`, `open`, `axes`, `mark`, and at last `finish`."""

    def __init__(self, look: Look, content: Content) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.look = look
        self.content = content
        self.figure: Any = Figure(figsize=(look.width, 1.0), dpi=look.dpi, facecolor=look.ground)
        self._renderer: Any = FigureCanvasAgg(self.figure).get_renderer()
        self._marks: list[tuple[Any, float, str, Behind]] = []
        self._legend: list[list[Entry]] = []
        self.small = look.font * 0.86
        self._head: list[tuple[str, float, str, str]] = []
        self._foot: list[tuple[str, float, str, str]] = []
        if look.caption:
            self._head += [
                (line, look.font * 1.15, "bold", look.ink) for line in self.wrap(content.title, 1.15, "bold")
            ]
            self._head += [(line, look.font, "normal", look.ink) for line in self.wrap(content.reading, 1.0)]
            for text in (content.scope, f"n: {content.n}", content.rule):
                self._foot += [(line, self.small, "normal", look.muted) for line in self.wrap(text, 0.86)]

    @property
    def width(self) -> float:
        """Inches between the outer margins."""
        return self.look.width - 2 * GAP

    @property
    def line(self) -> float:
        """The height of a line of text in inches."""
        return self.look.font * 1.4 / 72

    def measure(self, text: str, factor: float = 1.0, weight: str = "normal") -> float:
        """The width of a text in inches at `factor` of the font size."""
        from matplotlib.font_manager import FontProperties

        font = FontProperties(size=self.look.font * factor, weight=weight)
        width, _, _ = self._renderer.get_text_width_height_descent(text, font, False)
        return float(width) / self.look.dpi

    def widest(self, texts: list[str], factor: float = 1.0) -> float:
        """The width of the widest of some texts in inches."""
        return max((self.measure(text, factor) for text in texts), default=0.0)

    def wrap(self, text: str, factor: float = 1.0, weight: str = "normal", width: float = 0.0) -> list[str]:
        """The text in lines no wider than `width` inches (default: the figure)."""
        room = width or self.width
        lines: list[str] = []
        current = ""
        for word in text.split(" "):
            longer = f"{current} {word}" if current else word
            if current and self.measure(longer, factor, weight) > room:
                lines.append(current)
                current = word
            else:
                current = longer
        return [*lines, current] if current else lines

    def shorten(self, text: str, room: float, factor: float = 1.0) -> str:
        """The text, with its middle left out where it is wider than `room` inches."""
        if self.measure(text, factor) <= room:
            return text
        for kept in range(len(text) - 1, 3, -1):
            head = (kept + 1) // 2
            shorter = f"{text[:head]}…{text[len(text) - (kept - head) :]}"
            if self.measure(shorter, factor) <= room:
                return shorter
        return text[:3] + "…"

    def legend(self, entries: list[Entry]) -> None:
        """Entries in rows above the body, broken where the width ends."""
        room = 0.0
        for entry in entries:
            needed = self._entry_width(entry)
            if not self._legend or room + needed > self.width:
                self._legend.append([])
                room = 0.0
            self._legend[-1].append(entry)
            room += needed

    def _entry_width(self, entry: Entry) -> float:
        return self.line * 1.5 + GAP / 2 + self.measure(entry.text) + 2 * GAP

    def open(self, body: float) -> float:
        """Give the figure its height for a body of at least `body` inches; returns the body's height."""
        around = self._head_height() + self._legend_height() + self._foot_height() + 2 * GAP
        self._body = max(body, self.look.height - around)
        self.height = self._body + around
        self.figure.set_size_inches(self.look.width, self.height)
        self._write_head_and_foot()
        self._draw_legend()
        return self._body

    def axes(self, left: float, bottom: float, width: float, height: float, **options: Any) -> Any:
        """Axes at a place of the body, in inches from its lower left corner."""
        w, h = self.look.width, self.height
        low = GAP + self._foot_height() + bottom
        axes = self.figure.add_axes(((GAP + left) / w, low / h, width / w, height / h), **options)
        axes.set_facecolor("none")
        return axes

    def text(self, x: float, y: float, text: str, **options: Any) -> Any:
        """A text at a place of the body, in inches."""
        return self.figure.text(
            GAP + x, GAP + self._foot_height() + y, text, transform=self.figure.dpi_scale_trans, **options
        )

    def mark(self, artist: Any, text: str, behind: Behind, grow: float = 0.0) -> None:
        """Make an artist's area (grown by `grow` inches) clickable."""
        self._marks.append((artist, grow, text, behind))

    def finish(self) -> tuple[Mark, ...]:
        """Lay the figure out and return its marks."""
        self.figure.canvas.draw()
        width, height = self.look.width * self.look.dpi, self.height * self.look.dpi
        found = []
        for artist, grow, text, behind in self._marks:
            box = artist.get_window_extent(self.figure.canvas.get_renderer())
            more = grow * self.look.dpi
            found.append(
                Mark(
                    float((box.x0 - more) / width),
                    float(1 - (box.y1 + more) / height),
                    float((box.x1 + more) / width),
                    float(1 - (box.y0 - more) / height),
                    text,
                    behind,
                )
            )
        return tuple(found)

    def _head_height(self) -> float:
        return sum(size * 1.4 / 72 for _, size, _, _ in self._head) + (GAP if self._head else 0)

    def _foot_height(self) -> float:
        return sum(size * 1.4 / 72 for _, size, _, _ in self._foot) + (GAP if self._foot else 0)

    def _legend_height(self) -> float:
        return len(self._legend) * self.line * 1.15 + (GAP if self._legend else 0)

    def _write_head_and_foot(self) -> None:
        for lines, top in ((self._head, self.height - GAP), (self._foot, GAP + self._foot_height() - GAP)):
            for text, size, weight, ink in lines:
                top -= size * 1.4 / 72
                self.figure.text(
                    GAP,
                    top + size * 0.35 / 72,
                    text,
                    size=size,
                    weight=weight,
                    color=ink,
                    va="baseline",
                    transform=self.figure.dpi_scale_trans,
                )

    def _draw_legend(self) -> None:
        from matplotlib.lines import Line2D
        from matplotlib.patches import Rectangle

        inches = self.figure.dpi_scale_trans
        top = self.height - GAP - self._head_height()
        side = self.line * 0.7
        for row in self._legend:
            top -= self.line * 1.15
            x = GAP
            for entry in row:
                middle, wide = top + self.line / 2, self.line * 1.5
                if entry.line or entry.marker:
                    sample = Line2D(
                        [x, x + wide / 2, x + wide] if entry.line else [x + wide / 2],
                        [middle] * (3 if entry.line else 1),
                        color=entry.fill.color,
                        linestyle=entry.line or "none",
                        marker=entry.marker,
                        markevery=[1] if entry.line else None,
                        markersize=self.look.font * 0.6,
                        linewidth=1.3,
                        transform=inches,
                    )
                    self.figure.add_artist(sample)
                elif entry.tick:
                    at = x + wide / 2
                    self.figure.add_artist(
                        Line2D(
                            [at, at],
                            [middle - side * 0.6, middle + side * 0.6],
                            color=entry.fill.color,
                            linewidth=2.2,
                            solid_capstyle="butt",
                            transform=inches,
                        )
                    )
                else:
                    box = Rectangle(
                        (x, middle - side / 2), wide, side, transform=inches, **paint(entry.fill, self.look)
                    )
                    self.figure.add_artist(box)
                    if entry.fill.letter:
                        self.figure.text(
                            x + wide / 2,
                            middle,
                            entry.fill.letter,
                            size=self.small,
                            color=entry.fill.text,
                            ha="center",
                            va="center",
                            bbox={"facecolor": entry.fill.color, "edgecolor": "none", "pad": 0.6},
                            transform=inches,
                        )
                self.figure.text(
                    x + wide + GAP / 2,
                    middle,
                    entry.text,
                    size=self.look.font,
                    color=self.look.ink,
                    va="center",
                    transform=inches,
                )
                x += self._entry_width(entry)


def paint(fill: Fill, look: Look) -> dict[str, Any]:
    """Patch options for a fill."""
    return {
        "facecolor": fill.color,
        "edgecolor": look.ground,
        "linewidth": 0.6,
        "hatch": fill.hatch or None,
        "hatchcolor": fill.hatch_color,
    }


def plain_axes(axes: Any, look: Look, grid: str = "") -> None:
    """Quiet axes: no box, light grid along `grid` ("x" or "y"), text in the look's ink."""
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0, colors=look.ink, labelsize=look.font)
    if grid:
        axes.grid(axis=grid, color=look.grid, linewidth=0.6)
        axes.set_axisbelow(True)
