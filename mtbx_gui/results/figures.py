"""All figures and tables by key: computes, draws and saves them. One code for window, CLI and export.

matplotlib is imported when something is drawn. It keeps settings in globals, so drawing is done by one thread
at a time.
"""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from mtbx_gui.results.agreement_contents import agreement_content, chance_content
from mtbx_gui.results.content import Content
from mtbx_gui.results.data import StudyData
from mtbx_gui.results.draw_agreement import draw_agreement
from mtbx_gui.results.draw_categories import draw_categories
from mtbx_gui.results.draw_pairs import draw_bias, draw_verdicts
from mtbx_gui.results.draw_scores import draw_scores
from mtbx_gui.results.frame import Frame, Mark
from mtbx_gui.results.look import Look
from mtbx_gui.results.pair_contents import bias_content, verdicts_content
from mtbx_gui.results.score_contents import categories_content, scores_content
from mtbx_gui.results.selection import Filter, Rules
from mtbx_gui.results.words import Words

Format = Literal["png", "svg", "pdf"]
FORMATS: tuple[Format, ...] = ("png", "svg", "pdf")
EXPORT_DPI = 300.0

_DRAWING = threading.Lock()
_SETTINGS = {
    "font.family": ["DejaVu Sans"],
    "svg.fonttype": "none",
    "svg.hashsalt": "mtbx-gui",
    "pdf.fonttype": 42,
    "hatch.linewidth": 0.5,
    "axes.unicode_minus": True,
}

Compute = Callable[[StudyData, Filter, Rules, Words], Content]
Draw = Callable[[Frame, Any, Words], None]


@dataclass(frozen=True)
class Kind:
    """A figure or table of the station: its key, title, group in the list, and whether it can be drawn."""

    key: str
    title: str
    group: str
    compute: Compute
    draw: Draw | None = None


KINDS: tuple[Kind, ...] = (
    Kind("scores", "Score per model and language", "Scores", scores_content, draw_scores),
    Kind("categories", "Score per category", "Scores", categories_content, draw_categories),
    Kind("verdicts", "Verdicts per category", "Pairs", verdicts_content, draw_verdicts),
    Kind("bias", "Positional bias per category", "Pairs", bias_content, draw_bias),
    Kind("agreement", "Judge and people", "Agreement", agreement_content, draw_agreement),
    Kind("chance", "Agreement beyond chance", "Agreement", chance_content),
)


@dataclass(frozen=True)
class Picture:
    """A figure as pixels (RGBA, rows from the top) with its clickable marks."""

    width: int
    height: int
    pixels: bytes = field(repr=False)
    marks: tuple[Mark, ...]


def kind_of(key: str) -> Kind:
    """The figure or table of a key. Raises KeyError."""
    for kind in KINDS:
        if kind.key == key:
            return kind
    raise KeyError(key)


def compute(
    key: str, data: StudyData, chosen: Filter, rules: Rules | None = None, words: Words | None = None
) -> Content:
    """The content of one figure or table under a filter."""
    return kind_of(key).compute(data, chosen, rules or Rules(), words or Words())


def render(content: Content, look: Look, words: Words | None = None) -> Picture:
    """The figure as pixels, for the window.

    Raises ValueError for a content that is only a table, or empty.
    """
    with _drawing():
        frame = _draw(content, look, words or Words())
        marks = frame.finish()
        canvas = frame.figure.canvas
        width, height = canvas.get_width_height()
        return Picture(width, height, bytes(canvas.buffer_rgba()), marks)


def save(content: Content, form: Format, look: Look | None = None, words: Words | None = None) -> bytes:
    """The figure as a file's bytes; the same content gives the same bytes. PNG has 300 dpi.

    Raises ValueError for a content that is only a table, or empty.
    """
    metadata: dict[Format, dict[str, str | None]] = {
        "png": {"Software": None, "Title": content.title},
        "svg": {"Date": None, "Creator": "mtbx-gui", "Title": content.title},
        "pdf": {"CreationDate": None, "Creator": "mtbx-gui", "Producer": None, "Title": content.title},
    }
    with _drawing():
        figure = _draw(content, look or Look(), words or Words()).figure
        out = io.BytesIO()
        figure.savefig(
            out, format=form, dpi=EXPORT_DPI, facecolor=figure.get_facecolor(), metadata=metadata[form]
        )
    return out.getvalue()


def drawable(content: Content) -> bool:
    """Whether there is a figure for this content, and something on it."""
    return kind_of(content.key).draw is not None and not content.empty


def _draw(content: Content, look: Look, words: Words) -> Frame:
    draw = kind_of(content.key).draw
    if draw is None or content.empty:
        raise ValueError(f"There is no figure of {content.key}: {content.empty or 'it is a table'}")
    frame = Frame(look, content)
    draw(frame, cast(Any, content), words)
    return frame


@contextmanager
def _drawing() -> Iterator[None]:
    from matplotlib import style

    with _DRAWING, style.context(["default", cast(Any, _SETTINGS)]):
        yield
