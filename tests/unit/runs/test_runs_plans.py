from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from mtbx_gui.runs.plans import BadPlan, check_model, find_model, fingerprint, generate_plan, train_plan
from mtbx_gui.runs.specs import GenerateConfig, TrainConfig
from mtbx_gui.study.study import Study

ASK, SAY = {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}
ITEM = {"question_id": 81, "language": "de", "category": "writing", "turns": ["Eins", "Zwei"]}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        (folder / name).write_text("{}")
    return folder


def recipe(model: Path, **fields: Any) -> TrainConfig:
    return TrainConfig(model_path=str(model), model_id="m", **fields)


def test_the_papers_recipe_is_the_default(model: Path) -> None:
    lima = TrainConfig.paper("lima", model_path=str(model), model_id="m")
    assert (lima.epochs, lima.learning_rate, lima.batch_size) == (7, 1e-5, 64)
    assert (lima.adam_beta1, lima.adam_beta2, lima.weight_decay) == (0.9, 0.95, 0.1)
    assert TrainConfig.paper("bactrian", model_path=str(model), model_id="m").epochs == 3
    for config in (TrainConfig, GenerateConfig):
        assert all(field.description for field in config.model_fields.values())


def test_a_plan_counts_optimizer_steps(model: Path) -> None:
    talks = [{"language": "en", "messages": [ASK, SAY]} for _ in range(1030)]
    talks += [{"language": "en", "messages": [ASK, SAY], "split": "validation"}] * 52
    plan = train_plan(recipe(model, epochs=7), talks)
    assert plan.total == 119
    assert plan.config["model_path"] == str(model) and plan.config["seed"] == 42
    assert plan.inputs["conversations"][0] == {"language": "en", "messages": [ASK, SAY], "split": "train"}


def test_fastchat_conversations_are_taken(model: Path) -> None:
    talk = {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]}
    assert train_plan(recipe(model), [talk]).inputs["conversations"][0]["messages"] == [ASK, SAY]


@pytest.mark.parametrize(
    ("talks", "sentence"),
    [
        ([], "no training conversation"),
        ([{"messages": [ASK, SAY], "split": "validation"}], "no training conversation"),
        ([{"messages": [ASK, SAY]}, {"messages": [ASK]}], "Conversation 2: .* take turns"),
        ([{"messages": [SAY, ASK]}], "Conversation 1: .* take turns"),
        ([{"messages": [{"role": "tool", "content": ""}]}], "Conversation 1: a message has no role"),
        ([{"messages": [ASK, {"role": "assistant", "content": None}]}], "no role or no text"),
        ([{"messages": [ASK, SAY], "split": "dev"}], "split is 'dev'"),
    ],
)
def test_conversations_that_cannot_be_trained_on_are_named(
    model: Path, talks: list[dict[str, Any]], sentence: str
) -> None:
    with pytest.raises(BadPlan, match=sentence):
        train_plan(recipe(model), talks)


@pytest.mark.parametrize("missing", ["config.json", "model.safetensors", "tokenizer.json"])
def test_what_a_model_folder_lacks_is_said_before_the_start(model: Path, missing: str) -> None:
    (model / missing).unlink()
    with pytest.raises(BadPlan, match=r"config\.json|weights|tokenizer"):
        check_model(model)
    with pytest.raises(BadPlan, match=f"There is no model folder {model}x"):
        generate_plan(GenerateConfig(model_path=f"{model}x", model_id="m"), [ITEM])


def test_a_batch_that_does_not_divide_is_refused(model: Path) -> None:
    with pytest.raises(ValidationError, match="does not divide"):
        recipe(model, batch_size=64, device_batch_size=5)
    with pytest.raises(ValidationError, match="learning_rates"):
        recipe(model, learning_rates=1)


def test_temperature_follows_the_category_unless_the_item_says_otherwise(model: Path) -> None:
    items = [
        ITEM,
        {**ITEM, "question_id": "82_DE", "category": "math"},
        {**ITEM, "question_id": 83, "category": "poems"},
        {**ITEM, "question_id": 84, "required_temperature": 0.3},
    ]
    plan = generate_plan(GenerateConfig(model_path=str(model), model_id="m"), items)
    rows = plan.inputs["items"]
    assert [row["temperature"] for row in rows] == [0.7, 0.0, 0.7, 0.3]
    assert plan.total == 4 and len({row["key"] for row in rows}) == 4


def test_keys_follow_the_content(model: Path) -> None:
    def key(item: dict[str, Any] = ITEM, **fields: Any) -> str:
        config = GenerateConfig(model_path=str(model), **{"model_id": "m", **fields})
        return str(generate_plan(config, [item]).inputs["items"][0]["key"])

    first = key()
    assert first == key() == key(batch_size=3)
    different = {key(seed=1), key(model_id="n"), key(run_number=2), key({**ITEM, "turns": ["Eins", "Drei"]})}
    (model / "model.safetensors").write_text("{ }")
    assert len({first, key(), *different}) == 6


def test_items_without_two_turns_or_twice_are_refused(model: Path) -> None:
    config = GenerateConfig(model_path=str(model), model_id="m")
    with pytest.raises(BadPlan, match=r"Item 1 \(81\)"):
        generate_plan(config, [{**ITEM, "turns": ["Eins", ""]}])
    with pytest.raises(BadPlan, match="1 items are there twice"):
        generate_plan(config, [ITEM, ITEM])
    with pytest.raises(BadPlan, match="no item"):
        generate_plan(config, [])


def test_a_model_is_found_after_the_study_was_moved(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "runs" / "old", "Test", ("en",))
    model = study.runs_folder / "train-1" / "model"
    model.mkdir(parents=True)
    assert find_model(study, str(model)) == model
    study.close()
    moved = Study.open(study.folder.rename(tmp_path / "new"))
    assert find_model(moved, str(model)) == tmp_path / "new" / "runs" / "train-1" / "model"
    assert find_model(moved, "/elsewhere/runs/none/model") == Path("/elsewhere/runs/none/model")
    moved.close()


def test_fingerprints_tell_models_apart(model: Path) -> None:
    before = fingerprint(model)
    assert before == fingerprint(model)
    (model / "config.json").write_text('{"a": 1}')
    assert fingerprint(model) != before
