"""Contents on agreement: judge with people, people among themselves, the bound (Table 3); kappa and alpha."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mtbx_gui.results.agreement import ALL_GROUP, AgreementRow, table3
from mtbx_gui.results.content import Content, pair_scope, people_word, votes_counted
from mtbx_gui.results.data import StudyData
from mtbx_gui.results.kappa import FLEISS_TEST, Kappa, fleiss, gwet_ac1, krippendorff_alpha
from mtbx_gui.results.labels import SCHEMES, Scheme, merge_counts
from mtbx_gui.results.selection import Filter, PairTable, Rules, pair_table
from mtbx_gui.results.tables import Cell, Column, Gap, Table, cell_of
from mtbx_gui.results.values import Number, Share
from mtbx_gui.results.words import LEVEL, Words, interval_percent, p_value, percent

NO_VOTES = "No vote yet. Rate pairs in the tab Annotate; with judged pairs the judge's agreement shows too."


@dataclass(frozen=True)
class AgreementContent(Content):
    """Table 3: per turn and group (All, RCEMR, categories) the three shares; `macro` tells which is shown."""

    rows: tuple[AgreementRow, ...] = ()
    turns: tuple[int, ...] = ()
    macro: bool = False
    judged: bool = False
    who: str = ""

    def shown(self, share: Share) -> float | None:
        """The value that the chosen rule shows (0..1)."""
        return share.macro if self.macro else share.value


@dataclass(frozen=True)
class ChanceRow:
    """Agreement among people corrected for chance, for one turn and one scheme of labels."""

    turn: int
    scheme: Scheme
    kappa: Kappa
    alpha: Number
    ac1: Number


@dataclass(frozen=True)
class ChanceContent(Content):
    """Fleiss' kappa, Krippendorff's alpha and Gwet's AC1 among people."""

    rows: tuple[ChanceRow, ...] = ()


def agreement_content(data: StudyData, chosen: Filter, rules: Rules, words: Words) -> AgreementContent:
    """How often judge and people agree, per turn and group."""
    table = _voted(data, chosen)
    turns = tuple(int(turn) for turn in np.unique(table.turn))
    verdicts = table.verdicts(rules.first_run)
    rows = tuple(
        table3(
            table.votes,
            verdicts,
            table.turn,
            table.category,
            scheme=rules.scheme,
            bound=rules.bound,
            questions=table.question if rules.bootstrap else None,
            wanted_turns=turns,
            order=table.categories,
        )
    )
    judged = bool((verdicts >= 0).any())
    who = people_word(words, table.annotators)
    return AgreementContent(
        key="agreement",
        title=words("Judge and people"),
        reading=_agreement_reading(rows, rules, who, words),
        rule=_agreement_rule(rules, words),
        n=words(
            "{votes}; {verdicts} of them with a judge verdict",
            votes=votes_counted(words, table),
            verdicts=int((verdicts >= 0).sum()),
        ),
        scope=pair_scope(words, table, table.source if judged else None),
        table=_agreement_table(rows, who, words),
        empty="" if table.items else words(NO_VOTES),
        rows=rows,
        turns=turns,
        macro=rules.macro,
        judged=judged,
        who=who,
    )


def chance_content(data: StudyData, chosen: Filter, rules: Rules, words: Words) -> ChanceContent:
    """Fleiss' kappa and its relatives among people, per turn, in L4 and L3."""
    table = _voted(data, chosen)
    rows = tuple(_chance_rows(table))
    columns = (
        Column(words("turn"), "count"),
        Column(words("labels")),
        Column(words("items"), "count"),
        Column(words("votes per item"), "number"),
        Column("kappa", "number", 3),
        Column("SE", "number", 3),
        Column("z", "number"),
        Column("p", "p"),
        Column("alpha", "number", 3),
        Column("AC1", "number", 3),
    )
    return ChanceContent(
        key="chance",
        title=words("Agreement beyond chance"),
        reading=_chance_reading(rows, people_word(words, table.annotators), words),
        rule=words(
            "kappa: {test}; alpha: Krippendorff, nominal; AC1: Gwet. Items with two votes or more; L3 counts "
            "both bad as tie.",
            test=words(FLEISS_TEST),
        ),
        n=votes_counted(words, table),
        scope=pair_scope(words, table, None),
        table=Table(columns, tuple(_chance_cells(row, words) for row in rows)),
        empty="" if table.items else words(NO_VOTES),
        rows=rows,
    )


def _voted(data: StudyData, chosen: Filter) -> PairTable:
    table = pair_table(data, chosen)
    return table.where(table.votes.sum(axis=1) > 0)


