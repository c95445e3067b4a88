"""A study with simulated judgments and votes, the same on every machine; its facts are plain to check."""

from pathlib import Path

import numpy as np

from mtbx_gui.study.answers import add_answers
from mtbx_gui.study.judgments import add_judgments
from mtbx_gui.study.records import CATEGORIES, Answer, Judgment, Vote
from mtbx_gui.study.study import Study, stamp
from mtbx_gui.study.texts import add_text, ensure_field
from mtbx_gui.study.votes import add_vote

PAIR = ("bactrian-de", "bactrian-endefrites")
LETTERS = "ABCD"


def small_study(
    folder: Path,
    *,
    languages: tuple[str, ...] = ("en", "de"),
    models: tuple[str, ...] = PAIR,
    questions: int = 16,
    repetitions: int = 3,
    annotators: int = 5,
    judge: str = "gpt-4",
    seed: int = 1,
) -> Study:
    """Single scores in every language, pairs and votes in the last one. Math is hard, coding too."""
    rng = np.random.default_rng(seed)
    study = Study.create(folder, "Pilot study", languages)
    ids = [str(81 + number) for number in range(questions)]
    category = {name: CATEGORIES[number * len(CATEGORIES) // questions] for number, name in enumerate(ids)}
    for language in languages:
        add_items(study, language, category)
        add_answers(
            study,
            [
                Answer(f"a/{m}/{q}/{language}", m, q, language, (f"{m} says {q}.", f"{m} adds to {q}."))
                for m in models
                for q in ids
            ],
            "test",
        )
    skill = {model: 4.0 + 1.2 * place for place, model in enumerate(models)}
    found = []
    for model in models:
        for language in languages:
            for q in ids:
                for turn in (1, 2):
                    hard = 2.5 if category[q] in ("math", "coding") else 0.0
                    base = skill[model] - hard - 0.6 * (turn == 2) + rng.normal(0, 1.2)
                    for repetition in range(1, repetitions + 1):
                        score = float(np.clip(round(base + rng.normal(0, 0.4)), 1, 10))
                        found.append(single(judge, model, q, language, turn, repetition, score))
    add_judgments(study, found, "test")
    add_pairs(study, languages[-1], ids, category, models[:2], repetitions, annotators, judge, rng)
    return study


def add_items(study: Study, language: str, category: dict[str, str]) -> None:
    """The items of one language with short turns."""
    with study.write() as db:
        for position, (q, name) in enumerate(category.items()):
            db.execute(
                "INSERT INTO item (question_id, language, category, position, author, at, app)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (q, language, name, position, *stamp("test")),
            )
            for turn in (0, 1):
                field = ensure_field(db, language, "turn", q, "", turn)
                add_text(db, field, "source", f"Question {q}, turn {turn + 1}?", "import:test", "test")


def single(
    judge: str, model: str, q: str, language: str, turn: int, repetition: int, score: float | None
) -> Judgment:
    """One single judgment; no score means a failed call."""
    return Judgment(
        key=f"s/{judge}/{model}/{q}/{language}/{turn}/{repetition}",
        mode="single",
        judge=judge,
        prompt_name="single-v1",
        question_id=q,
        language=language,
        turn=turn,
        repetition=repetition,
        model_1=model,
        model_2=None,
        game=0,
        score=score,
        verdict=None,
        reason=None if score is not None else "api_error",
        user_prompt="",
        text=f"Rating: [[{score}]]",
    )


def game(
    judge: str,
    pair: tuple[str, str],
    q: str,
    language: str,
    turn: int,
    repetition: int,
    number: int,
    letter: str | None,
) -> Judgment:
    """One game; no letter means a failed call."""
    return Judgment(
        key=f"p/{judge}/{'/'.join(pair)}/{q}/{language}/{turn}/{repetition}/{number}",
        mode="pair",
        judge=judge,
        prompt_name="pair-v2",
        question_id=q,
        language=language,
        turn=turn,
        repetition=repetition,
        model_1=pair[0],
        model_2=pair[1],
        game=number,
        score=None,
        verdict=letter,
        reason=None if letter is not None else "api_error",
        user_prompt="",
        text=f"[[{letter}]]",
    )


def vote(annotator: str, q: str, language: str, turn: int, choice: str, pair: tuple[str, str] = PAIR) -> Vote:
    """One vote, model_1 shown left."""
    displayed = {"model_1": "A", "model_2": "B"}.get(choice, choice)
    return Vote(
        uuid=f"{annotator}/{q}/{language}/{turn}/{'/'.join(pair)}/{choice}",
        annotator=annotator,
        question_id=q,
        language=language,
        turn=turn,
        model_1=pair[0],
        model_2=pair[1],
        left_model=pair[0],
        displayed=displayed,  # type: ignore[arg-type]
        choice=choice,  # type: ignore[arg-type]
        shown_at="2026-11-01T10:00:00Z",
        active_ms=20_000,
    )


def add_pairs(
    study: Study,
    language: str,
    ids: list[str],
    category: dict[str, str],
    pair: tuple[str, ...],
    repetitions: int,
    annotators: int,
    judge: str,
    rng: np.random.Generator,
) -> None:
    """Games whose judge likes what is shown first, and votes of people who mostly see the truth."""
    both = (pair[0], pair[1])
    games = []
    with study.write():
        for q in ids:
            for turn in (1, 2):
                bad = 0.6 if category[q] in ("math", "coding") else 0.08
                chances = np.array([0.30 * (1 - bad), 0.5 * (1 - bad), 0.2 * (1 - bad), bad])
                truth = int(rng.choice(4, p=chances))
                for repetition in range(1, repetitions + 1):
                    first = truth if rng.random() < 0.7 else int(rng.choice(4, p=chances))
                    shown_1 = LETTERS[first]
                    shown_2 = {"A": "B", "B": "A"}.get(shown_1, shown_1)
                    if category[q] in ("stem", "humanities", "writing") and rng.random() < 0.4:
                        shown_2 = "A"
                    if rng.random() < 0.02:
                        games.append(game(judge, both, q, language, turn, repetition, 1, None))
                    else:
                        games.append(game(judge, both, q, language, turn, repetition, 1, shown_1))
                    games.append(game(judge, both, q, language, turn, repetition, 2, shown_2))
                for number in range(annotators):
                    if rng.random() < 0.35:
                        continue
                    label = truth if rng.random() < 0.62 else int(rng.choice(4, p=chances))
                    choice = ("model_1", "model_2", "tie", "both_bad")[label]
                    add_vote(study, vote(f"A{number + 1}", q, language, turn, choice, both), "test")
        add_judgments(study, games, "test")
