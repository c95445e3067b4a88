"""The sentences for a judge that can't be asked any more: who, where, what to do next."""

from mtbx_gui.judging.profiles import JudgeProfile
from mtbx_gui.rundir.errors import MtbxError


class JudgeStopped(MtbxError):
    """The run stops: asking on would only cost time or money. What was judged is kept.

    `patient`: calls in flight are left to end in their own time.
    """

    patient = False


class Paused(JudgeStopped):
    """Nothing is wrong with the judge; there is just no more money or quota for now."""

    patient = True


def refused(profile: JudgeProfile, status: int, code: str, message: str, param: str = "") -> JudgeStopped:
    """The server refused a request in a way that asking again doesn't mend."""
    who = f'The judge "{profile.shown}" at {profile.base_url}'
    said = message.strip().rstrip(".")
    if code == "insufficient_quota":
        return JudgeStopped(
            f"{who} says that the quota of this key is used up: {said}.",
            "Add credit or take another key, then resume the run.",
        )
    if status == 401:
        return JudgeStopped(
            f"{who} does not accept the key (401): {said}.",
            "Enter the right key for this profile in the settings, then resume the run.",
        )
    if status == 403:
        return JudgeStopped(
            f"{who} does not allow this key to use {profile.model} (403): {said}.",
            "Ask for access or choose another profile.",
        )
    if status == 404:
        return JudgeStopped(
            f"{who} has no model {profile.model}, or no such address (404): {said}.",
            "Check the profile's model and URL in the settings, then plan the run again.",
        )
    if code in ("unsupported_value", "unsupported_parameter") or param:
        return JudgeStopped(
            f'{who} does not take the parameter "{param}" as the profile sends it ({status}): {said}.',
            "Change what this profile sends (temperature, effort, seed, token parameter) and plan again.",
        )
    return JudgeStopped(
        f"{who} refused the request ({status}): {said}.",
        "Check the profile in the settings, then plan the run again.",
    )


def unreachable(profile: JudgeProfile, why: str, answered_before: bool) -> JudgeStopped:
    """Nobody listens at the profile's address."""
    if answered_before:
        return JudgeStopped(
            f'The judge "{profile.shown}" at {profile.base_url} stopped answering ({why}).',
            "Resume the run when the server is back; what was judged is kept.",
        )
    return JudgeStopped(
        f'The judge "{profile.shown}" can\'t be reached at {profile.base_url} ({why}).',
        "Check the URL in the profile and that the server runs, then resume the run.",
    )


def keeps_failing(profile: JudgeProfile, why: str) -> JudgeStopped:
    """Call after call failed, each several times."""
    return JudgeStopped(
        f'The judge "{profile.shown}" at {profile.base_url} fails call after call: {why}.',
        "Try again later: resuming asks for what is missing only.",
    )


def asks_to_wait(profile: JudgeProfile, wait_s: float) -> Paused:
    """Retry-After is longer than a run should sit and wait."""
    return Paused(
        f'The judge "{profile.shown}" asks to come back in {wait_s / 60:.0f} minutes; its quota is used up.',
        "Resume the run then; what was judged is kept.",
    )


def no_key(profile: JudgeProfile) -> JudgeStopped:
    """OpenAI without a key."""
    return JudgeStopped(
        f'The judge "{profile.shown}" at {profile.base_url} needs a key and none was given.',
        "Enter the key for this profile in the settings, then resume the run.",
    )


def cap_reached(cap: float, currency: str, done: int, total: int) -> Paused:
    """No further call fits under the cap."""
    return Paused(
        f"The cap of {cap:.2f} {currency} is reached with {done} of {total} judgments.",
        "Plan the rest with a higher cap; what was judged is kept and not asked again.",
    )


def unanswered(profile: JudgeProfile, count: int, total: int, why: str) -> JudgeStopped:
    """Some calls got no reply, however often they were tried."""
    return JudgeStopped(
        f'{count} of {total} calls to the judge "{profile.shown}" got no reply ({why}).',
        "Resume the run to ask for these again.",
    )