def _agreement_table(rows: tuple[AgreementRow, ...], who: str, words: Words) -> Table:
    columns = [Column(words("turn"), "count"), Column(words("group"))]
    pairs = (
        words("judge and {who}", who=who),
        words("{who} among themselves", who=who),
        words("upper bound"),
    )
    for name in pairs:
        columns += [
            Column(name, "percent", 1),
            Column(f"{name} ({words('agree')})", "count"),
            Column(f"{name} ({words('total')})", "count"),
            Column(f"{name} ({words('low 95 %')})", "percent", 1),
            Column(f"{name} ({words('high 95 %')})", "percent", 1),
            Column(f"{name} ({words('macro')})", "percent", 1),
        ]
    cells = []
    for row in rows:
        line: list[Cell] = [row.turn or 0, words.category(row.group)]
        for share in (row.judge_human, row.human_human, row.upper_bound):
            line += _share_cells(share, words)
        cells.append(tuple(line))
    return Table(tuple(columns), tuple(cells))


def _share_cells(share: Share, words: Words) -> list[Cell]:
    if share.value is None:
        gap = Gap(words(share.reason))
        return [gap, share.agree, share.total, gap, gap, gap]
    no_interval = Gap(words("fewer than two questions"))
    interval, macro = share.interval, share.macro
    return [
        share.value,
        share.agree,
        share.total,
        interval.low if interval else no_interval,
        interval.high if interval else no_interval,
        macro if macro is not None else no_interval,
    ]


def _agreement_rule(rules: Rules, words: Words) -> str:
    pooled = (
        words("Macro: mean over items of the item's share.")
        if rules.macro
        else words("Votes pooled in the group (micro).")
    )
    bounds = {
        "plurality": "Upper bound: every item's most frequent label.",
        "unique": "Upper bound: the most frequent label; items without a unique majority count zero.",
        "tie": "Upper bound: the most frequent label; items without a unique majority get the label tie.",
        "drop": "Upper bound: the most frequent label; items without a unique majority are dropped.",
    }
    interval = "95 % bootstrap by question." if rules.bootstrap else "95 % Wilson."
    return " ".join(
        [
            pooled,
            words(
                "Judge: first consistent verdict from run {run} on. Labels {labels}.",
                run=rules.first_run,
                labels=f"L{rules.scheme} ({', '.join(SCHEMES[rules.scheme])})",
            ),
            words(bounds[rules.bound]),
            words(interval),
        ]
    )


def _agreement_reading(rows: tuple[AgreementRow, ...], rules: Rules, who: str, words: Words) -> str:
    parts = []
    for row in rows:
        if row.group != ALL_GROUP or row.turn is None:
            continue
        said = []
        if row.judge_human.value is not None:
            said.append(
                words(
                    "judge and {who} agree in {share} of {n} votes ({interval}; best possible {bound})",
                    who=who,
                    share=percent(_value(row.judge_human, rules)),
                    n=row.judge_human.total,
                    interval=f"{words(LEVEL)}\u00a0{interval_percent(row.judge_human.interval)}",
                    bound=percent(_value(row.upper_bound, rules), 0),
                )
            )
        if row.human_human.value is not None:
            said.append(
                words(
                    "{who} among themselves in {share} of {n} pairs of votes",
                    who=who,
                    share=percent(_value(row.human_human, rules)),
                    n=row.human_human.total,
                )
            )
        if said:
            parts.append(f"{words('Turn {number}', number=row.turn)}: {', '.join(said)}")
    return ". ".join(parts) + "." if parts else ""


def _value(share: Share, rules: Rules) -> float:
    return (share.macro if rules.macro else share.value) or 0.0


def _chance_rows(table: PairTable) -> Iterator[ChanceRow]:
    schemes: tuple[Scheme, ...] = (4, 3)
    for turn in (int(turn) for turn in np.unique(table.turn)):
        for scheme in schemes:
            counts = merge_counts(table.votes[table.turn == turn], scheme)
            yield ChanceRow(turn, scheme, fleiss(counts), krippendorff_alpha(counts), gwet_ac1(counts))


def _chance_cells(row: ChanceRow, words: Words) -> tuple[Cell, ...]:
    found = row.kappa

    def cell(value: float | None) -> Cell:
        return Gap(words(found.reason)) if value is None else value

    return (
        row.turn,
        f"L{row.scheme}",
        found.items,
        cell(found.votes_per_item),
        cell(found.kappa),
        cell(found.se),
        cell(found.z),
        cell(found.p),
        cell_of(row.alpha),
        cell_of(row.ac1),
    )


def _chance_reading(rows: tuple[ChanceRow, ...], who: str, words: Words) -> str:
    parts = []
    for row in rows:
        found = row.kappa
        if row.scheme != 4 or found.kappa is None:
            continue
        text = words("{kappa} in turn {turn}", kappa=f"{found.kappa:.2f}", turn=row.turn)
        count = words.count(found.items, "item", "items")
        parts.append(f"{text} ({count}" + (f", p\u00a0{p_value(found.p)})" if found.p is not None else ")"))
    text = "Fleiss' kappa among {who}: {values}."
    return words(text, who=who, values=words.listed(parts)) if parts else ""
