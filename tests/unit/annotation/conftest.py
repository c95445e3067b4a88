"""Small studies to rate: items with two turns, references, and models that answered them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from mtbx_gui.study.answers import add_answers
from mtbx_gui.study.records import CATEGORIES, Answer
from mtbx_gui.study.study import Study, stamp
from mtbx_gui.study.texts import add_text, ensure_field

MakeStudy = Callable[..., Study]


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def pass_(self, seconds: float) -> None:
        self.seconds += seconds


def fill(
    study: Study,
    models: Sequence[str],
    questions: int,
    language: str = "de",
    categories: Sequence[str] = CATEGORIES,
    turns: int = 2,
) -> None:
    """Add `questions` items, spread over `categories`, and every model's answers to them."""
    with study.write() as db:
        for number in range(questions):
            question_id = str(81 + number)
            category = categories[number % len(categories)]
            db.execute(
                "INSERT INTO item (question_id, language, category, position, author, at, app)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (question_id, language, category, number, *stamp("test")),
            )
            for turn in range(turns):
                for kind, name, text in (
                    ("turn", "", f"Frage {question_id}, Runde {turn + 1}"),
                    ("reference", "", f"Lösung {question_id}, Runde {turn + 1}"),
                    ("judge_reference", "gpt-4", f"Richterlösung {question_id}, Runde {turn + 1}"),
                ):
                    field = ensure_field(db, language, kind, question_id, name, turn)  # type: ignore[arg-type]
                    add_text(db, field, "machine", text, "test", "test")
    add_answers(
        study,
        [
            Answer(
                key=f"{model}/{language}/{number}",
                model=model,
                question_id=str(81 + number),
                language=language,
                turns=tuple(answer_text(models.index(model), 81 + number, turn + 1) for turn in range(turns)),
            )
            for model in models
            for number in range(questions)
        ],
        "test",
    )


def answer_text(model_number: int, question: int, turn: int) -> str:
    """An answer that tells which model gave it without holding its name."""
    return f"Antwort {model_number} auf {question}, Runde {turn}"


@pytest.fixture
def fill_study() -> Callable[..., None]:
    return fill


@pytest.fixture
def make_study(tmp_path: Path) -> Iterator[MakeStudy]:
    made: list[Study] = []

    def make(models: Sequence[str] = ("zeta-7b", "alpha-7b"), questions: int = 8, **more: object) -> Study:
        study = Study.create(tmp_path / f"study-{len(made)}", languages=("en", "de"))
        made.append(study)
        fill(study, models, questions, **more)  # type: ignore[arg-type]
        return study

    yield make
    for study in made:
        study.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()
