"""Draws Table 3 as bars: judge with people, people among themselves, best possible, per group and turn."""

from typing import Any

from mtbx_gui.results.agreement import ALL_GROUP, RCEMR, RCEMR_GROUP, AgreementRow
from mtbx_gui.results.agreement_contents import AgreementContent
from mtbx_gui.results.behind import Behind
from mtbx_gui.results.draw_scores import SIDE_BY_SIDE
from mtbx_gui.results.frame import GAP, Entry, Frame, paint, plain_axes
from mtbx_gui.results.look import JUDGE_FILL, PEOPLE_FILL, Fill
from mtbx_gui.results.values import Share
from mtbx_gui.results.words import NO_VALUE, Words, percent


def draw_agreement(frame: Frame, content: AgreementContent, words: Words) -> None:
    """A panel per turn; per group one bar for judge and people (with the bound as a tick), one for people."""
    look = frame.look
    entries = [Entry(words("{who} among themselves", who=content.who), PEOPLE_FILL)]
    if content.judged:
        entries = [
            Entry(words("judge and {who}", who=content.who), JUDGE_FILL),
            Entry(words("best possible judge"), Fill(look.ink), tick=True),
            *entries,
        ]
    frame.legend(entries)
    names = list(dict.fromkeys(row.group for row in content.rows))
    groups = [words.category(name) for name in names]
    bars = 2 if content.judged else 1
    left = frame.widest(groups) + GAP
    every = [share for row in content.rows for share in _both(row)]
    first = frame.widest([_percent(content, share) for share in every], 0.86)
    right = GAP + first + GAP + frame.widest([_fraction(share) for share in every], 0.86)
    beside = frame.width >= SIDE_BY_SIDE or len(content.turns) < 2
    columns = len(content.turns) if beside else 1
    rows = 1 if beside else len(content.turns)
    group, head, foot = bars * frame.line * 1.05 + frame.line * 0.6, frame.line * 1.3, frame.line * 1.3
    body = frame.open(rows * (len(groups) * group + head + foot))
    tall = body / max(1, rows) - head - foot
    width = (frame.width - left - columns * right - (columns - 1) * GAP) / max(1, columns)
    for place, turn in enumerate(content.turns):
        column, row_number = (place, 0) if beside else (0, place)
        x = left + column * (width + right + GAP)
        y = body - (row_number + 1) * (tall + head + foot) + foot
        axes = frame.axes(x, y, width, tall)
        frame.text(
            x,
            y + tall + head * 0.3,
            words("Turn {number}", number=turn),
            size=look.font,
            weight="bold",
            color=look.ink,
        )
        step = tall / max(1, len(groups))
        for number_, row in enumerate(row for row in content.rows if row.turn == turn):
            middle = tall - (number_ + 0.5) * step
            if column == 0:
                weight = "bold" if row.group in (ALL_GROUP, RCEMR_GROUP) else "normal"
                frame.text(
                    0, y + middle, groups[number_], size=look.font, color=look.ink, va="center", weight=weight
                )
            thick = min(step * 0.4, frame.line * 1.5)
            _draw_group(frame, axes, content, row, middle, thick, words)
            shares = _both(row) if content.judged else [row.human_human]
            for at, share in zip(_heights(middle, thick, bars), shares, strict=True):
                ink = look.ink if share.total else look.muted
                options = {"size": frame.small, "color": ink, "va": "center", "ha": "right"}
                frame.text(x + width + GAP + first, y + at, _percent(content, share), **options)
                frame.text(x + width + right, y + at, _fraction(share), **options)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, tall)
        axes.set_yticks([])
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100\u00a0%"])
        plain_axes(axes, look, "x")


def _both(row: AgreementRow) -> list[Share]:
    return [row.judge_human, row.human_human]


def _heights(middle: float, thick: float, bars: int) -> list[float]:
    return [middle] if bars == 1 else [middle + thick / 2, middle - thick / 2]


def _percent(content: AgreementContent, share: Share) -> str:
    value = content.shown(share)
    return NO_VALUE if value is None else percent(value, 0)


def _fraction(share: Share) -> str:
    return f"{share.agree}/{share.total}" if share.total else ""


def _draw_group(
    frame: Frame,
    axes: Any,
    content: AgreementContent,
    row: AgreementRow,
    middle: float,
    thick: float,
    words: Words,
) -> None:
    look = frame.look
    heights = _heights(middle, thick, 2 if content.judged else 1)
    bars = [(row.human_human, PEOPLE_FILL, words("{who} among themselves", who=content.who), heights[-1])]
    if content.judged:
        bars.insert(0, (row.judge_human, JUDGE_FILL, words("judge and {who}", who=content.who), heights[0]))
    for share, fill, name, y in bars:
        value = content.shown(share)
        if value is None:
            continue
        (patch,) = axes.barh([y], [value], height=thick * 0.88, **paint(fill, look))
        if share.interval is not None and not content.macro:
            ends = [share.interval.low, share.interval.high]
            axes.plot(ends, [y, y], color=look.ink, linewidth=1.0, solid_capstyle="butt")
        title = f"{words.category(row.group)} · {words('turn {number}', number=row.turn)} · {name}"
        frame.mark(patch, f"{title}: {_percent(content, share)} {_fraction(share)}", _behind(row, title))
    bound = content.shown(row.upper_bound)
    if content.judged and bound is not None:
        axes.plot(
            [bound, bound],
            [heights[0] - thick * 0.5, heights[0] + thick * 0.5],
            color=look.ink,
            linewidth=2.2,
            solid_capstyle="butt",
            clip_on=False,
        )


def _behind(row: AgreementRow, title: str) -> Behind:
    categories = {ALL_GROUP: None, RCEMR_GROUP: RCEMR}.get(row.group, (row.group,))
    return Behind("pairs", title, categories=categories, turn=row.turn)
