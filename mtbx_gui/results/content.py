"""What a figure or table says, computed but not drawn: numbers, table, one-line reading, rule and n."""

from dataclasses import dataclass

from mtbx_gui.results.data import Source, is_simulated
from mtbx_gui.results.selection import PairTable
from mtbx_gui.results.tables import Table
from mtbx_gui.results.words import Words


@dataclass(frozen=True)
class Content:
    """The part that every figure has in common.

    `reading` says in one sentence what the figure shows, `rule` how its numbers are defined, `n` how many
    things were counted, `scope` whose judgments of what. `empty` is set when there is nothing to show, and
    says what is missing.
    """

    key: str
    title: str
    reading: str
    rule: str
    n: str
    scope: str
    table: Table
    empty: str = ""


def scope_of(
    words: Words,
    source: Source | None,
    languages: list[str],
    turns: list[int],
    pairs: list[tuple[str, str]] | None = None,
    annotators: tuple[str, ...] = (),
) -> str:
    """Whose judgments of what: judge and prompt set, people, languages, turns, pairs."""
    parts = []
    if source is not None:
        parts.append(words("judge: {name}", name=source.name))
    if annotators:
        parts.append(f"{people_word(words, annotators)}: {len(annotators)}")
    if pairs is not None and len(pairs) == 1:
        parts.append(f"{pairs[0][0]} – {pairs[0][1]}")
    elif pairs:
        parts.append(words("{count} pairs of models pooled", count=len(pairs)))
    if languages:
        text = words.listed(code.upper() for code in languages)
        parts.append(words("languages {names} pooled", names=text) if pairs and len(languages) > 1 else text)
    if turns:
        parts.append(words.turns(turns))
    return " · ".join(parts)


def people_word(words: Words, annotators: tuple[str, ...]) -> str:
    """Who voted, in a word: "people", or "simulated annotators" where no person stands behind."""
    simulated = bool(annotators) and all(is_simulated(name) for name in annotators)
    return words("simulated annotators") if simulated else words("people")


def votes_counted(words: Words, table: PairTable) -> str:
    """How many votes of how many people on how many items."""
    return words(
        "{votes} of {count} {people} on {items}",
        votes=words.count(int(table.votes.sum()), "vote", "votes"),
        count=len(table.annotators),
        people=people_word(words, table.annotators),
        items=words.count(int((table.votes.sum(axis=1) > 0).sum()), "item", "items"),
    )


def pair_scope(words: Words, table: PairTable, source: Source | None, people: bool = True) -> str:
    """The scope of a figure on pairs."""
    return scope_of(
        words,
        source,
        table.languages,
        sorted({int(turn) for turn in table.turn}),
        table.pairs,
        table.annotators if people else (),
    )
