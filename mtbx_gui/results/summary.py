"""What a study holds in numbers: items and edits, translators, models, judges, votes. Reads only."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mtbx_gui.results.data import (
    Source,
    is_demo,
    is_simulated,
    judging_sets,
    shown_translator,
    source_of,
)
from mtbx_gui.results.selection import Filter
from mtbx_gui.study.answers import answers, models
from mtbx_gui.study.items import items
from mtbx_gui.study.judgments import judgments
from mtbx_gui.study.records import Judgment
from mtbx_gui.study.runs import all_runs
from mtbx_gui.study.settings import languages, source_language
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import edited_items, fields
from mtbx_gui.study.votes import votes


@dataclass(frozen=True, slots=True)
class LanguageSummary:
    """One language: its items, how many of them a person edited, and who translated (name to texts)."""

    language: str
    items: int
    edited: int
    translators: tuple[tuple[str, int], ...]
    answers: int
    votes: int


@dataclass(frozen=True, slots=True)
class JudgeSummary:
    """One source in one mode: judgments, those without a value by reason, repetitions, days (UTC)."""

    source: Source
    mode: str
    judgments: int
    without: tuple[tuple[str, int], ...]
    repetitions: int
    days: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """One model: the mixture and base model it was fine-tuned from ('' = not known)."""

    name: str
    mixture: str
    base_model: str


@dataclass(frozen=True, slots=True)
class StudySummary:
    """The study at a glance. `annotators` maps pseudonyms to effective votes."""

    name: str
    source_language: str
    languages: tuple[LanguageSummary, ...]
    models: tuple[ModelSummary, ...]
    judges: tuple[JudgeSummary, ...]
    annotators: tuple[tuple[str, int], ...]
    vote_days: tuple[str, str] | None

    @property
    def demo(self) -> tuple[str, ...]:
        """What demo services or simulated annotators produced: "translations", "judgments", "votes"."""
        found = []
        if any(is_demo(name) for each in self.languages for name, _ in each.translators):
            found.append("translations")
        if any(is_demo(judge.source.judge) for judge in self.judges):
            found.append("judgments")
        if any(is_simulated(name) for name, _ in self.annotators):
            found.append("votes")
        return tuple(found)


def summarise(study: Study, chosen: Filter | None = None) -> StudySummary:
    """The summary of what a filter's languages and models leave (None: the whole study)."""
    kept = chosen or Filter()
    shown = [code for code in languages(study) if kept.languages is None or code in kept.languages]
    found_answers = answers(study, shown, kept.models)
    found_votes = votes(study, kept.annotators, shown)
    per_language = []
    for code in shown:
        translators = Counter(
            shown_translator(text.machine_by)
            for text in fields(study, [code], ["turn", "reference"])
            if text.machine_by
        )
        per_language.append(
            LanguageSummary(
                code,
                len(items(study, [code])),
                len(edited_items(study, code)),
                _counted(translators),
                sum(answer.language == code for answer in found_answers),
                sum(vote.language == code for vote in found_votes),
            )
        )
    return StudySummary(
        name=study.name,
        source_language=source_language(study),
        languages=tuple(per_language),
        models=_models(study, kept),
        judges=_judges(study, judgments(study, None, kept.judge, shown, kept.models)),
        annotators=_counted(Counter(vote.annotator for vote in found_votes)),
        vote_days=_days([vote.decided_at[:10] for vote in found_votes if vote.decided_at]),
    )


def _models(study: Study, chosen: Filter) -> tuple[ModelSummary, ...]:
    recipes = {run.run_id: run.spec.get("config") or {} for run in all_runs(study) if run.kind == "train"}
    found = []
    for model in models(study):
        if chosen.models is None or model.name in chosen.models:
            known = {**recipes.get(str(model.detail.get("run")), {}), **model.detail}
            # A path would tell of somebody's machine; its last part is the model's name.
            base = Path(str(known.get("base_model") or "")).name
            found.append(ModelSummary(model.name, str(known.get("mixture") or ""), base))
    return tuple(found)


def _judges(study: Study, found: Sequence[Judgment]) -> tuple[JudgeSummary, ...]:
    sets = judging_sets(study)
    groups: dict[tuple[Source, str], list[Judgment]] = {}
    for judgment in found:
        groups.setdefault((source_of(judgment, sets), judgment.mode), []).append(judgment)
    summaries = []
    for (source, mode), mine in sorted(groups.items(), key=lambda entry: entry[0]):
        stamps = [_day(judgment.detail.get("tstamp")) for judgment in mine]
        summaries.append(
            JudgeSummary(
                source,
                mode,
                len(mine),
                _counted(Counter(judgment.reason for judgment in mine if judgment.reason)),
                len({judgment.repetition for judgment in mine}),
                _days([day for day in stamps if day]),
            )
        )
    return tuple(summaries)


def _counted(counter: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counter.items()))


def _day(stamp: object) -> str:
    """The UTC day of a judgment's time stamp: seconds since 1970 (FastChat) or ISO 8601."""
    if isinstance(stamp, str):
        return stamp[:10]
    if isinstance(stamp, int | float) and not isinstance(stamp, bool) and stamp > 0:
        return datetime.fromtimestamp(stamp, UTC).date().isoformat()
    return ""


def _days(days: Sequence[str]) -> tuple[str, str] | None:
    return (min(days), max(days)) if days else None
