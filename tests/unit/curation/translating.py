"""A small English study, a demo translator on loopback, and translation runs to try on them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from mtbx_gui.curation.translate_plan import TranslateChoice, TranslatePlan, translate_plan
from mtbx_gui.curation.translators import demo_translator
from mtbx_gui.demo.deepl_service import DeeplService
from mtbx_gui.demo.faults import Fault
from mtbx_gui.demo.translator import DemoTranslator
from mtbx_gui.rundir.attempt import Attempt
from mtbx_gui.rundir.jsonl import read_lines
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.plan import RunPlan
from mtbx_gui.runs import launch
from mtbx_gui.study.study import Study, stamp
from mtbx_gui.study.texts import add_text, ensure_field

FENCED = '```python\ndef double(x):\n    # twice the number\n    return 2 * x  # {kept} "as it is"\n```'
BARE = FENCED.replace("# twice the number", "# ").replace('# {kept} "as it is"', "# ")
CODE = f"Mend this for {{name}}:\n\n{FENCED}\n\nThen write [[A]] & explain `double`."
QUICK = {"base_s": 0.001, "timeout_s": 0.4}


def make_study(folder: Path, items: int = 3) -> Study:
    """English items only: two turns, a reference and a judge reference each; every third item holds code."""
    study = Study.create(folder, "Trial", ("en", "de", "it"))
    with study.write() as db:
        for number in range(items):
            question = str(81 + number)
            db.execute(
                "INSERT INTO item (question_id, language, category, position, author, at, app)"
                " VALUES (?, 'en', 'coding', ?, ?, ?, ?)",
                (question, number, *stamp("test")),
            )
            mend = CODE.replace("twice the number", f"twice the number {question}").replace(
                "as it", f"as {question}"
            )
            first = mend if number % 3 == 0 else f"Write a poem of {question} lines about the sea."
            texts = (
                ("turn", "", 0, f"{first}\n\nThis is question {question}."),
                ("turn", "", 1, f"Now tell the story of house {question} to {{name}}."),
                ("reference", "", 0, f"The house {question} is old."),
                ("judge_reference", "gpt-4", 0, f"The sea of question {question} is blue."),
            )
            for kind, name, position, text in texts:
                field_id = ensure_field(db, "en", kind, question, name, position)  # type: ignore[arg-type]
                add_text(db, field_id, "source", text, "test", "test")
    return study


@contextmanager
def service_of(*faults: Fault | str, **options: Any) -> Iterator[DeeplService]:
    with DeeplService(DemoTranslator({}), faults=faults, **options) as service:
        yield service


def plan_for(study: Study, url: str, languages: Sequence[str] = ("de",), **choice: Any) -> TranslatePlan:
    return translate_plan(
        study, TranslateChoice(languages=tuple(languages), translator=demo_translator(url), **choice)
    )


def new_run(study: Study, plan: RunPlan, **config: Any) -> RunDir:
    return launch.create(study, replace(plan, config=plan.config | QUICK | config))


def attempt_of(run: RunDir) -> Attempt:
    """An attempt at a run within this process."""
    number = run.newest_attempt() + 1
    run.attempt(number).mkdir(parents=True)
    return Attempt(run, run.spec(), number)


def translations(run: RunDir) -> list[dict[str, Any]]:
    return list(read_lines(run.out("translations")))


def requests_kept(run: RunDir) -> list[dict[str, Any]]:
    return list(read_lines(run.out("requests")))


def texts_sent(service: DeeplService) -> list[tuple[str, str]]:
    """Every (language, text) of every request that came in whole, in order."""
    return [
        (request.body["target_lang"], text)
        for request in service.requests
        if request.body is not None
        for text in request.body["text"]
    ]
