"""Real judgments parsed again: every difference to what their files record is listed here with its reason."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mtbx_gui.judging.choice import JudgeChoice
from mtbx_gui.judging.fastchat import fastchat_score, fastchat_winner
from mtbx_gui.judging.plan import build_plan
from mtbx_gui.judging.profiles import demo_profile, save_profile
from mtbx_gui.judging.prompts import (
    NAMES,
    PromptError,
    check_prompt,
    prompt_set,
    prompt_set_names,
    verdict_mode,
)
from mtbx_gui.judging.verdicts import parse_verdict
from mtbx_gui.study.importing.importer import import_path
from mtbx_gui.study.study import Study

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data are not at {DATA}")

SINGLE = [
    "judgments/phi-3/gpt-4_single.jsonl",
    "judgments/gpt-4_single_europa_100pct_sft_data_mix_v0.1_en.jsonl",
    "mt-bench-x/data/mt_bench_EN/model_judgment/gpt-4_single.jsonl",
    "mt-bench-x/data/mt_bench_DE/model_judgment/gpt-4_single.jsonl",
]


def rows(name: str) -> Iterator[dict[str, Any]]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def test_every_score_is_read_as_recorded_but_for_the_calls_that_failed() -> None:
    read, differences = 0, []
    for name in SINGLE:
        for row in rows(name):
            parsed = parse_verdict("single", row["judgment"])
            if parsed.score == row["score"]:
                read += 1
            else:
                differences.append((name.split("/")[2], row["score"], row["judgment"], parsed.reason))
            assert fastchat_score(row["judgment"]) == row["score"]
    # FastChat keeps a failed call as the score -1; here it is no score at all, and the reason is told.
    assert differences == [("mt_bench_DE", -1, "$ERROR$", "api_error")] * 4
    assert read == 292


def test_every_winner_is_read_as_recorded_but_for_the_calls_that_failed() -> None:
    letters = {
        1: {"A": "model_1", "B": "model_2", "C": "tie"},
        2: {"A": "model_2", "B": "model_1", "C": "tie"},
    }
    read, differences = 0, []
    for row in rows("judgments/phi-3/gpt-4_pair.jsonl"):
        for game in (1, 2):
            text, winner = row[f"g{game}_judgment"], row[f"g{game}_winner"]
            parsed = parse_verdict("pair3", text)
            if parsed.verdict is not None and letters[game][parsed.verdict] == winner:
                read += 1
            else:
                differences.append((row["question_id"], game, winner, text, parsed.reason))
            plain = {"A": letters[game]["A"], "B": letters[game]["B"], "tie": "tie", "error": "error"}
            assert plain[fastchat_winner(text)] == winner
    # The three calls that failed are "error" there and have a reason here; a tie they are nowhere.
    assert differences == [
        (124, 2, "error", "$ERROR$", "api_error"),
        (125, 1, "error", "$ERROR$", "api_error"),
        (125, 2, "error", "$ERROR$", "api_error"),
    ]
    assert read == 147


def test_the_published_judge_prompts_can_be_used_and_the_broken_one_is_missed(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "real", "Real", ("en",))
    import_path(study, DATA / "mt-bench-x")
    assert prompt_set_names(study)[:2] == ["judge_prompts", "judge_prompts_v2"]
    published = prompt_set(study, "judge_prompts")
    assert len(published.prompts) == 5 * len(NAMES)
    assert [sentence for one in published.prompts.values() for sentence in check_prompt(one)] == []
    assert {verdict_mode(one) for one in published.prompts.values()} == {"single", "pair3"}
    second = prompt_set(study, "judge_prompts_v2")
    assert {verdict_mode(one) for one in second.prompts.values()} == {"pair4"}
    with pytest.raises(PromptError, match='has no prompt "pair-v2" in DE'):
        second.get("de", "pair-v2")  # the file's first line is broken
    study.close()


def test_answers_of_real_models_can_be_planned_with_published_and_own_prompts(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "real", "Real", ("en",))
    import_path(study, DATA / "mt-bench-x")
    import_path(study, DATA / "lumiopen" / "answers")
    save_profile(study, demo_profile("http://127.0.0.1:9/v1"), "ada")
    for name in ("judge_prompts", "mtbx-4"):
        single = build_plan(study, JudgeChoice(profile="demo judge", prompt_set=name))
        assert (single.estimate.calls, single.estimate.problems) == (3 * 5 * 80 * 2, ())
        pair = build_plan(study, JudgeChoice(profile="demo judge", mode="pair", prompt_set=name))
        assert (pair.estimate.calls, pair.estimate.problems) == (3 * 5 * 80 * 2 * 2, ())
    study.close()
