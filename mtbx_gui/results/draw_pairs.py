"""Draws verdict shares of people and judge per category (Figure 3), and positional bias (Table 2)."""

from typing import Any

from mtbx_gui.results.agreement import ALL_GROUP
from mtbx_gui.results.behind import Behind, Who
from mtbx_gui.results.frame import GAP, Entry, Frame, paint, plain_axes
from mtbx_gui.results.labels import BOTH_BAD, INCONSISTENT, MODEL_1, MODEL_2, TIE
from mtbx_gui.results.look import OUTCOME_FILL, Fill
from mtbx_gui.results.pair_contents import BiasContent, VerdictsContent
from mtbx_gui.results.rates import VerdictShares
from mtbx_gui.results.words import NO_VALUE, Words, percent

ORDER = (MODEL_1, TIE, BOTH_BAD, INCONSISTENT, MODEL_2)
"""From left to right: both models' wins start at an outer edge, so that both can be compared."""


def draw_verdicts(frame: Frame, content: VerdictsContent, words: Words) -> None:
    """Per category two bars, people and judge, of the shares of the verdicts."""
    who: list[tuple[Who, str]] = []
    if any(row.people.total for row in content.rows):
        who.append(("people", words("simulated") if content.simulated else words("people")))
    if any(row.judge.total for row in content.rows):
        who.append(("judge", words("judge")))
    room = frame.width - frame.line * 1.5 - 3 * GAP
    names = {
        MODEL_1: words("{model} wins", model=content.pair[0]),
        TIE: words("tie"),
        BOTH_BAD: words("both bad"),
        INCONSISTENT: words("inconsistent"),
        MODEL_2: words("{model} wins", model=content.pair[1]),
    }
    wide = len(content.rows[0].judge.counts) if content.rows else 4
    shown = [code for code in ORDER if code < wide]
    frame.legend([Entry(frame.shorten(names[code], room), OUTCOME_FILL[code]) for code in shown])

    groups = [words.category(row.group) for row in content.rows]
    counts = [f"{_shares(row, name).total}" for row in content.rows for name, _ in who]
    left_groups = frame.widest(groups) + GAP
    left = left_groups + frame.widest([text for _, text in who], 0.86) + GAP
    right = max(frame.widest(counts, 0.86), frame.measure("n", 0.86)) + GAP
    bar = frame.line * 1.12
    group = len(who) * bar + frame.line * 0.6
    foot, head = frame.line * 1.3, frame.line
    body = frame.open(len(content.rows) * group + foot + head)
    tall = body - foot - head
    width = frame.width - left - right
    axes = frame.axes(left, foot, width, tall)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, tall)
    step = tall / max(1, len(content.rows))
    thick = bar * min(1.6, step / group)
    look = frame.look
    for place, row in enumerate(content.rows):
        middle = tall - (place + 0.5) * step
        weight = "bold" if row.group == ALL_GROUP else "normal"
        frame.text(
            0, foot + middle, groups[place], size=look.font, color=look.ink, va="center", weight=weight
        )
        for number_, (name, text) in enumerate(who):
            y = middle + ((len(who) - 1) / 2 - number_) * thick
            shares = _shares(row, name)
            frame.text(
                left - GAP, foot + y, text, size=frame.small, color=look.muted, va="center", ha="right"
            )
            frame.text(
                frame.width,
                foot + y,
                f"{shares.total}",
                size=frame.small,
                color=look.muted,
                va="center",
                ha="right",
            )
            _draw_shares(frame, axes, shares, (y, thick * 0.9, width), row.group, name, names, content, words)
    frame.text(frame.width, body - head * 0.8, "n", size=frame.small, color=look.muted, ha="right")
    axes.set_yticks([])
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100\u00a0%"])
    plain_axes(axes, look, "x")


def _shares(row: Any, who: Who) -> VerdictShares:
    found: VerdictShares = row.people if who == "people" else row.judge
    return found


