"""Contents on pairs: verdict shares of judge and people (Figure 3), the judge's positional bias (Table 2)."""

from dataclasses import dataclass

import numpy as np

from mtbx_gui.results.agreement import ALL_GROUP
from mtbx_gui.results.content import Content, pair_scope, people_word, votes_counted
from mtbx_gui.results.data import StudyData
from mtbx_gui.results.labels import NOT_JUDGED
from mtbx_gui.results.pairs import BiasSummary, positional_bias, summarise_bias
from mtbx_gui.results.rates import (
    Preference,
    VerdictShares,
    judge_preference,
    judge_shares,
    people_preference,
    people_shares,
)
from mtbx_gui.results.selection import Filter, PairTable, Rules, pair_table
from mtbx_gui.results.tables import Cell, Column, Gap, Table, cell_of
from mtbx_gui.results.words import LEVEL, Words, interval_percent, p_value, percent

NO_PAIRS = (
    "No pair judged and no vote yet. Judge pairs in the tab Judge, mode pair, or rate pairs in the tab "
    "Annotate."
)
NO_GAMES = "No pair judged yet. Judge pairs in both orders in the tab Judge, mode pair."


@dataclass(frozen=True)
class VerdictRow:
    """The verdict shares of people and judge in one group (a category, or `All`)."""

    group: str
    people: VerdictShares
    judge: VerdictShares


@dataclass(frozen=True)
class VerdictsContent(Content):
    """Figure 3a and 3b side by side for one pair; shares in the order of `labels.OUTCOMES`."""

    pair: tuple[str, str] = ("", "")
    rows: tuple[VerdictRow, ...] = ()
    people: Preference | None = None
    judge: Preference | None = None
    simulated: bool = False
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class BiasContent(Content):
    """Table 2: positional bias per category, the largest first."""

    rows: tuple[BiasSummary, ...] = ()


def verdicts_content(data: StudyData, chosen: Filter, rules: Rules, words: Words) -> VerdictsContent:
    """Shares of wins, losses, ties and both bad per category, for the filter's pair or the one voted most.

    Unless the filter names languages, judge and people are compared in the languages that people rated.
    """
    every = pair_table(data, chosen)
    pair = chosen.pair or (every.pairs[0] if every.pairs else ("", ""))
    table = _where_rated(every.of_pair(pair), chosen)
    rows = tuple(_verdict_row(table, group, rules) for group in (ALL_GROUP, *table.categories))
    people, judge = people_preference(table.votes), judge_preference(table.verdicts(rules.first_run))
    who = people_word(words, table.annotators)
    source = table.source if (table.outcomes != NOT_JUDGED).any() else None
    return VerdictsContent(
        key="verdicts",
        title=words("Verdicts per category"),
        reading=_verdicts_reading(pair, people, judge, who, words),
        rule=_verdicts_rule(rules, words),
        n=_verdicts_n(table, words),
        scope=pair_scope(words, table, source),
        table=_verdicts_table(rows, pair, who, rules, words),
        empty="" if table.items else words(NO_PAIRS),
        pair=pair,
        rows=rows,
        people=people,
        judge=judge,
        simulated=who != words("people"),
        languages=tuple(table.languages),
    )


def bias_content(data: StudyData, chosen: Filter, rules: Rules, words: Words) -> BiasContent:
    """Positional bias of the judge per category over its repetitions."""
    table = pair_table(data, chosen)
    judged = table.where((table.outcomes != NOT_JUDGED).any(axis=1))
    runs = positional_bias(judged.outcomes, judged.directions, judged.repetitions, judged.category)
    rows = tuple(summarise_bias(runs, judged.outcomes, judged.repetitions, judged.category, rules.first_run))
    columns = (
        Column(words("category")),
        Column(words("positional bias, mean over runs"), "percent", 2),
        Column(words("inconsistent"), "count"),
        Column(words("game pairs"), "count"),
        Column(words("toward first"), "count"),
        Column(words("toward second"), "count"),
        Column(words("other"), "count"),
        Column(words("no verdict"), "count"),
        Column(words("missing after substitution"), "count"),
        Column(words("items"), "count"),
        Column(words("mitigated by (points)"), "number", 2),
    )
    return BiasContent(
        key="bias",
        title=words("Positional bias per category"),
        reading=_bias_reading(rows, words),
        rule=words(
            "Inconsistent game pairs / (consistent + inconsistent), mean over the runs' percentages; game "
            "pairs without a verdict are left out. Missing: no consistent verdict in run {run} or later.",
            run=rules.first_run,
        ),
        n=words(
            "{games} in {runs}",
            games=words.count(sum(row.pooled.total + row.errors for row in rows), "game pair", "game pairs"),
            runs=words.count(len(judged.repetitions), "run", "runs"),
        ),
        scope=pair_scope(words, judged, judged.source, people=False),
        table=Table(columns, tuple(_bias_cells(row, words) for row in rows)),
        empty="" if rows else words(NO_GAMES),
        rows=rows,
    )


def _where_rated(table: PairTable, chosen: Filter) -> PairTable:
    if chosen.languages is not None:
        return table
    rated = {item.language for item, votes in zip(table.items, table.votes, strict=True) if votes.any()}
    if not rated:
        return table
    return table.where(np.array([item.language in rated for item in table.items], dtype=bool))


