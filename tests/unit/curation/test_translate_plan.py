"""What a translation run will do: which fields, under which keys, for how many characters."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from mtbx_gui.curation.translate_plan import NothingToTranslate, TranslateChoice, translate_plan
from mtbx_gui.curation.translators import DEEPL, deepl_at, demo_translator
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import add_edit, add_text, ensure_field, fields
from tests.unit.curation.translating import make_study


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    made = make_study(tmp_path / "study")
    yield made
    made.close()


def choice(*languages: str, **more: object) -> TranslateChoice:
    return TranslateChoice(languages=languages, **more)  # type: ignore[arg-type]


def test_every_field_of_every_language_is_planned_once(study: Study) -> None:
    plan = translate_plan(study, choice("de", "it"))
    rows = plan.run.inputs["fields"]
    assert plan.run.total == len(rows) == plan.estimate.fields == 24
    assert len({row["key"] for row in rows}) == 24
    assert plan.run.title == "DeepL · DE IT"
    assert plan.run.config["translator"] == DEEPL.model_dump()
    assert plan.run.config["address"]["it"]["form"] == "tu"
    assert plan.estimate.billed["de"] == plan.estimate.billed["it"] < plan.estimate.characters["de"]
    assert plan.estimate.billed_characters == 2 * plan.estimate.billed["de"]


def test_a_choice_can_be_narrowed(study: Study) -> None:
    plan = translate_plan(study, choice("it", kinds=("turn",), question_ids=("82",)))
    assert [(row["question_id"], row["kind"], row["position"]) for row in plan.run.inputs["fields"]] == [
        ("82", "turn", 0),
        ("82", "turn", 1),
    ]


def test_the_whole_item_is_context_but_its_code_is_not(study: Study) -> None:
    plan = translate_plan(study, choice("de", kinds=("turn",), question_ids=("81",)))
    texts = {row["id"]: row["text"] for row in plan.run.inputs["texts"]}
    context = texts[plan.run.inputs["fields"][0]["context"]]
    assert "The sea of question 81 is blue." in context
    assert "Mend this for {name}" in context
    assert "return 2" not in context
    assert texts[plan.run.inputs["fields"][0]["source"]].startswith("Mend this for {name}")


def test_what_has_a_translation_is_left_out(study: Study) -> None:
    with study.write() as db:
        add_text(db, ensure_field(db, "de", "turn", "81", "", 0), "machine", "Da.", "run:x", "DeepL", "k1")
        by_hand = ensure_field(db, "de", "turn", "81", "", 1)
    add_edit(study, by_hand, "Von Hand.", "ada")
    plan = translate_plan(study, choice("de"))
    assert (plan.estimate.fields, plan.estimate.done) == (10, 2)
    assert translate_plan(study, choice("de", only_missing=False)).estimate.fields == 12


def test_the_same_text_is_not_paid_twice_even_when_asked_again(study: Study) -> None:
    rows = translate_plan(study, choice("de")).run.inputs["fields"]
    with study.write() as db:
        for row in rows:
            field = ensure_field(db, "de", row["kind"], row["question_id"], row["name"], row["position"])
            add_text(db, field, "machine", "Da.", "run:x", "DeepL", row["key"])
    again = translate_plan(study, choice("de", only_missing=False))
    with pytest.raises(NothingToTranslate, match="All 12 fields in DE have their translation"):
        again.check_startable()
    source = next(text for text in fields(study, ["en"], ["turn"]) if text.question_id == "82")
    add_edit(study, source.field_id, "Write another poem.", "ada")
    changed = translate_plan(study, choice("de", only_missing=False))
    assert [row["question_id"] for row in changed.run.inputs["fields"]] == ["82"]
    assert translate_plan(
        study, choice("de", only_missing=False, translator=demo_translator())
    ).estimate.fields


def test_fields_of_a_run_at_work_are_left_to_it(study: Study) -> None:
    keys = {row["key"] for row in translate_plan(study, choice("de")).run.inputs["fields"]}
    plan = translate_plan(study, choice("de"), keys)
    assert plan.estimate.in_work == 12
    with pytest.raises(NothingToTranslate, match="A run is translating"):
        plan.check_startable()


def test_judge_prompts_are_translated_when_chosen(study: Study) -> None:
    with study.write() as db:
        for position, text in enumerate(("You judge.", "[Question]\n{question}\n\nRate it: [[rating]].")):
            name = "own/single-v1"
            add_text(db, ensure_field(db, "en", "judge_prompt", "", name, position), "source", text, "t", "t")
    plan = translate_plan(study, choice("fr", kinds=("judge_prompt",), question_ids=("81",)))
    assert [(row["name"], row["position"]) for row in plan.run.inputs["fields"]] == [
        ("own/single-v1", 0),
        ("own/single-v1", 1),
    ]
    assert "{question}" in json.dumps(plan.run.inputs["texts"])


def test_a_passage_in_a_third_language_is_kept(study: Study) -> None:
    saying = "Aller guten Dinge sind drei"
    with study.write() as db:
        field = ensure_field(db, "en", "turn", "81", "", 2)
        add_text(db, field, "source", f'What does "{saying}" mean?', "test", "test")
    rows = translate_plan(study, choice("it", question_ids=("81",))).run.inputs["fields"]
    assert [(a, b) for row in rows for a, b in row["keep"]] == [(11, 11 + len(saying))]


def test_what_cannot_be_planned_is_told(study: Study) -> None:
    with pytest.raises(NothingToTranslate, match="EN is the language this study is translated from"):
        translate_plan(study, choice("de", "en"))
    with pytest.raises(NothingToTranslate, match="no texts to translate into DE"):
        translate_plan(study, choice("de", question_ids=("999",))).check_startable()
    with pytest.raises(ValidationError, match='"German" is no language code'):
        choice("German")
    with pytest.raises(ValidationError):
        choice()


def test_only_deepl_is_called_deepl() -> None:
    assert deepl_at("https://api-free.deepl.com").name == "DeepL"
    assert deepl_at("http://127.0.0.1:99").name == "translator at 127.0.0.1"
    assert deepl_at("https://notdeepl.com").id != DEEPL.id
    assert demo_translator().name == "demo translator"
