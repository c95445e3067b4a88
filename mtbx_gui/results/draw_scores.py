"""Draws the mean scores per model, language and turn: bars for few models, rows of dots for many."""

from typing import Any

from mtbx_gui.results.behind import Behind
from mtbx_gui.results.frame import GAP, Entry, Frame, paint, plain_axes
from mtbx_gui.results.look import MARKERS, MODEL_FILL, Fill
from mtbx_gui.results.score_contents import ScoresContent
from mtbx_gui.results.scores import ScoreCell
from mtbx_gui.results.words import NO_VALUE, Words, interval_plain, number

SCALE_TOP = 10.0
SIDE_BY_SIDE = 4.6
"""From this width (inches) on, the turns stand beside each other."""


def draw_scores(frame: Frame, content: ScoresContent, words: Words) -> None:
    """Figure 1: a panel per turn."""
    if len(content.models) <= len(MODEL_FILL):
        _draw_bars(frame, content, words)
    else:
        _draw_rows(frame, content, words)


def _draw_bars(frame: Frame, content: ScoresContent, words: Words) -> None:
    room = frame.width - frame.line * 1.5 - 3 * GAP
    frame.legend(
        [
            Entry(frame.shorten(model, room), fill)
            for model, fill in zip(content.models, MODEL_FILL, strict=False)
        ]
    )
    panels = _panels(frame, content, words, height=2.3, foot=frame.line * 1.5, left=frame.measure("10") + GAP)
    share = 0.8 / len(content.models)
    for place, (turn, axes, width) in enumerate(panels):
        bar = width * share / (len(content.languages) + 0.1)
        for m, model in enumerate(content.models):
            for position, language in enumerate(content.languages):
                cell = content.cell(model, language, turn)
                x = position - 0.4 + share * (m + 0.5)
                _draw_bar(frame, axes, cell, x, share, MODEL_FILL[m], bar)
        axes.set_xlim(-0.55, len(content.languages) - 0.45)
        axes.set_ylim(0, SCALE_TOP)
        axes.set_yticks(range(0, 11, 2))
        plain_axes(axes, frame.look, "y")
        axes.set_xticks(range(len(content.languages)), [code.upper() for code in content.languages])
        if place and panels[0][1].get_position().y0 == axes.get_position().y0:
            axes.set_yticklabels([])


def _draw_bar(
    frame: Frame, axes: Any, cell: ScoreCell, x: float, width: float, fill: Fill, inches: float
) -> None:
    look = frame.look
    if cell.mean.value is None:
        axes.text(
            x, 0.15, NO_VALUE, size=frame.small, color=look.muted, ha="center", va="bottom", rotation=90
        )
        return
    (patch,) = axes.bar([x], [cell.mean.value], width=width, **paint(fill, look))
    top = cell.mean.value
    if cell.mean.interval is not None:
        low, high = cell.mean.interval.low, cell.mean.interval.high
        axes.plot([x, x], [low, high], color=look.ink, linewidth=1.0, solid_capstyle="butt")
        top = max(top, high)
    text = number(cell.mean)
    if inches >= frame.measure(text, 0.86) + 0.09:
        axes.text(x, top + 0.12, text, size=frame.small, color=look.ink, ha="center", va="bottom")
    elif inches >= frame.line * 0.8:
        axes.text(
            x,
            0.2,
            text,
            size=frame.small,
            color=fill.text,
            ha="center",
            va="bottom",
            rotation=90,
            bbox={"facecolor": fill.color, "edgecolor": "none", "pad": 0.5},
        )
    frame.mark(patch, _said(cell), _behind(cell))