def _verdict_row(table: PairTable, group: str, rules: Rules) -> VerdictRow:
    here = np.array([group in (ALL_GROUP, name) for name in table.category], dtype=bool)
    return VerdictRow(
        group,
        people_shares(table.votes[here]),
        judge_shares(table.outcomes[here], inconsistent=rules.show_inconsistent),
    )


def _verdicts_n(table: PairTable, words: Words) -> str:
    games = words.count(
        int((table.outcomes != NOT_JUDGED).sum()), "game pair of the judge", "game pairs of the judge"
    )
    if not table.annotators:
        return games
    return f"{votes_counted(words, table)}; {games}"


def _verdicts_table(
    rows: tuple[VerdictRow, ...], pair: tuple[str, str], who_voted: str, rules: Rules, words: Words
) -> Table:
    names = [
        words("{model} wins", model=pair[0]),
        words("{model} wins", model=pair[1]),
        words("tie"),
        words("both bad"),
    ]
    if rules.show_inconsistent:
        names.append(words("inconsistent"))
    columns = (
        Column(words("category")),
        Column(words("who")),
        *(Column(name, "percent", 1) for name in names),
        *(Column(f"{name} (n)", "count") for name in names),
        Column(words("verdicts"), "count"),
        Column(words("runs"), "count"),
    )
    cells = []
    for row in rows:
        for who, shares in ((who_voted, row.people), (words("judge"), row.judge)):
            width = len(names)
            padded = (*(shares.shares or ()), *([0.0] * width))[:width]
            counts = (*shares.counts, *([0] * width))[:width]
            cells.append(
                (
                    words.category(row.group),
                    who,
                    *(padded if shares.shares is not None else [Gap(shares.reason)] * width),
                    *counts,
                    shares.total,
                    shares.runs,
                )
            )
    return Table(columns, tuple(cells))


def _verdicts_rule(rules: Rules, words: Words) -> str:
    text = words(
        "People: shares among effective votes. Judge: shares among consistent verdicts (both orders agree), "
        "mean over runs."
    )
    if rules.show_inconsistent:
        text = words(
            "People: shares among effective votes. Judge: shares among all readable game pairs, inconsistent "
            "ones apart, mean over runs."
        )
    return text + " " + words("Preference: wins / (wins + losses), judge after substitution, 95 % Wilson.")


def _verdicts_reading(
    pair: tuple[str, str], people: Preference, judge: Preference, who: str, words: Words
) -> str:
    """Who is preferred, told for the model that people (or else the judge) prefer."""
    leading = people if people.decided else judge
    if not leading.decided:
        return words("Nobody decided for one of the two models.") if pair[0] else ""
    second = leading.wins_2 > leading.wins_1
    model = pair[1] if second else pair[0]
    parts = []
    if people.decided:
        text = "{who} prefer {model} in {share} of {n} decided votes ({detail})"
        name = who[:1].upper() + who[1:]
        parts.append(words(text, who=name, model=model, **_said(people, second, words)))
    if judge.decided:
        text = (
            "the judge in {share} of {n} decided verdicts ({detail})"
            if people.decided
            else "The judge prefers {model} in {share} of {n} decided verdicts ({detail})"
        )
        parts.append(words(text, model=model, **_said(judge, second, words)))
    return "; ".join(parts) + "."


def _said(found: Preference, second: bool, words: Words) -> dict[str, object]:
    share = found.share_1 or 0.0
    interval = found.interval
    if interval is not None and second:
        interval = type(interval)(1 - interval.high, 1 - interval.low)
    detail = f"{words(LEVEL)}\u00a0{interval_percent(interval)}"
    if found.p is not None:
        detail += f", p\u00a0{p_value(found.p)}"
    return {"share": percent(1 - share if second else share), "n": found.decided, "detail": detail}


def _bias_cells(row: BiasSummary, words: Words) -> tuple[Cell, ...]:
    mitigated = row.mitigated.value
    return (
        words.category(row.category),
        cell_of(row.mean),
        row.pooled.agree,
        row.pooled.total,
        row.first,
        row.second,
        row.other,
        row.errors,
        row.missing,
        row.items,
        Gap(row.mitigated.reason) if mitigated is None else 100 * mitigated,
    )


def _bias_reading(rows: tuple[BiasSummary, ...], words: Words) -> str:
    wrong, valid = sum(r.pooled.agree for r in rows), sum(r.pooled.total for r in rows)
    if not valid:
        return ""
    if not wrong:
        return words("With the order swapped the judge never changes its verdict in {n} game pairs.", n=valid)
    top = next(row for row in rows if row.mean.value is not None)
    return words(
        "With the order swapped the judge changes its verdict in {share} of {n} game pairs, {first} times "
        "toward the answer shown first and {second} times toward the second; mostly in {category} ({top}).",
        share=percent(wrong / valid),
        n=valid,
        first=sum(r.first for r in rows),
        second=sum(r.second for r in rows),
        category=words.category(top.category),
        top=percent(top.mean.value or 0),
    )
