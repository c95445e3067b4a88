"""What a study holds, in numbers: for the command line, the start page and the report."""

from dataclasses import asdict, dataclass
from typing import Any

from mtbx_gui.study.answers import count_answers
from mtbx_gui.study.datasets import dataset_names
from mtbx_gui.study.judgments import count_judgments, judges
from mtbx_gui.study.settings import languages
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import edited_items
from mtbx_gui.study.votes import count_votes


@dataclass(frozen=True, slots=True)
class LanguageSummary:
    """One language: items, items a person edited, answers, judgments and votes in effect."""

    language: str
    items: int
    edited: int
    answers: int
    judgments: int
    votes: int


@dataclass(frozen=True, slots=True)
class StudySummary:
    """A study in numbers."""

    name: str
    languages: tuple[LanguageSummary, ...]
    models: int
    judges: tuple[str, ...]
    annotators: int
    runs: int
    datasets: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        return asdict(self)

    def lines(self) -> list[str]:
        """For people: a small table and a line below it."""
        heads = ("", "items", "edited", "answers", "judgments", "votes")
        rows = [
            (s.language.upper(), *map(str, (s.items, s.edited, s.answers, s.judgments, s.votes)))
            for s in self.languages
        ]
        table = ["  ".join(f"{cell:>9}" for cell in row) for row in (heads, *rows)]
        judged = f"judged by {', '.join(self.judges)}" if self.judges else "not judged yet"
        sets = f"training sets: {', '.join(self.datasets)}" if self.datasets else "no training set"
        below = f"{self.models} models, {judged}, {self.annotators} annotators, {self.runs} runs, {sets}"
        return [self.name, *table, below]


def summarise(study: Study) -> StudySummary:
    """Count what is in effect."""
    db = study.connection

    def count(sql: str, *values: str) -> int:
        return int(db.execute(sql, values).fetchone()[0])

    answered = count_answers(study)
    judged = count_judgments(study)
    voted = count_votes(study)

    def one(code: str) -> LanguageSummary:
        return LanguageSummary(
            language=code,
            items=count("SELECT COUNT(*) FROM item WHERE language = ?", code),
            edited=len(edited_items(study, code)),
            answers=answered.get(code, 0),
            judgments=judged.get(code, 0),
            votes=sum(number for (_, language), number in voted.items() if language == code),
        )

    return StudySummary(
        name=study.name,
        languages=tuple(one(code) for code in languages(study)),
        models=count("SELECT COUNT(*) FROM model"),
        judges=tuple(judges(study)),
        annotators=len({annotator for annotator, _ in voted}),
        runs=count("SELECT COUNT(*) FROM run"),
        datasets=tuple(dataset_names(study)),
    )
