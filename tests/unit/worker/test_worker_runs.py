"""Real training and generation runs of a tiny model, killed, cancelled and resumed."""

import json
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mtbx_gui.rundir.jsonl import count_lines, read_lines
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.rundir.plan import RunPlan
from mtbx_gui.rundir.state import RunState, derive
from mtbx_gui.runs import local
from mtbx_gui.runs.plans import generate_plan, train_plan
from mtbx_gui.runs.specs import GenerateConfig, TrainConfig
from mtbx_gui.runs.watch import Metrics

STEPS = 6
"""Two epochs of 16 conversations by 6: three steps each, the last of an epoch with 4."""


def until(condition: Callable[[], object], run: RunDir, seconds: float = 150) -> None:
    pause = threading.Event()
    for _ in range(int(seconds / 0.01)):
        if condition():
            return
        if derive(run).state is RunState.FAILED and not condition():
            raise AssertionError(f"{derive(run)}\n{run.log().read_text()}")
        pause.wait(0.01)
    raise AssertionError(f"condition never came true: {derive(run)}\n{run.log().read_text()}")


def create(folder: Path, name: str, plan: RunPlan) -> RunDir:
    return RunDir.create(folder / name, name, plan, {"seed": 42})


def finished(run: RunDir) -> dict[str, Any]:
    until(lambda: derive(run).state is RunState.FINISHED, run)
    result = run.read_result()
    assert result is not None
    return result


def kill(run: RunDir) -> None:
    processes = local.members(run)
    for process in processes:
        local.send(process, signal.SIGKILL)
    until(lambda: not any(process.alive() for process in processes), run)
    assert derive(run).state is RunState.LOST


def training(model: Path, talks: list[dict[str, Any]], **fields: Any) -> RunPlan:
    usual: dict[str, Any] = {"epochs": 2, "batch_size": 6, "device_batch_size": 2, "learning_rate": 1e-3}
    config = TrainConfig(model_path=str(model), model_id="tiny", device="cpu", **{**usual, **fields})
    return train_plan(config, talks)


def answering(model: Path, **fields: Any) -> RunPlan:
    categories = ["writing", "math", "stem", "coding"]
    items = [
        {
            "question_id": 200 + number,
            "language": language,
            "category": categories[number],
            "turns": [f"What is the capital of {'the ' * number}Norway?", "And how do you know?"],
        }
        for number in range(4)
        for language in ("en", "de")
    ]
    config = GenerateConfig(model_path=str(model), model_id="tiny", device="cpu", max_new_tokens=24, **fields)
    return generate_plan(config, items)


def losses(run: RunDir) -> list[tuple[int, float]]:
    return [(row["step"], row["loss"]) for row in Metrics(run).read() if "loss" in row]


