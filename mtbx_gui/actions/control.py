"""Cancels and resumes runs, whatever their kind; a run of a demo service finds it running again."""

from mtbx_gui.actions import demo_services, secrets
from mtbx_gui.actions.follow import run_dir
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.rundir.layout import RunDir, RunSpec
from mtbx_gui.rundir.state import StateInfo
from mtbx_gui.runs import local
from mtbx_gui.study.study import Study


class NoKey(MtbxError):
    """A run needs an API key and none is known."""


def cancel_run(study: Study, run_id: str) -> StateInfo:
    """Cancel a run and wait until every process of it is gone. Raises MtbxError."""
    return local.cancel(run_dir(study, run_id))


def resume_run(study: Study, run_id: str) -> None:
    """Start a run again that failed, was cancelled or lost; only what is missing is done."""
    path = run_dir(study, run_id)
    local.resume(path, secret_for(RunDir(path).spec()))


def secret_for(spec: RunSpec) -> str | None:
    """The key a run's service asks for, None where it needs none. Raises NoKey when it isn't known."""
    if spec.kind == "translate":
        profile = spec.config.get("translator", {})
        return translator_key(bool(profile.get("is_demo")))
    if spec.kind == "judge":
        profile = spec.config.get("profile", {})
        return judge_key(str(profile.get("id", "")), bool(profile.get("is_demo")))
    return None


def translator_key(is_demo: bool) -> str:
    """DeepL's key, or the demo translator's (which is started if it doesn't run)."""
    if is_demo:
        return demo_services.ensure().deepl_key
    return _key(secrets.DEEPL, "DeepL")


def judge_key(profile_id: str, is_demo: bool) -> str:
    """The key of a judge profile, or the demo judge's (which is started if it doesn't run)."""
    if is_demo:
        return demo_services.ensure().openai_key
    return _key(secrets.judge(profile_id), f"the judge {profile_id}")


def _key(secret: secrets.Secret, who: str) -> str:
    found = secrets.find(secret)
    if found is None:
        variables = " or ".join(secret.variables)
        raise NoKey(f"There is no API key for {who}.", f"Enter it in the settings, or set {variables}.")
    return found.value
