"""The words of a report about the study itself: notices, overview tables and what was actually done."""

from mtbx_gui.results.content import Content
from mtbx_gui.results.data import is_simulated
from mtbx_gui.results.summary import JudgeSummary, StudySummary
from mtbx_gui.results.tables import Cell, Column, Table
from mtbx_gui.results.words import Words

_DEMO = {
    "translations": "translations by the demo translator",
    "judgments": "judgments by the demo judge",
    "votes": "votes by simulated annotators",
}


def demo_notice(summary: StudySummary, words: Words) -> str:
    """One sentence on what demo services produced; '' when they produced nothing."""
    if not summary.demo:
        return ""
    parts = words.listed(words(_DEMO[name]) for name in summary.demo)
    return words(
        "This study holds {parts}. They show how the program works and say nothing about any model.",
        parts=parts,
    )


def language_table(summary: StudySummary, words: Words) -> Table:
    """Items, edited items, translators, answers and votes per language."""
    columns = (
        Column(words("language")),
        Column(words("items"), "count"),
        Column(words("edited items"), "count"),
        Column(words("translators (texts)")),
        Column(words("answers"), "count"),
        Column(words("votes"), "count"),
    )
    rows: list[tuple[Cell, ...]] = []
    for each in summary.languages:
        translators = ", ".join(f"{name} ({count})" for name, count in each.translators)
        if not translators:
            translators = words("source language") if each.language == summary.source_language else "–"
        rows.append((each.language.upper(), each.items, each.edited, translators, each.answers, each.votes))
    return Table(columns, tuple(rows))


def model_table(summary: StudySummary, words: Words) -> Table:
    """Models with what is known of their making."""
    columns = (Column(words("model")), Column(words("mixture")), Column(words("base model")))
    rows = tuple((model.name, model.mixture or "–", model.base_model or "–") for model in summary.models)
    return Table(columns, rows)


def judge_table(summary: StudySummary, words: Words) -> Table:
    """Judgments per judge, prompt set and mode, with those that hold no value."""
    columns = (
        Column(words("judge")),
        Column(words("mode")),
        Column(words("judgments"), "count"),
        Column(words("without a value")),
        Column(words("repetitions"), "count"),
        Column(words("days (UTC)")),
    )
    return Table(columns, tuple(_judge_row(judge, words) for judge in summary.judges))


def annotator_table(summary: StudySummary, words: Words) -> Table:
    """Effective votes per annotator."""
    return Table((Column(words("annotator")), Column(words("votes"), "count")), summary.annotators)


def methods(summary: StudySummary, contents: list[Content], words: Words) -> list[str]:
    """What was done, a paragraph each: benchmark, models, judge, people, and the rule of every figure."""
    paragraphs = [_benchmark(summary, words)]
    if summary.models:
        names = words.listed(model.name for model in summary.models)
        paragraphs.append(words("Models: {names}.", names=names))
    paragraphs += [_judging(judge, words) for judge in summary.judges]
    if summary.annotators:
        text = words(
            "{people} gave {votes} (an annotator's newest vote on a turn of a pair counts; skips are none)",
            people=_annotators(summary, words),
            votes=words.count(
                sum(count for _, count in summary.annotators), "effective vote", "effective votes"
            ),
        )
        paragraphs.append(text + _between(summary.vote_days, words) + ".")
    rules: dict[str, None] = {}
    for content in contents:
        if not content.empty:
            rules.setdefault(f"{content.title}: {content.rule}", None)
    return [*paragraphs, *rules]


def _annotators(summary: StudySummary, words: Words) -> str:
    simulated = sum(is_simulated(name) for name, _ in summary.annotators)
    people = len(summary.annotators) - simulated
    parts = []
    if people:
        parts.append(words.count(people, "annotator", "annotators"))
    if simulated:
        parts.append(words.count(simulated, "simulated annotator", "simulated annotators"))
    return words.listed(parts)


def _benchmark(summary: StudySummary, words: Words) -> str:
    items = words.listed(
        words(
            "{items} in {language}",
            items=words.count(each.items, "item", "items"),
            language=each.language.upper(),
        )
        for each in summary.languages
    )
    edited = [
        f"{each.edited} {each.language.upper()}"
        for each in summary.languages
        if each.language != summary.source_language
    ]
    text = words("The benchmark has {items}.", items=items) if items else words("The study has no items.")
    if edited:
        text += " " + words("Items that a person edited: {edited}.", edited=words.listed(edited))
    return text


def _judging(judge: JudgeSummary, words: Words) -> str:
    mode = words("single scores") if judge.mode == "single" else words("pairs in both orders")
    text = words(
        "{judge} judged {mode}: {count} in {repetitions}",
        judge=judge.source.name,
        mode=mode,
        count=words.count(judge.judgments, "judgment", "judgments"),
        repetitions=words.count(judge.repetitions, "repetition", "repetitions"),
    )
    if judge.without:
        reasons = ", ".join(f"{reason} {count}" for reason, count in judge.without)
        text += ", " + words("of which without a value: {reasons}", reasons=reasons)
    return text + _between(judge.days, words) + "."


def _judge_row(judge: JudgeSummary, words: Words) -> tuple[Cell, ...]:
    reasons = ", ".join(f"{reason} {count}" for reason, count in judge.without)
    days = "–" if judge.days is None else " – ".join(dict.fromkeys(judge.days))
    return (
        judge.source.name,
        words("single") if judge.mode == "single" else words("pair"),
        judge.judgments,
        reasons or "–",
        judge.repetitions,
        days,
    )


def _between(days: tuple[str, str] | None, words: Words) -> str:
    if days is None:
        return ""
    if days[0] == days[1]:
        return words(" on {day}", day=days[0])
    return words(" from {first} to {last}", first=days[0], last=days[1])
