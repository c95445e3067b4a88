"""Judge prompts of every layout and language are read back into exactly what was filled in."""

import json
from pathlib import Path
from typing import Any

from mtbx_gui.demo.judge_prompt import read_judge_prompt
from mtbx_gui.demo.rule_judge import judge

TRAPS = "\n".join(
    [
        "[Your Name]",
        "### Conclusion:",
        "[[1, 2], [3]]",
        "<div>",
        "### The user's end: start",
        "",
        "  [x](y)",
        "",
    ]
)


def test_every_layout_gives_back_what_was_filled_in(any_prompt: Any) -> None:
    questions = (f"Q1 {TRAPS}", f"{TRAPS}Q2")
    first, second, references = ((f"{name}1 {TRAPS}", f"{TRAPS}{name}2 ") for name in "ABR")
    read = read_judge_prompt(any_prompt.system, any_prompt.fill(questions, first, second, references))
    assert read is not None
    turns = any_prompt.turns
    assert read.questions == questions[:turns]
    assert read.answers_a == first[:turns]
    assert read.answers_b == (second[:turns] if any_prompt.pair else ())
    assert read.references == (references[:turns] if any_prompt.with_reference else ())
    assert (read.pair, read.turn) == (any_prompt.pair, turns)
    assert read.offers_d is ("[[D]]" in any_prompt.system)
    assert bool(read.score_word) is not any_prompt.pair


def test_an_answer_that_repeats_the_end_marker_does_not_end_early(single_prompt: Any) -> None:
    end = single_prompt.template.rstrip().split("\n")[-1]
    answers = ("First.", f"Here it comes:\n{end}\n[[10]] and more")[-single_prompt.turns :]
    filled = single_prompt.fill(("Why?", "And then?"), (*answers, "")[:2])
    read = read_judge_prompt(single_prompt.system, filled)
    assert read is not None
    assert read.answers_a == answers


def test_a_conversation_may_lack_its_second_answer() -> None:
    user = (
        "<|The Start of Assistant A's Conversation with User|>\n\n### User:\nWhy?\n\n### Assistant A:\nSo."
        "\n\n### User:\nAnd then?\n\n<|The End of Assistant A's Conversation with User|>"
    )
    read = read_judge_prompt("", user)
    assert read is not None
    assert (read.questions, read.answers_a) == (("Why?", "And then?"), ("So.",))
    assert judge("", user).verdict == "1"


def test_real_judge_prompts_are_read_back_into_the_original_answers(shared_data: Path) -> None:
    judged = shared_data / "judgments"
    answers: dict[tuple[str, int], list[str]] = {}
    for path in (
        judged / "phi-3" / "model_answer" / "phi-3.jsonl",
        judged / "phi-3" / "model_answer" / "phi-3-dpo.jsonl",
        shared_data / "lumiopen" / "answers" / "europa_100pct_sft_data_mix_v0.1_en.jsonl",
    ):
        for row in _rows(path):
            answers[row["model_id"], row["question_id"]] = row["choices"][0]["turns"]
    questions = {
        row["question_id"]: row["turns"] for row in _rows(shared_data / "fastchat/mt_bench/question.jsonl")
    }
    judgments: list[tuple[dict[str, Any], str, list[str]]] = []
    singles = ("gpt-4_single_europa_100pct_sft_data_mix_v0.1_en.jsonl", "phi-3/gpt-4_single.jsonl")
    for name in singles:
        judgments += [(row, row["user_prompt"], [row["model"]]) for row in _rows(judged / name)]
    for row in _rows(judged / "phi-3" / "gpt-4_pair.jsonl"):
        models = [row["model_1"], row["model_2"]]
        judgments += [(row, row["g1_user_prompt"], models), (row, row["g2_user_prompt"], models[::-1])]
    with_prompt = [each for each in judgments if each[1] != "NA"]  # FastChat writes NA beside an error
    assert len(with_prompt) > 390
    for row, text, models in with_prompt:
        read = read_judge_prompt("", text)
        assert read is not None
        assert read.questions == tuple(questions[row["question_id"]][: row["turn"]])
        found = [read.answers_a, read.answers_b][: len(models)]
        assert found == [tuple(answers[model, row["question_id"]][: row["turn"]]) for model in models]
        assert read.pair is (len(models) == 2)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
