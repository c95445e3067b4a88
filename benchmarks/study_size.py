"""Reading a large study: 30 models × 5 languages, 72,000 judgments, 100,000 votes.

Each reader is measured against reading the same rows with plain SQL in the same run.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from mtbx_gui.study.answers import add_answers, answers
from mtbx_gui.study.items import items
from mtbx_gui.study.judgments import add_judgments, judgments
from mtbx_gui.study.records import Answer, Judgment, Vote
from mtbx_gui.study.study import Study
from mtbx_gui.study.summary import summarise
from mtbx_gui.study.texts import add_text, ensure_field, fields
from mtbx_gui.study.votes import add_vote, votes

LANGUAGES = ("en", "de", "fr", "it", "es")
QUESTIONS = range(81, 161)
MODELS = [f"model-{number:02}" for number in range(30)]
REPETITIONS = 3
VOTES = 100_000
TEXT = "Ein Satz, wie ihn ein Modell schreibt. " * 20


def fill(study: Study) -> None:
    with study.write() as db:
        for language in LANGUAGES:
            for number in QUESTIONS:
                db.execute(
                    "INSERT INTO item (question_id, language, category, position, author, at, app)"
                    " VALUES (?, ?, 'math', ?, 'b', 'b', 'b')",
                    (str(number), language, number),
                )
                for turn in (0, 1):
                    field = ensure_field(db, language, "turn", str(number), "", turn)
                    add_text(db, field, "source" if language == "en" else "machine", TEXT, "import:b", "b")
        places = [(str(number), language) for language in LANGUAGES for number in QUESTIONS]
        add_answers(
            study,
            [
                Answer(f"{model}/{where}", model, where[0], where[1], (TEXT, TEXT))
                for model in MODELS
                for where in places
            ],
            "b",
        )
        add_judgments(
            study,
            [
                Judgment(
                    key=f"{model}/{where}/{turn}/{repetition}",
                    mode="single",
                    judge="judge",
                    prompt_name="single-v1",
                    question_id=where[0],
                    language=where[1],
                    turn=turn,
                    repetition=repetition,
                    model_1=model,
                    model_2=None,
                    game=0,
                    score=7.0,
                    verdict=None,
                    reason=None,
                    user_prompt=TEXT,
                    text=TEXT,
                )
                for model in MODELS
                for where in places
                for turn in (1, 2)
                for repetition in range(1, REPETITIONS + 1)
            ],
            "b",
        )
        for number in range(VOTES):
            where, pair = places[number % len(places)], (number // len(places)) % 29
            vote = Vote(
                uuid=str(number),
                annotator=f"annotator-{number // 20_000}",
                question_id=where[0],
                language=where[1],
                turn=1 + number % 2,
                model_1=MODELS[pair],
                model_2=MODELS[pair + 1],
                left_model=MODELS[pair],
                displayed="A",
                choice="model_1",
                shown_at="2026-01-01T00:00:00Z",
            )
            add_vote(study, vote, "b")


def seconds(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        study = Study.create(Path(folder) / "study", languages=LANGUAGES)
        start = time.perf_counter()
        fill(study)
        print(f"filled in {time.perf_counter() - start:.1f} s")

        def plain(table: str) -> Callable[[], object]:
            return lambda: study.connection.execute(f"SELECT * FROM {table}").fetchall()

        readers: dict[str, tuple[Callable[[], object], str]] = {
            "items": (lambda: items(study), "text"),
            "fields": (lambda: fields(study), "text"),
            "answers": (lambda: answers(study), "answer"),
            "judgments": (lambda: judgments(study), "judgment"),
            "judgments without texts": (lambda: judgments(study, texts=False), "judgment"),
            "judgments of an item": (lambda: judgments(study, question_ids=["81"]), "judgment"),
            "votes": (lambda: votes(study), "vote"),
            "votes of one annotator": (lambda: votes(study, ["annotator-0"]), "vote"),
            "summarise": (lambda: summarise(study), "judgment"),
        }
        result = {}
        for name, (reader, table) in readers.items():
            took, reference = seconds(reader), seconds(plain(table))
            result[name] = {"s": took, "plain_s": reference, "ratio": took / reference}
            print(
                f"{name:<24} {took:6.3f} s, {table} in SQL {reference:6.3f} s: {took / reference:5.1f} times"
            )
        print(json.dumps(result))
        study.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
