"""Starts translation and judge runs: what a person chose, the station's plan, the key, and the process."""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mtbx_gui.actions import demo_services
from mtbx_gui.actions.control import judge_key
from mtbx_gui.judging.choice import JudgeChoice
from mtbx_gui.judging.plan import JudgePlan, build_plan
from mtbx_gui.judging.profiles import demo_profile, find_profile, save_profile
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.runs.launch import start
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