@pytest.fixture(scope="module")
def trained(
    tiny_model: Path, talks: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> RunDir:
    run = create(tmp_path_factory.mktemp("trained"), "train-1", training(tiny_model, talks))
    local.start(run.path)
    finished(run)
    return run


def test_training_leaves_a_model_losses_and_a_row_per_step(trained: RunDir, tiny_model: Path) -> None:
    result = finished(trained)
    assert (result["model_id"], result["steps"], result["kept"]) == ("tiny", STEPS, "final")
    assert sorted(result["validation_loss"]) == ["de", "en"]
    rows = Metrics(trained).read()
    assert [row["step"] for row in rows] == list(range(STEPS + 1))
    assert [row["step"] for row in rows if "eval" in row] == [0, 3, 6]
    assert rows[-1]["eval"] == result["validation_loss"] and rows[-1]["loss"] == result["final_loss"]
    assert result["validation_loss"]["de"] < rows[0]["eval"]["de"]
    assert [round(row["lr"] / 1e-3 * STEPS) for row in rows[1:]] == [6, 5, 4, 3, 2, 1]
    assert all(row["grad_norm"] > 0 and row["tok_s"] > 0 and row["max_steps"] == STEPS for row in rows[1:])
    model = Path(result["model_path"])
    assert "{% generation %}" in (model / "chat_template.jinja").read_text()
    assert (model / "model.safetensors").stat().st_size == (tiny_model / "model.safetensors").stat().st_size
    assert not list(trained.path.glob("checkpoint-*"))
    info = derive(trained)
    assert (info.done, info.total) == (STEPS, STEPS)


def test_cancelled_killed_and_resumed_gives_the_same_weights_to_the_bit(
    trained: RunDir, tiny_model: Path, talks: list[dict[str, Any]], tmp_path: Path
) -> None:
    plan = training(tiny_model, talks, checkpoint_minutes=0, keep="best")
    run = create(tmp_path, "train-2", plan)
    local.start(run.path)
    until(lambda: len(losses(run)) >= 2, run)
    assert local.cancel(run.path, patience_s=60).state is RunState.CANCELLED
    stopped = losses(run)[-1][0]
    assert 2 <= stopped < STEPS and (run.path / f"checkpoint-{stopped}" / "DONE").exists()
    local.resume(run.path)
    until(lambda: losses(run)[-1][0] > stopped, run)
    kill(run)
    local.resume(run.path)
    result = finished(run)
    assert losses(run) == losses(trained)
    assert [event["event"] for event in run.read_events()].count("resumed") == 2
    expected = finished(trained)
    assert result["validation_loss"] == expected["validation_loss"]
    assert result["kept_step"] == STEPS and result["weights_sha256"] == expected["weights_sha256"]


def test_answers_come_once_and_the_same_however_often_the_run_is_killed(
    trained: RunDir, tmp_path: Path
) -> None:
    model = trained.path / "model"
    whole = create(tmp_path, "generate-1", answering(model))
    broken = create(tmp_path, "generate-2", answering(model, batch_size=1))
    local.start(whole.path)
    finished(whole)
    local.start(broken.path)
    for turns in (3, 11):
        until(lambda turns=turns: count_lines(broken.out("turns")) >= turns, broken)
        kill(broken)
        assert count_lines(broken.out("turns")) < 16, "killed too late to show anything"
        local.resume(broken.path)
    assert finished(broken)["answers"] == 8
    once = [row["key"] for row in read_lines(broken.out("turns"))]
    assert len(once) == len(set(once)) == 16
    answers = {row["key"]: row for row in read_lines(whole.out("answers"))}
    again = [row for row in read_lines(broken.out("answers"))]
    assert len(again) == 8 and len(answers) == 8
    for row in again:
        other = answers[row["key"]]
        for name in (
            "question_id",
            "language",
            "model_id",
            "turns",
            "finish_reasons",
            "token_counts",
            "seeds",
        ):
            assert row[name] == other[name]
        assert len(row["turns"]) == 2 and row["temperature"] in (0.7, 0.0, 0.1)
        assert set(row["finish_reasons"]) <= {"stop", "length"} and max(row["token_counts"]) <= 24


def test_a_prompt_longer_than_the_model_takes_is_said_not_invented(trained: RunDir, tmp_path: Path) -> None:
    items = [
        {"question_id": 1, "language": "en", "category": "math", "turns": ["why " * 3000, "And?"]},
        {"question_id": 2, "language": "en", "category": "math", "turns": ["why?", "And?"]},
    ]
    config = GenerateConfig(
        model_path=str(trained.path / "model"), model_id="t", device="cpu", max_new_tokens=8
    )
    run = create(tmp_path, "generate-3", generate_plan(config, items))
    local.start(run.path)
    finished(run)
    reasons = {row["question_id"]: row["finish_reasons"] for row in read_lines(run.out("answers"))}
    assert reasons["1"] == ["prompt_too_long", "prompt_too_long"]
    assert set(reasons["2"]) <= {"stop", "length"}


def test_a_model_that_cannot_be_loaded_is_a_sentence(trained: RunDir, tmp_path: Path) -> None:
    plan = answering(trained.path / "model")
    broken = tmp_path / "broken"
    broken.mkdir()
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (broken / name).write_bytes((trained.path / "model" / name).read_bytes())
    (broken / "model.safetensors").write_bytes(b"not weights")
    elsewhere = replace(plan, config={**plan.config, "model_path": str(broken)})
    run = create(tmp_path, "generate-4", elsewhere)
    local.start(run.path)
    until(lambda: derive(run).state in (RunState.FAILED, RunState.FINISHED), run)
    assert "can't be loaded" in derive(run).sentence, json.dumps(list(run.read_events()))
