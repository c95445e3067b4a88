"""Walks the demo study from translation to report without a screen, with the same steps a person takes.

The demo services translate and judge; simulated annotators rate. All of them are called so everywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mtbx_gui.actions.demo import apply_corrections
from mtbx_gui.actions.follow import follow
from mtbx_gui.actions.start import (
    DEMO,
    judge_choice,
    start_judge,
    start_translate,
    translate_choice,
)
from mtbx_gui.actions.start_training import GenerateRequest, TrainRequest, start_generate, start_train
from mtbx_gui.annotation.session import RatingSession
from mtbx_gui.curation.mixtures import MixtureKind
from mtbx_gui.curation.translate_plan import NothingToTranslate
from mtbx_gui.demo.simulated import SIMULATED, simulated_choice
from mtbx_gui.demo.texts import ASSISTANTS, LANGUAGES
from mtbx_gui.judging.plan import NothingToJudge
from mtbx_gui.results.report import write_report
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.rundir.state import RunState
from mtbx_gui.study.answers import answers, models
from mtbx_gui.study.study import Study

MODELS: dict[str, tuple[MixtureKind, tuple[str, ...]]] = {
    "tiny-mono-DE": ("mono", ("de",)),
    "tiny-ENDEFRITES": ("ENDEFRITES", LANGUAGES),
}
RATED = ("de", "it")
"""The languages the simulated annotators rate."""

RECIPES: dict[str, dict[str, float]] = {
    "tiny-mono-DE": {"epochs": 10, "batch_size": 8, "learning_rate": 4e-3},
    "tiny-ENDEFRITES": {"epochs": 2, "batch_size": 16, "learning_rate": 4e-3},
}
"""Together about half a minute on two cores; a tiny model wants a far higher rate than the paper's."""

GENERATION = {"max_new_tokens": 32, "batch_size": 40}
REPETITIONS = 3

Tell = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Tour:
    """What the tour left: the HTML report, with its figures and tables beside it."""

    report: Path


class TourStopped(MtbxError):
    """A run of the tour did not finish."""


def walk(study: Study, tell: Tell) -> Tour:
    """Carry the demo study out; what is done already is passed over. Raises MtbxError.

    `tell` is called with (steps done, steps in all, what is done next).
    """
    steps: list[tuple[str, Callable[[], None]]] = [
        ("The demo translator translates into Spanish", lambda: _translate(study)),
        ("Corrections of Italian and Spanish are taken in", lambda: _correct(study)),
        *((f"{name} is fine-tuned from a tiny model", lambda n=name: _train(study, n)) for name in MODELS),
        *((f"{name} answers in five languages", lambda n=name: _generate(study, n)) for name in MODELS),
        ("The demo judge scores every answer", lambda: _judge(study, "single", None, LANGUAGES, 1)),
        (
            f"The demo judge compares the two assistants in both orders, {REPETITIONS} times",
            lambda: _judge(study, "pair", ASSISTANTS, LANGUAGES, REPETITIONS),
        ),
        ("Three simulated annotators rate blind", lambda: _rate(study)),
        ("The report is written", lambda: None),
    ]
    for number, (words, step) in enumerate(steps):
        tell(number, len(steps), words)
        step()
    written = write_report(study, study.folder / "report")
    return Tour(written.html)


def _wait(study: Study, run_id: str) -> None:
    info = follow(study, run_id)
    if info.state is not RunState.FINISHED:
        raise TourStopped(
            f"The run {run_id} did not finish: {info.sentence}",
            f"Its log is in {study.runs_folder / run_id}.",
        )


def _translate(study: Study) -> None:
    try:
        run_id = start_translate(study, translate_choice(study, ["es"], DEMO), author="tour")
    except NothingToTranslate:
        return
    _wait(study, run_id)


def _correct(study: Study) -> None:
    apply_corrections(study, ("it", "es"))


def _train(study: Study, name: str) -> None:
    if name not in {model.name for model in models(study)}:
        mixture, languages = MODELS[name]
        request = TrainRequest(
            base="tiny",
            dataset="instructions",
            mixture=mixture,
            languages=languages,
            name=name,
            recipe=RECIPES[name],
        )
        _wait(study, start_train(study, request, "tour"))


def _generate(study: Study, name: str) -> None:
    if not answers(study, models=[name]):
        request = GenerateRequest(model=name, languages=LANGUAGES, settings=GENERATION)
        _wait(study, start_generate(study, request, "tour"))


def _judge(
    study: Study, mode: str, only: tuple[str, ...] | None, languages: tuple[str, ...], repetitions: int
) -> None:
    choice = judge_choice(study, DEMO, mode, only, languages, repetitions, "mtbx-4")
    try:
        run_id = start_judge(study, choice, author="tour")
    except NothingToJudge:
        return
    _wait(study, run_id)


def _rate(study: Study) -> None:
    pair = (min(ASSISTANTS), max(ASSISTANTS))
    for language in RATED:
        for annotator in SIMULATED:
            session = RatingSession(study, annotator, language, [pair])
            while (card := session.card) is not None:
                turn = card.place.turn - 1
                reference = card.references[turn] if turn < len(card.references) else None
                choice = simulated_choice(
                    annotator,
                    card.questions[turn],
                    card.answer_a[turn],
                    card.answer_b[turn],
                    reference,
                    language,
                )
                session.vote(choice)
            session.flush()
