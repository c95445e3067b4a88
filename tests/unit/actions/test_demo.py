"""The demo study: complete, with something left to do; and its services, kept at hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mtbx_gui.actions import demo_services
from mtbx_gui.actions.demo import apply_corrections, create_demo
from mtbx_gui.actions.start import demo_judge
from mtbx_gui.demo.texts import benchmark_folder
from mtbx_gui.judging.profiles import profiles
from mtbx_gui.rundir.jsonl import read_lines
from mtbx_gui.study.answers import answers
from mtbx_gui.study.datasets import load_dataset
from mtbx_gui.study.items import items, reference_sets
from mtbx_gui.study.summary import summarise
from mtbx_gui.study.texts import edited_items


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MTBX_HOME", str(tmp_path / "home"))
    yield
    demo_services.stop()


def test_the_demo_study_has_something_left_to_do_everywhere(tmp_path: Path) -> None:
    study = create_demo(tmp_path / "demo")
    assert {code: len(items(study, [code])) for code in ("en", "de", "fr", "it", "es")} == {
        "en": 16,
        "de": 16,
        "fr": 16,
        "it": 16,
        "es": 0,
    }
    assert edited_items(study, "de")
    assert edited_items(study, "it") == []
    assert len(answers(study)) == 2 * 16 * 5
    assert reference_sets(study) == ["demo-reference"]
    assert len(load_dataset(study, "instructions").conversations) >= 60 * 5
    study.close()


def test_the_demo_study_offers_the_demo_judge_first(tmp_path: Path) -> None:
    study = create_demo(tmp_path / "demo")
    assert profiles(study)[0].is_demo
    assert demo_judge(study) == profiles(study)[0].id
    assert not profiles(study)[0].base_url.endswith(":0/v1")
    study.close()


def test_making_it_again_opens_it(tmp_path: Path) -> None:
    create_demo(tmp_path / "demo").close()
    study = create_demo(tmp_path / "demo")
    assert summarise(study).models == 2
    study.close()


def test_the_curators_corrections_become_edits(tmp_path: Path) -> None:
    study = create_demo(tmp_path / "demo")
    assert apply_corrections(study, ("it", "es")) > 0
    listed = [record["question_id"] for record in read_lines(benchmark_folder("it") / "corrections.jsonl")]
    assert [f"{question_id}_IT" for question_id in edited_items(study, "it")] == listed
    assert apply_corrections(study, ("it",)) == 0
    study.close()


def test_the_services_are_started_once_and_come_back_at_the_same_address() -> None:
    first = demo_services.ensure()
    assert demo_services.ensure() == first
    demo_services.stop()
    while demo_services.running() is not None:
        pass
    again = demo_services.ensure()
    assert (again.deepl_url, again.openai_url) == (first.deepl_url, first.openai_url)
    assert again.process != first.process
