"""From a choice to translated texts in the study, with the demo translator as its own process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mtbx_gui.actions import demo_services
from mtbx_gui.actions.control import NoKey, secret_for
from mtbx_gui.actions.follow import follow
from mtbx_gui.actions.start import BadRequest, start_translate, translate_choice, translation_plan
from mtbx_gui.curation.translate_plan import NothingToTranslate
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.state import RunState
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import fields
from tests.unit.curation.translating import BARE, make_study


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = make_study(tmp_path / "study")
    yield made
    made.close()


@pytest.fixture
def services() -> Iterator[None]:
    yield
    demo_services.stop()


def test_the_demo_translator_translates_a_study(study: Study, services: None) -> None:
    choice = translate_choice(study, ["it"], "demo")
    run_id = start_translate(study, choice, author="ada")
    assert follow(study, run_id).state is RunState.FINISHED
    translated = fields(study, ["it"])
    assert len(translated) == 12
    assert {text.machine_by for text in translated} == {"demo translator"}
    spec = RunDir(study.runs_folder / run_id).spec()
    assert spec.config["translator"]["is_demo"] is True
    known = demo_services.running()
    assert known is not None
    assert secret_for(spec) == known.deepl_key
    assert known.deepl_key not in (study.runs_folder / run_id / "run.json").read_text(encoding="utf-8")
    with pytest.raises(NothingToTranslate, match="All 12 fields in IT"):
        start_translate(study, choice)
    code = next(text for text in translated if text.question_id == "81" and text.position == 0)
    for line in BARE.splitlines():
        assert line in (code.machine or "")


def test_without_a_key_nothing_starts(study: Study) -> None:
    with pytest.raises(NoKey, match="no API key for DeepL"):
        start_translate(study, translate_choice(study, ["de"]))
    assert list(study.runs_folder.iterdir()) == []


def test_choices_that_cannot_be_are_told(study: Study) -> None:
    with pytest.raises(BadRequest, match="no translator"):
        translate_choice(study, ["de"], "somebody")
    with pytest.raises(BadRequest, match="languages"):
        translate_choice(study, [])
    at = translate_choice(study, ["de"], url="http://127.0.0.1:9/")
    assert at.translator.server_url == "http://127.0.0.1:9/"
    assert translation_plan(study, at).estimate.fields == 12