def _draw_shares(
    frame: Frame,
    axes: Any,
    shares: VerdictShares,
    place: tuple[float, float, float],
    group: str,
    who: Who,
    names: dict[int, str],
    content: VerdictsContent,
    words: Words,
) -> None:
    look, (y, thick, width) = frame.look, place
    if shares.shares is None:
        text = f"{NO_VALUE}: {words(shares.reason)}"
        axes.text(0.01, y, text, size=frame.small, color=look.muted, va="center")
        return
    start = 0.0
    for code in ORDER:
        if code >= len(shares.shares) or shares.shares[code] == 0:
            continue
        share, fill = shares.shares[code], OUTCOME_FILL[code]
        (patch,) = axes.barh([y], [share], left=[start], height=thick, **paint(fill, look))
        for text in (f"{fill.letter} {percent(share, 0)}", f"{100 * share:.0f}", fill.letter):
            if frame.measure(text, 0.86) + 0.06 <= share * width:
                axes.text(
                    start + share / 2,
                    y,
                    text,
                    size=frame.small,
                    color=fill.text,
                    ha="center",
                    va="center",
                    bbox={"facecolor": fill.color, "edgecolor": "none", "pad": 0.8},
                )
                break
        title = f"{words.category(group)} · {words(who)} · {names[code]}"
        frame.mark(
            patch,
            f"{title}: {percent(share)} ({shares.counts[code]}/{shares.total})",
            Behind(
                "pairs",
                title,
                models=content.pair,
                languages=content.languages,
                categories=None if group == ALL_GROUP else (group,),
                who=who,
                label=code,
            ),
        )
        start += share


def draw_bias(frame: Frame, content: BiasContent, words: Words) -> None:
    """Table 2 as bars, the largest first, with what is left after substitution."""
    look = frame.look
    fill = OUTCOME_FILL[INCONSISTENT]
    frame.legend(
        [
            Entry(words("verdict changes with the order"), Fill(fill.color, fill.hatch)),
            Entry(words("missing after substitution"), Fill(look.ink), tick=True),
        ]
    )
    groups = [words.category(row.category) for row in content.rows]
    texts = [f"{_mean(row)}  {row.pooled.agree}/{row.pooled.total}" for row in content.rows]
    left, right = frame.widest(groups) + GAP, frame.widest(texts, 0.86) + GAP
    row_height, foot = frame.line * 1.7, frame.line * 1.3
    body = frame.open(len(content.rows) * row_height + foot)
    tall, width = body - foot, frame.width - left - right
    axes = frame.axes(left, foot, width, tall)
    step = tall / max(1, len(content.rows))
    most = max((row.mean.value or 0.0 for row in content.rows), default=0.0)
    top = max(0.1, min(1.0, -(-most // 0.1) * 0.1))
    axes.set_xlim(0, top)
    axes.set_ylim(0, tall)
    for place, row in enumerate(content.rows):
        y = tall - (place + 0.5) * step
        frame.text(0, foot + y, groups[place], size=look.font, color=look.ink, va="center")
        frame.text(
            frame.width, foot + y, texts[place], size=frame.small, color=look.ink, va="center", ha="right"
        )
        if row.mean.value is not None:
            (patch,) = axes.barh([y], [row.mean.value], height=step * 0.62, **paint(fill, look))
            frame.mark(
                patch,
                f"{groups[place]}: {texts[place]}",
                Behind("pairs", groups[place], categories=(row.category,), who="judge", label=INCONSISTENT),
            )
        if row.missing:
            at = row.missing / row.items
            axes.plot(
                [at, at],
                [y - step * 0.4, y + step * 0.4],
                color=look.ink,
                linewidth=2.2,
                solid_capstyle="butt",
                clip_on=False,
            )
    axes.set_yticks([])
    ticks = [number_ / 10 for number_ in range(round(top * 10) + 1)]
    axes.set_xticks(ticks, [f"{100 * tick:.0f}" for tick in ticks[:-1]] + [f"{100 * ticks[-1]:.0f}\u00a0%"])
    plain_axes(axes, look, "x")


def _mean(row: Any) -> str:
    return NO_VALUE if row.mean.value is None else percent(row.mean.value)
