"""Draws scores per category: a radar per language, or a grid of numbers where a radar would be unreadable."""

import math
from typing import Any

from mtbx_gui.results.behind import Behind
from mtbx_gui.results.draw_scores import SCALE_TOP
from mtbx_gui.results.frame import GAP, Entry, Frame, plain_axes
from mtbx_gui.results.look import LINES, MARKERS, MODEL_FILL, luminance
from mtbx_gui.results.score_contents import CategoriesContent
from mtbx_gui.results.scores import ScoreCell
from mtbx_gui.results.words import NO_VALUE, Words, number

RADAR_MODELS = 6
RADAR_CATEGORIES = 3


def draw_categories(frame: Frame, content: CategoriesContent, words: Words) -> None:
    """Figure 5 of the paper, a radar per language; a grid of numbers for many models or few categories."""
    if len(content.models) <= RADAR_MODELS and len(content.categories) >= RADAR_CATEGORIES:
        _draw_radars(frame, content, words)
    else:
        _draw_grid(frame, content, words)


def _draw_radars(frame: Frame, content: CategoriesContent, words: Words) -> None:
    room = frame.width - frame.line * 1.5 - 3 * GAP
    frame.legend(
        [
            Entry(frame.shorten(model, room), MODEL_FILL[m], marker=MARKERS[m], line=LINES[m])
            for m, model in enumerate(content.models)
        ]
    )
    names = [words.category(name) for name in content.categories]
    side = frame.widest(names) + GAP
    least = 2 * side + (1.9 if frame.width > 4 else 1.1)
    columns = max(1, min(len(content.languages), int(frame.width / least)))
    rows = math.ceil(len(content.languages) / columns)
    cell = frame.width / columns
    head, around = frame.line * 1.2, 2.6 * frame.line
    radius = min(cell / 2 - side, 1.3)
    body = frame.open(rows * (2 * radius + around + head))
    radius = min(cell / 2 - side, (body / rows - around - head) / 2, 2.4)
    for place, language in enumerate(content.languages):
        column, row = place % columns, place // columns
        x = column * cell + cell / 2 - radius
        y = body - (row + 0.5) * body / rows - head / 2 - radius
        axes = frame.axes(x, y, 2 * radius, 2 * radius, projection="polar")
        frame.text(
            column * cell,
            body - row * body / rows - head,
            language.upper(),
            size=frame.look.font,
            weight="bold",
            color=frame.look.ink,
        )
        _draw_radar(frame, axes, content, language, names)


def _draw_radar(frame: Frame, axes: Any, content: CategoriesContent, language: str, names: list[str]) -> None:
    look = frame.look
    count = len(names)
    angles = [2 * math.pi * number_ / count for number_ in range(count)]
    axes.set_theta_zero_location("N")
    axes.set_theta_direction(-1)
    axes.set_ylim(0, SCALE_TOP)
    axes.set_yticks(range(2, 11, 2), [str(tick) for tick in range(2, 11, 2)])
    axes.set_rlabel_position(180 / count)
    axes.set_xticks(angles, [""] * count)
    plain_axes(axes, look)
    axes.grid(color=look.grid, linewidth=0.6)
    axes.tick_params(axis="y", labelsize=frame.small * 0.9, colors=look.muted)
    for angle, name in zip(angles, names, strict=True):
        across = math.sin(angle)
        axes.text(
            angle,
            SCALE_TOP * 1.06,
            name,
            size=frame.small,
            color=look.ink,
            ha="center" if abs(across) < 0.1 else ("left" if across > 0 else "right"),
            va="center" if abs(math.cos(angle)) < 0.9 else ("bottom" if math.cos(angle) > 0 else "top"),
        )
    for m, model in enumerate(content.models):
        cells = [content.cell(model, language, category) for category in content.categories]
        values = [math.nan if cell.mean.value is None else cell.mean.value for cell in cells]
        axes.plot(
            [*angles, angles[0]],
            [*values, values[0]],
            color=MODEL_FILL[m].color,
            linestyle=LINES[m],
            linewidth=1.2,
        )
        for angle, cell in zip(angles, cells, strict=True):
            if cell.mean.value is not None:
                (dot,) = axes.plot(
                    [angle],
                    [cell.mean.value],
                    marker=MARKERS[m],
                    color=MODEL_FILL[m].color,
                    markersize=look.font * 0.5,
                    markeredgecolor=look.ink,
                    markeredgewidth=0.4,
                    clip_on=False,
                )
                frame.mark(dot, _said(cell), _behind(cell), grow=0.03)


