"""Importing: what is taken in, what is named and left out, and that nothing changes the second time."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mtbx_gui.study.answers import answers, models
from mtbx_gui.study.errors import StudyError
from mtbx_gui.study.importing.detect import language_of_path
from mtbx_gui.study.importing.importer import ImportStopped, import_path
from mtbx_gui.study.items import items, judge_prompts, prompt_sets, reference_sets
from mtbx_gui.study.judgments import judgments
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import add_edit, edited_items, fields


def write(path: Path, *records: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def question(number: int | str, *turns: str, **more: Any) -> dict[str, Any]:
    return {"question_id": number, "category": "math", "turns": list(turns), **more}


def test_the_whole_release_shows_the_edited_items(study: Study, data: Path) -> None:
    summary = import_path(study, data / "mt-bench-x")
    assert summary.edited == {"de": 31, "fr": 36, "es": 37, "it": 72}
    assert len(items(study)) == 400
    assert {len(items(study, [code])) for code in ("en", "de", "fr", "it", "es")} == {80}
    (problem,) = summary.problems
    assert problem.file == "data/mt_bench_DE/judge_prompts_v2.jsonl"
    assert problem.line == 1
    assert "not valid JSON" in str(problem)
    assert len(judge_prompts(study, "de", "judge_prompts_v2")) == 3
    assert len(judge_prompts(study, "it", "judge_prompts")) == 8
    assert reference_sets(study) == ["gpt-4"]


@pytest.mark.parametrize("part", ["mt-bench-x", "lumiopen/answers", "judgments", "fastchat"])
def test_importing_twice_changes_nothing(study: Study, data: Path, part: str) -> None:
    first = import_path(study, data / part)
    before = list(study.connection.iterdump())
    second = import_path(study, data / part)
    assert list(study.connection.iterdump()) == before
    assert first.changed
    assert not second.changed
    assert second.unchanged == first.records


def test_real_answers_are_told_apart_by_model_and_language(study: Study, data: Path) -> None:
    import_path(study, data / "lumiopen" / "answers")
    assert len(models(study)) == 3
    assert len(answers(study)) == 1200
    assert {len(answers(study, [code])) for code in ("en", "de", "fr", "it", "es")} == {240}


def test_failed_judge_calls_are_reasons_never_scores(study: Study, data: Path) -> None:
    import_path(study, data / "judgments")
    failed = [judgment for judgment in judgments(study) if "$ERROR$" in judgment.text]
    assert len(failed) == 3
    assert {(j.score, j.verdict, j.reason) for j in failed} == {(None, None, "api_error")}
    row = next(j for j in judgments(study, "pair") if j.question_id == "81" and j.game == 2)
    assert (row.verdict, row.detail["winner"]) == ("A", "model_2")


def test_original_and_release_english_are_the_same_items(study: Study, data: Path) -> None:
    import_path(study, data / "mt-bench-x")
    summary = import_path(study, data / "fastchat")
    assert len(items(study, ["en"])) == 160
    assert not [problem for problem in summary.problems if problem.file == "mt_bench/question.jsonl"]


def test_every_kind_of_broken_line_is_named_and_the_rest_is_imported(study: Study, tmp_path: Path) -> None:
    folder = tmp_path / "mt_bench_EN"
    folder.mkdir()
    good = [json.dumps(question(number, "a", "b")).encode() for number in (1, 2, 3)]
    bad = [
        b"oops{",
        b'{"question_id": 4, "category": "math", "turns": ["caf\xe9", "b"]}',
        json.dumps(question(1, "other", "b")).encode(),
        json.dumps(question(5, "only one")).encode(),
        json.dumps({"category": "math", "turns": ["a", "b"]}).encode(),
        json.dumps({"question_id": 6, "turns": "a"}).encode(),
        json.dumps({"question_id": 7, "turns": ["a", 2]}).encode(),
        json.dumps(question(8, "a", "  ")).encode(),
        b"[1, 2]",
        b"",
    ]
    (folder / "question.jsonl").write_bytes(b"\n".join([*good, *bad, b""]))
    summary = import_path(study, tmp_path)
    assert [item.question_id for item in items(study)] == ["1", "2", "3"]
    places = [(problem.line, problem.field) for problem in summary.problems]
    assert sorted(places) == [
        (4, ""),
        (5, ""),
        (6, "question_id"),
        (7, "turns"),
        (8, "question_id"),
        (9, "turns"),
        (10, "turns[1]"),
        (11, "turns[1]"),
        (12, ""),
    ]
    text = "\n".join(map(str, summary.problems))
    for words in ("not valid JSON", "0xe9", "line 1 already", "turn 2 is missing", "turn 2 is empty"):
        assert words in text
    assert "mt_bench_EN/question.jsonl, line 7, field turns" in text


def test_utf16_and_unreadable_files_are_one_sentence(study: Study, tmp_path: Path) -> None:
    (tmp_path / "question.jsonl").write_text(json.dumps(question(1, "a", "b")), encoding="utf-16")
    summary = import_path(study, tmp_path)
    assert "UTF-16" in str(summary.problems[0])


def test_answers_with_a_missing_turn_are_named(study: Study, tmp_path: Path) -> None:
    write(tmp_path / "mt_bench_EN" / "question.jsonl", question(1, "a", "b"), question(2, "a", "b"))
    write(
        tmp_path / "mt_bench_EN" / "model_answer" / "m.jsonl",
        {"question_id": 1, "model_id": "m", "choices": [{"index": 0, "turns": ["x"]}]},
        {"question_id": 2, "model_id": "m", "choices": [{"index": 0, "turns": ["x", ""]}]},
        {"question_id": 2, "model_id": "m", "choices": []},
    )
    summary = import_path(study, tmp_path)
    assert [answer.question_id for answer in answers(study)] == ["2"]
    assert [(problem.line, problem.field) for problem in summary.problems] == [
        (1, "choices[0].turns"),
        (3, "choices"),
    ]


def test_ids_in_every_style_name_the_same_item(study: Study, tmp_path: Path) -> None:
    write(tmp_path / "a" / "question_original.jsonl", question("81_DE", "raw", "zwei"))
    write(tmp_path / "b" / "question_de.jsonl", question("81", "edited", "zwei", reference=None))
    import_path(study, tmp_path)
    (item,) = items(study)
    assert (item.question_id, item.language, item.turns) == ("81", "de", ("edited", "zwei"))
    assert edited_items(study, "de") == ["81"]


def test_a_persons_edit_survives_a_second_import(study: Study, tmp_path: Path) -> None:
    write(tmp_path / "mt_bench_DE" / "question_original.jsonl", question(1, "roh", "zwei"))
    write(tmp_path / "mt_bench_DE" / "question.jsonl", question(1, "besser", "zwei"))
    import_path(study, tmp_path)
    field = fields(study, ["de"], ["turn"])[0]
    add_edit(study, field.field_id, "am besten", "me")
    import_path(study, tmp_path)
    assert items(study)[0].turns[0] == "am besten"


def test_a_contradicting_file_is_named_and_the_first_stays(study: Study, tmp_path: Path) -> None:
    write(tmp_path / "one" / "question.jsonl", question(1, "first", "b"))
    write(tmp_path / "two" / "question.jsonl", question(1, "second", "b"))
    summary = import_path(study, tmp_path)
    assert items(study)[0].turns[0] == "first"
    assert "differs from the text already imported from one/question.jsonl" in str(summary.problems[0])


def test_a_changed_file_imported_again_brings_its_change(study: Study, tmp_path: Path) -> None:
    write(tmp_path / "question.jsonl", question(1, "first", "b"), question(2, "a", "b"))
    import_path(study, tmp_path)
    write(tmp_path / "question.jsonl", question(1, "second", "b"), question(2, "a", "b"))
    summary = import_path(study, tmp_path)
    assert items(study)[0].turns[0] == "second"
    assert (summary.records, summary.unchanged) == (2, 1)


def test_nothing_to_import_is_a_sentence(study: Study, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="nothing at"):
        import_path(study, tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(StudyError, match=r"no \.jsonl file"):
        import_path(study, tmp_path / "empty")


def test_a_stopped_import_writes_nothing(study: Study, data: Path) -> None:
    with pytest.raises(ImportStopped):
        import_path(study, data / "mt-bench-x", progress=lambda done, total: done < 3)
    assert items(study) == []


KILLED = """
import os, signal, sys, threading
from mtbx_gui.study.study import Study
from mtbx_gui.study.importing.importer import import_path
study = Study.open(sys.argv[1])
count = 0
def trace(statement):
    global count
    count += 1
    if count == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
