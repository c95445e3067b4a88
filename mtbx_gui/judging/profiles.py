"""Judge profiles: who is asked, where, and with which parameters. A judge is never a constant of the program.

Profiles live in the study's settings; keys and other secrets never do.
"""

import functools
import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mtbx_gui.assets import resources
from mtbx_gui.judging.prices import price_list
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.study import settings
from mtbx_gui.study.study import Study

OPENAI_URL = "https://api.openai.com/v1"
DEMO_JUDGE = "demo judge"
"""The id and the shown name of the judge in the demo services; it never looks like another one."""

SETTING = "judge_profiles"
WARN_DAYS = 60


class ProfileError(MtbxError):
    """A judge profile is missing, incomplete, or its model is gone."""


class JudgeProfile(BaseModel):
    """One judge. Two profiles with different ids are different judges, whatever model they ask.

    `price` is a name in the price list (None: unknown); `context_length` counts tokens (None: unknown).
    Requests and tokens per minute are a person's own limits; without them the server's are learned.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str = Field(min_length=1)
    name: str = ""
    base_url: str = Field(default=OPENAI_URL, min_length=1)
    model: str = Field(min_length=1)
    temperature_0: bool = True
    effort_none: bool = False
    seed: int | None = None
    max_tokens_name: Literal["max_completion_tokens", "max_tokens"] = "max_completion_tokens"
    max_tokens: int = Field(default=2048, gt=0)
    price: str | None = None
    context_length: int | None = Field(default=None, gt=0)
    shutdown_date: date | None = None
    timeout_s: float = Field(default=180.0, gt=0)
    requests_per_minute: float | None = Field(default=None, gt=0)
    tokens_per_minute: float | None = Field(default=None, gt=0)
    is_demo: bool = False

    @property
    def shown(self) -> str:
        """The name people read."""
        return self.name or self.id

    @property
    def greedy(self) -> bool:
        """Whether the judge is asked to take its likeliest words (temperature 0)."""
        return self.temperature_0

    def parameters(self) -> dict[str, Any]:
        """What is sent beside the messages; part of every judgment's key."""
        parameters: dict[str, Any] = {"model": self.model, self.max_tokens_name: self.max_tokens}
        if self.temperature_0:
            parameters["temperature"] = 0
        if self.effort_none:
            parameters["reasoning_effort"] = "none"
        if self.seed is not None:
            parameters["seed"] = self.seed
        return parameters

    def cost(self, prompt_tokens: float, reply_tokens: float) -> float | None:
        """What so many tokens cost by the price list; None when the price is unknown."""
        return price_list().cost(self.price, prompt_tokens, reply_tokens)

    def days_left(self, today: date) -> int | None:
        """Days until the model is shut down; None when no date is known, negative afterwards."""
        return None if self.shutdown_date is None else (self.shutdown_date - today).days

    def warning(self, today: date) -> str:
        """A sentence when the model is gone or goes within 60 days, else empty."""
        left = self.days_left(today)
        if left is None or left > WARN_DAYS:
            return ""
        if left < 0:
            return f"{self.model} was shut down on {self.shutdown_date}."
        return f"{self.model} will be shut down on {self.shutdown_date}, in {left} days."

    def check_alive(self, today: date) -> None:
        """Raise ProfileError when the model's shutdown date has passed."""
        left = self.days_left(today)
        if left is not None and left < 0:
            raise ProfileError(
                f'The judge "{self.shown}" can\'t be asked any more: {self.warning(today)}',
                "Choose another judge profile; its judgments will stand beside the old ones, not among them.",
            )


def demo_profile(base_url: str) -> JudgeProfile:
    """The demo judge at the address where the demo services listen."""
    return JudgeProfile(
        id=DEMO_JUDGE,
        name=DEMO_JUDGE,
        base_url=base_url,
        model="demo-judge",
        max_tokens=512,
        price="free",
        context_length=131072,
        is_demo=True,
    )


def plain_profile(profile_id: str, base_url: str, model: str) -> JudgeProfile:
    """A profile from what a person enters, with the abilities of a preset that asks the same model."""
    for preset in presets():
        if preset.model == model:
            return preset.model_copy(update={"id": profile_id, "name": "", "base_url": base_url})
    name: Literal["max_completion_tokens", "max_tokens"] = (
        "max_completion_tokens" if base_url.rstrip("/") == OPENAI_URL else "max_tokens"
    )
    return JudgeProfile(id=profile_id, base_url=base_url, model=model, max_tokens_name=name)


@functools.cache
def presets() -> tuple[JudgeProfile, ...]:
    """The profiles the program ships."""
    raw = json.loads((resources() / "judge_profiles.json").read_text(encoding="utf-8"))
    return tuple(JudgeProfile.model_validate(entry) for entry in raw["profiles"])


def profiles(study: Study) -> list[JudgeProfile]:
    """The study's own profiles, then the shipped ones it does not replace by one of the same id.

    Raises ProfileError when the study's settings hold something else.
    """
    try:
        own = [JudgeProfile.model_validate(entry) for entry in settings.get(study, SETTING, [])]
    except (ValidationError, TypeError) as error:
        raise ProfileError(
            f"The judge profiles in this study's settings can't be read: {error}",
            "Enter the judge profiles again in the settings.",
        ) from error
    known = {profile.id for profile in own}
    return own + [preset for preset in presets() if preset.id not in known]


def find_profile(study: Study, profile_id: str) -> JudgeProfile:
    """The profile with this id. Raises ProfileError naming those there are."""
    found = profiles(study)
    for profile in found:
        if profile.id == profile_id:
            return profile
    raise ProfileError(
        f'There is no judge profile "{profile_id}".',
        f"Choose one of {', '.join(profile.id for profile in found)}, or add it in the settings.",
    )


def save_profiles(study: Study, kept: Sequence[JudgeProfile], author: str) -> None:
    """Keep these profiles as the study's own. Raises ProfileError when two have the same id."""
    ids = [profile.id for profile in kept]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ProfileError(f"Two judge profiles are called {', '.join(twice)}.", "Give each its own id.")
    settings.put(study, SETTING, [profile.model_dump(mode="json") for profile in kept], author)


def save_profile(study: Study, profile: JudgeProfile, author: str) -> None:
    """Add a profile to the study's own, or replace the one of the same id."""
    own = [JudgeProfile.model_validate(entry) for entry in settings.get(study, SETTING, [])]
    save_profiles(study, [*(one for one in own if one.id != profile.id), profile], author)