def _draw_grid(frame: Frame, content: CategoriesContent, words: Words) -> None:
    from matplotlib import colormaps
    from matplotlib.colors import to_hex
    from matplotlib.patches import Rectangle

    look = frame.look
    shades = colormaps["cividis"]
    names = [frame.shorten(model, frame.width * 0.38) for model in content.models]
    heads = [words.category(name) for name in content.categories]
    left = frame.widest(names) + GAP
    wide = (frame.width - left) / max(1, len(heads))
    row, gap = frame.line * 1.35, frame.line * 2.6
    slanted = frame.widest(heads, 0.86) > wide - 0.05
    if slanted:
        wide = (frame.width - left - frame.widest(heads, 0.86) * 0.7) / max(1, len(heads))
    digits = 2 if wide > frame.measure("10.00", 0.86) + 0.05 else 1
    top = frame.widest(heads, 0.86) * 0.75 + GAP if slanted else 0.0
    body = frame.open(len(content.languages) * (len(names) * row + gap + top))
    y = body
    for language in content.languages:
        y -= gap + top
        frame.text(0, y + GAP / 2, language.upper(), size=look.font, weight="bold", color=look.ink)
        for place, head in enumerate(heads):
            frame.text(
                left + (place + (0.3 if slanted else 0.5)) * wide,
                y + GAP / 2,
                head,
                size=frame.small,
                color=look.ink,
                ha="left" if slanted else "center",
                rotation=40 if slanted else 0,
                rotation_mode="anchor",
            )
        axes = frame.axes(left, y - len(names) * row, wide * len(heads), len(names) * row)
        axes.set_xlim(0, len(heads))
        axes.set_ylim(len(names), 0)
        plain_axes(axes, look)
        axes.set_xticks([])
        axes.set_yticks([number_ + 0.5 for number_ in range(len(names))], names)
        for m, model in enumerate(content.models):
            for place, category in enumerate(content.categories):
                cell = content.cell(model, language, category)
                value = cell.mean.value
                color = look.ground if value is None else to_hex(shades((value - 1) / 9))
                patch = Rectangle((place, m), 1, 1, facecolor=color, edgecolor=look.ground, linewidth=0.8)
                axes.add_patch(patch)
                ink = look.muted if value is None else ("#ffffff" if luminance(color) < 0.22 else "#000000")
                text = NO_VALUE if value is None else _rounded(value, digits)
                axes.text(place + 0.5, m + 0.52, text, size=frame.small, color=ink, ha="center", va="center")
                frame.mark(patch, _said(cell), _behind(cell))
        y -= len(names) * row


def _rounded(value: float, digits: int) -> str:
    """A score in a narrow cell: "9.4", and "10" rather than "10.0"."""
    text = f"{value:.{digits}f}"
    return "10" if text == "10.0" else text


def _said(cell: ScoreCell) -> str:
    return f"{_title(cell)}: {number(cell.mean)}, n {cell.questions}"


def _title(cell: ScoreCell) -> str:
    return f"{cell.model} · {(cell.language or '').upper()} · {cell.category}"


def _behind(cell: ScoreCell) -> Behind:
    categories = None if cell.category is None else (cell.category,)
    return Behind(
        "scores", _title(cell), models=(cell.model,), languages=(cell.language or "",), categories=categories
    )