study.connection.set_trace_callback(trace)
import_path(study, sys.argv[2])
"""


@pytest.mark.parametrize("kill_at", [5, 300, 3000])
def test_a_killed_import_leaves_the_study_as_it_was(study: Study, data: Path, kill_at: int) -> None:
    arguments = [sys.executable, "-c", KILLED, str(study.folder), str(data / "mt-bench-x"), str(kill_at)]
    done = subprocess.run(arguments, check=False, env=dict(os.environ))
    assert done.returncode == -signal.SIGKILL
    assert items(study) == []
    assert import_path(study, data / "mt-bench-x").edited["it"] == 72


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("data/mt_bench_DE/question.jsonl", "de"),
        ("de_mt_bench/question.jsonl", "de"),
        ("question_fr.jsonl", "fr"),
        ("reference_answer/it/gpt-4.jsonl", "it"),
        ("europa_100pct_sft_data_mix_v0.1_es.jsonl", "es"),
        ("mt_bench/question.jsonl", None),
        ("judge_prompts.jsonl", None),
    ],
)
def test_languages_are_read_from_paths(path: str, language: str | None) -> None:
    assert language_of_path(path) == language


def test_prompt_sets_are_named_after_their_files(study: Study, tmp_path: Path) -> None:
    prompt = {"name": "pair-v2", "system_prompt": "s", "prompt_template": "{question}", "type": "pairwise"}
    write(tmp_path / "judge_prompts.jsonl", prompt, {"name": "broken", "system_prompt": "s"})
    summary = import_path(study, tmp_path)
    assert prompt_sets(study) == ["judge_prompts"]
    assert judge_prompts(study)[0].detail == {"type": "pairwise"}
    assert summary.problems[0].field == "prompt_template"
