"""Starts translation and judge runs: what a person chose, the station's plan, the key, and the process."""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mtbx_gui.actions import demo_services
from mtbx_gui.actions.control import judge_key, translator_key
from mtbx_gui.curation.translate_plan import TranslateChoice, TranslatePlan, translate_plan
from mtbx_gui.curation.translators import DEEPL, TranslatorProfile, deepl_at, demo_translator
from mtbx_gui.judging.choice import JudgeChoice
from mtbx_gui.judging.plan import JudgePlan, build_plan
from mtbx_gui.judging.profiles import demo_profile, find_profile, save_profile
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.state import derive
from mtbx_gui.runs.launch import start
from mtbx_gui.study.collect import collect
from mtbx_gui.study.runs import all_runs
from mtbx_gui.study.study import Study

M = TypeVar("M", bound=BaseModel)
DEMO = "demo"


class BadRequest(MtbxError):
    """A request with a field that can't be."""


def validated(model: type[M], /, **values: Any) -> M:
    """`model(**values)`, with a sentence naming the field where a value can't be. Raises BadRequest."""
    try:
        return model(**values)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or model.__name__
        message = first["msg"].removeprefix("Value error, ")
        raise BadRequest(f"{place}: {message}.", "Change this value and start again.") from error


def judge_choice(
    study: Study,
    profile: str,
    mode: str,
    models: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
    repetitions: int = 1,
    prompt_set: str | None = None,
    reference_set: str | None = None,
    cap: float | None = None,
) -> JudgeChoice:
    """A judge choice from plain values; what is None takes its default. Raises BadRequest."""
    given = {
        "models": None if models is None else tuple(models),
        "languages": None if languages is None else tuple(languages),
        "prompt_set": prompt_set,
        "reference_set": reference_set,
        "cap": cap,
    }
    return validated(
        JudgeChoice,
        profile=demo_judge(study) if profile == DEMO else profile,
        mode=mode,
        repetitions=repetitions,
        **{key: value for key, value in given.items() if value is not None},
    )


def demo_judge(study: Study, author: str = "demo") -> str:
    """The id of the demo judge's profile; its services are started, its address brought up to date."""
    profile = demo_profile(demo_services.ensure().openai_url)
    save_profile(study, profile, author)
    return profile.id


def judge_plan(study: Study, choice: JudgeChoice) -> JudgePlan:
    """What a judge run would come to; nothing is started. Raises MtbxError."""
    return build_plan(study, choice)


def start_judge(
    study: Study, choice: JudgeChoice, secret: str | None = None, author: str | None = None
) -> str:
    """Start a judge run and return its id. `secret` is looked up where it is None. Raises MtbxError."""
    profile = find_profile(study, choice.profile)
    if profile.is_demo:
        demo_judge(study)
    key = secret or judge_key(profile.id, profile.is_demo)
    plan = build_plan(study, choice)
    plan.check_startable()
    return start(study, plan.run, key, author)


def translate_choice(
    study: Study,
    languages: Sequence[str],
    translator: str = DEEPL.id,
    url: str | None = None,
    only_missing: bool = True,
) -> TranslateChoice:
    """A translation choice from plain values; `translator` is deepl or demo. Raises BadRequest."""
    return validated(
        TranslateChoice,
        languages=tuple(languages),
        translator=_translator(translator, url),
        only_missing=only_missing,
    )


def _translator(name: str, url: str | None) -> TranslatorProfile:
    if name == DEMO:
        return demo_translator(url)
    if name == DEEPL.id:
        return deepl_at(url) if url else DEEPL
    raise BadRequest(f'There is no translator "{name}".', f"Choose {DEEPL.id} or {DEMO}.")


def translation_plan(study: Study, choice: TranslateChoice) -> TranslatePlan:
    """What a translation run would come to; nothing is started. Raises MtbxError.

    What earlier runs have finished is collected first, and what others are at is left to them.
    """
    return translate_plan(study, choice, _being_translated(study))


def start_translate(
    study: Study, choice: TranslateChoice, secret: str | None = None, author: str | None = None
) -> str:
    """Start a translation run and return its id. `secret` is looked up where it is None.

    Raises NothingToTranslate when every chosen field has its translation, and other MtbxErrors.
    """
    translation_plan(study, choice).check_startable()
    if choice.translator.is_demo and choice.translator.server_url is None:
        service = demo_translator(demo_services.ensure().deepl_url)
        choice = choice.model_copy(update={"translator": service})
    key = secret or translator_key(choice.translator.is_demo)
    plan = translation_plan(study, choice)
    plan.check_startable()
    return start(study, plan.run, key, author)


def _being_translated(study: Study) -> frozenset[str]:
    """The keys of the fields that translation runs still at work were given."""
    keys: set[str] = set()
    for row in all_runs(study):
        run = RunDir(study.runs_folder / row.run_id)
        if row.kind != "translate" or not run.exists():
            continue
        active = derive(run).state.active
        collect(study, run.path)
        if active:
            keys.update(str(field["key"]) for field in run.read_input("fields"))
    return frozenset(keys)
