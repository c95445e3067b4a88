import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from mtbx_gui.assets import resources
from mtbx_gui.judging.prices import PriceList, price_list, token_table
from mtbx_gui.judging.profiles import (
    DEMO_JUDGE,
    OPENAI_URL,
    JudgeProfile,
    ProfileError,
    demo_profile,
    find_profile,
    plain_profile,
    presets,
    profiles,
    save_profile,
    save_profiles,
)
from mtbx_gui.study import settings
from mtbx_gui.study.study import Study


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    study = Study.create(tmp_path / "study", "Study", ("en", "de"))
    yield study
    study.close()


def test_the_price_list_says_when_and_where_its_prices_are_from() -> None:
    prices = price_list()
    assert prices.date == date(2026, 11, 23)
    assert prices.source
    assert prices.cost("gpt-6-luna", 1_000_000, 1_000_000) == pytest.approx(0.60)
    assert prices.cost("gpt-4.1", 749, 150) == pytest.approx(0.002698)
    assert prices.cost("unheard-of", 1, 1) is None
    assert prices.cost(None, 1, 1) is None


def test_a_price_list_with_a_wrong_field_is_refused() -> None:
    raw = json.loads((resources() / "prices.json").read_text(encoding="utf-8"))
    for change in ({"source": ""}, {"date": "soon"}, {"models": {"m": {"input": -1, "output": 1}}}):
        with pytest.raises(ValidationError):
            PriceList.model_validate(raw | change)


def test_a_translated_prompt_has_more_tokens_per_character() -> None:
    tokens = token_table()
    assert tokens.of_text(4400, "en") == 1000 + tokens.message_tokens
    assert all(
        tokens.of_text(4400, code) > tokens.of_text(4400, "en") for code in ("de", "fr", "it", "es", "pl")
    )


def test_every_preset_has_a_price_and_an_id_of_its_own() -> None:
    assert len({preset.id for preset in presets()}) == len(presets()) >= 4
    for preset in presets():
        assert preset.cost(1000, 100) is not None
        assert preset.greedy
        assert preset.base_url == OPENAI_URL


def test_parameters_are_what_the_judge_can_take() -> None:
    luna = next(preset for preset in presets() if preset.id == "gpt-6-luna")
    assert luna.parameters() == {
        "model": "gpt-6-luna",
        "max_completion_tokens": 2048,
        "temperature": 0,
        "reasoning_effort": "none",
        "seed": 0,
    }
    plain = JudgeProfile(id="own", model="m", temperature_0=False, max_tokens_name="max_tokens", max_tokens=9)
    assert plain.parameters() == {"model": "m", "max_tokens": 9}


def test_a_model_that_goes_is_told_and_one_that_is_gone_is_refused() -> None:
    profile = JudgeProfile(id="old", model="old-1", shutdown_date=date(2027, 1, 14))
    assert profile.warning(date(2026, 11, 1)) == ""
    assert profile.warning(date(2026, 12, 1)) == "old-1 will be shut down on 2027-01-14, in 44 days."
    profile.check_alive(date(2027, 1, 14))
    with pytest.raises(ProfileError, match="was shut down on 2027-01-14"):
        profile.check_alive(date(2027, 1, 15))


def test_the_demo_judge_is_called_demo_judge() -> None:
    demo = demo_profile("http://127.0.0.1:9/v1")
    assert (demo.id, demo.shown, demo.is_demo) == (DEMO_JUDGE, "demo judge", True)
    assert demo.cost(1000, 1000) == 0


def test_profiles_live_in_the_study_and_hide_a_preset_of_the_same_id(study: Study) -> None:
    assert profiles(study) == list(presets())
    own = plain_profile("gpt-6-luna", "http://127.0.0.1:8000/v1", "local-model")
    save_profile(study, own, "ada")
    save_profile(study, demo_profile("http://127.0.0.1:9/v1"), "ada")
    assert find_profile(study, "gpt-6-luna") == own
    assert len(profiles(study)) == len(presets()) + 1
    changed = own.model_copy(update={"model": "other"})
    save_profile(study, changed, "ada")
    assert find_profile(study, "gpt-6-luna").model == "other"


def test_an_entered_model_takes_the_abilities_of_its_preset() -> None:
    known = plain_profile("my judge", OPENAI_URL, "gpt-6-sol")
    assert (known.id, known.effort_none, known.price) == ("my judge", True, "gpt-6-sol")
    local = plain_profile("local", "http://127.0.0.1:8000/v1", "tiny")
    assert (local.max_tokens_name, local.price, local.effort_none) == ("max_tokens", None, False)


def test_wrong_profiles_are_told(study: Study) -> None:
    with pytest.raises(ProfileError, match='no judge profile "nobody"'):
        find_profile(study, "nobody")
    twice = JudgeProfile(id="one", model="m")
    with pytest.raises(ProfileError, match="Two judge profiles are called one"):
        save_profiles(study, [twice, twice], "ada")
    settings.put(study, "judge_profiles", [{"id": "broken"}], "ada")
    with pytest.raises(ProfileError, match="model"):
        profiles(study)