def _draw_rows(frame: Frame, content: ScoresContent, words: Words) -> None:
    fills = [MODEL_FILL[number % len(MODEL_FILL)] for number in range(len(content.languages))]
    markers = [MARKERS[number % len(MARKERS)] for number in range(len(content.languages))]
    frame.legend(
        [
            Entry(language.upper(), fill, marker=marker)
            for language, fill, marker in zip(content.languages, fills, markers, strict=True)
        ]
    )
    names = [frame.shorten(model, frame.width * 0.38) for model in content.models]
    row = max(frame.line * 1.3, 0.085 * len(content.languages) + 0.05)
    panels = _panels(
        frame,
        content,
        words,
        height=row * len(content.models),
        foot=frame.line * 1.5,
        left=frame.widest(names) + GAP,
    )
    step = 0.75 / max(1, len(content.languages))
    for place, (turn, axes, _) in enumerate(panels):
        for m, model in enumerate(content.models):
            for position, language in enumerate(content.languages):
                cell = content.cell(model, language, turn)
                y = m + step * (position - (len(content.languages) - 1) / 2)
                _draw_dot(frame, axes, cell, y, fills[position], markers[position])
        axes.set_xlim(0, SCALE_TOP)
        axes.set_xticks(range(0, 11, 2))
        axes.set_ylim(len(content.models) - 0.45, -0.55)
        axes.set_yticks(range(len(content.models)), names)
        plain_axes(axes, frame.look, "x")
        for line in range(1, len(content.models)):
            axes.axhline(line - 0.5, color=frame.look.grid, linewidth=0.5)
        if place and panels[0][1].get_position().y0 == axes.get_position().y0:
            axes.set_yticklabels([])


def _draw_dot(frame: Frame, axes: Any, cell: ScoreCell, y: float, fill: Fill, marker: str) -> None:
    if cell.mean.value is None:
        return
    if cell.mean.interval is not None:
        ends = [cell.mean.interval.low, cell.mean.interval.high]
        axes.plot(ends, [y, y], color=fill.color, linewidth=1.0)
    (dot,) = axes.plot(
        [cell.mean.value],
        [y],
        marker=marker,
        color=fill.color,
        markersize=frame.look.font * 0.5,
        markeredgecolor=frame.look.ink,
        markeredgewidth=0.4,
        clip_on=False,
    )
    frame.mark(dot, _said(cell), _behind(cell), grow=0.02)


def _panels(
    frame: Frame, content: ScoresContent, words: Words, height: float, foot: float, left: float
) -> list[tuple[int, Any, float]]:
    """An axes per turn with its heading, side by side where there is room: (turn, axes, width in inches)."""
    turns = content.turns
    beside = frame.width >= SIDE_BY_SIDE or len(turns) < 2
    head = frame.line * 1.3
    rows = 1 if beside else len(turns)
    body = frame.open(rows * (height + head + foot))
    tall = body / rows - head - foot
    columns = len(turns) if beside else 1
    width = (frame.width - left - (columns - 1) * 3 * GAP - GAP) / columns
    panels = []
    for number_, turn in enumerate(turns):
        column, row = (number_, 0) if beside else (0, number_)
        x = left + column * (width + 3 * GAP)
        y = body - (row + 1) * (tall + head + foot) + foot
        axes = frame.axes(x, y, width, tall)
        frame.text(
            x,
            y + tall + head * 0.3,
            words("Turn {number}", number=turn) + " · " + words("mean score, 1–10"),
            size=frame.look.font,
            weight="bold",
            color=frame.look.ink,
        )
        panels.append((turn, axes, width))
    return panels


def _said(cell: ScoreCell) -> str:
    interval = f" ({interval_plain(cell.mean.interval)})" if cell.mean.interval else ""
    return (
        f"{cell.model} · {(cell.language or '').upper()} · turn {cell.turn}: {number(cell.mean)}{interval}, "
        f"n {cell.questions}"
    )


def _behind(cell: ScoreCell) -> Behind:
    title = f"{cell.model} · {(cell.language or '').upper()} · turn {cell.turn}"
    return Behind("scores", title, models=(cell.model,), languages=(cell.language or "",), turn=cell.turn)
