"""Exporting gives back what was imported, with what people changed since."""

import json
from pathlib import Path

import pytest

from mtbx_gui.study.answers import add_answers
from mtbx_gui.study.errors import StudyError
from mtbx_gui.study.exporting.fastchat import export_fastchat
from mtbx_gui.study.importing.importer import import_path
from mtbx_gui.study.judgments import add_judgments
from mtbx_gui.study.records import Answer, Judgment
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import add_edit, add_text, ensure_field, fields


def records(path: Path) -> list[str]:
    return [line for line in path.read_bytes().decode("utf-8").split("\n") if line.strip()]


@pytest.mark.parametrize("part", ["mt-bench-x", "lumiopen/answers", "judgments", "fastchat"])
def test_every_record_comes_back_as_it_was(study: Study, data: Path, tmp_path: Path, part: str) -> None:
    root = data / part
    import_path(study, root)
    summary = export_fastchat(study, tmp_path / "out")
    for file in root.rglob("*.jsonl"):
        expected = records(file)
        if file.name == "judge_prompts_v2.jsonl":
            expected = expected[1:]
        assert records(tmp_path / "out" / file.relative_to(root)) == expected
    assert summary.records == sum(summary.files.values())


def test_an_edit_changes_its_record_and_the_corrections(study: Study, data: Path, tmp_path: Path) -> None:
    import_path(study, data / "mt-bench-x")
    field = next(f for f in fields(study, ["de"], ["turn"]) if f.question_id == "82" and f.position == 1)
    add_edit(study, field.field_id, "Nehmen Sie sich Zeit. 🙂", "me")
    export_fastchat(study, tmp_path / "out")
    folder = tmp_path / "out" / "data" / "mt_bench_DE"
    before = [json.loads(line) for line in records(data / "mt-bench-x/data/mt_bench_DE/question.jsonl")]
    after = [json.loads(line) for line in records(folder / "question.jsonl")]
    changed = [new["question_id"] for old, new in zip(before, after, strict=True) if old != new]
    assert changed == ["82_DE"]
    assert after[1]["turns"][1] == "Nehmen Sie sich Zeit. 🙂"
    corrections = [json.loads(line) for line in records(folder / "corrections.jsonl")]
    assert {"question_id": "82_DE", "category": "writing"} in corrections
    assert len(corrections) == 32
    assert records(folder / "question_original.jsonl") == records(
        data / "mt-bench-x/data/mt_bench_DE/question_original.jsonl"
    )


def test_what_was_made_here_follows_the_releases_layout(study: Study, tmp_path: Path) -> None:
    source = tmp_path / "in" / "mt_bench_EN" / "question.jsonl"
    source.parent.mkdir(parents=True)
    source.write_text('{"question_id": "7_EN", "category": "math", "turns": ["1+1?", "why?"]}\n')
    import_path(study, tmp_path / "in")
    with study.write() as db:
        db.execute(
            "INSERT INTO item (question_id, language, category, position, author, at, app)"
            " SELECT '7', 'de', category, position, 'x', 'x', 'x' FROM item"
        )
        for index, text in enumerate(("1+1?", "warum?")):
            add_text(
                db,
                ensure_field(db, "de", "turn", "7", "", index),
                "machine",
                text,
                "run:a",
                "demo translator",
            )
    add_edit(study, fields(study, ["de"])[1].field_id, "Warum?", "me")
    add_answers(study, [Answer("k", "tiny+mono", "7", "de", ("2", "darum"), origin="run:b")], "me")
    where = {
        "question_id": "7",
        "language": "de",
        "turn": 1,
        "user_prompt": "p",
        "text": "t",
        "origin": "run:c",
    }
    failed = Judgment(
        key="s", mode="single", judge="demo-judge", prompt_name="single-v1", repetition=1,
        model_1="tiny+mono", model_2=None, game=0, score=None, verdict=None, reason="no_verdict", **where,
    )  # fmt: skip
    games = [
        Judgment(
            key=str(game), mode="pair", judge="demo-judge", prompt_name="pair-v2", repetition=2, model_1="a",
            model_2="b", game=game, score=None, verdict="A", reason=None, **where,
        )
        for game in (1, 2)
    ]  # fmt: skip
    add_judgments(study, [failed, *games], "me")
    export_fastchat(study, tmp_path / "out")
    folder = tmp_path / "out" / "data" / "mt_bench_DE"
    assert json.loads(records(folder / "question.jsonl")[0]) == {
        "question_id": "7_DE",
        "category": "math",
        "turns": ["1+1?", "Warum?"],
    }
    assert json.loads(records(folder / "question_original.jsonl")[0])["turns"] == ["1+1?", "warum?"]
    assert json.loads(records(folder / "corrections.jsonl")[0])["question_id"] == "7_DE"
    answer = json.loads(records(folder / "model_answer" / "tiny+mono.jsonl")[0])
    assert answer["choices"] == [{"index": 0, "turns": ["2", "darum"]}]
    single = json.loads(records(folder / "model_judgment" / "demo-judge_single.jsonl")[0])
    assert (single["score"], single["reason"], single["judge"]) == (
        -1,
        "no_verdict",
        ["demo-judge", "single-v1"],
    )
    pair = json.loads(records(folder / "model_judgment" / "demo-judge_pair.jsonl")[0])
    assert (pair["g1_winner"], pair["g2_winner"], pair["repetition"]) == ("model_1", "model_2", 2)


def test_a_folder_with_other_things_is_not_written_over(study: Study, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("all my work")
    with pytest.raises(StudyError, match="not empty"):
        export_fastchat(study, tmp_path)
    assert (tmp_path / "thesis.tex").read_text() == "all my work"


def test_an_earlier_export_is_renewed(study: Study, tmp_path: Path) -> None:
    export_fastchat(study, tmp_path / "out")
    export_fastchat(study, tmp_path / "out")
    assert (tmp_path / "out" / "mtbx-export.json").is_file()


def test_a_raw_translation_that_was_edited_here_brings_its_question_file(
    study: Study, tmp_path: Path
) -> None:
    raw = tmp_path / "in" / "mt_bench_IT" / "question_original.jsonl"
    raw.parent.mkdir(parents=True)
    raw.write_text('{"question_id": "7_IT", "category": "math", "turns": ["Scrivete.", "Perché?"]}\n')
    import_path(study, tmp_path / "in")
    add_edit(study, fields(study, ["it"])[0].field_id, "Scrivi.", "me")
    export_fastchat(study, tmp_path / "out")
    folder = tmp_path / "out" / "mt_bench_IT"
    assert json.loads(records(folder / "question.jsonl")[0])["turns"] == ["Scrivi.", "Perché?"]
    assert records(folder / "question_original.jsonl") == records(raw)
    assert json.loads(records(folder / "corrections.jsonl")[0])["question_id"] == "7_IT"


def test_an_earlier_export_keeps_no_file_the_study_has_not(study: Study, tmp_path: Path) -> None:
    other = Study.create(tmp_path / "other")
    for number, owner in enumerate((study, other)):
        path = tmp_path / "in" / f"mt_bench_{('DE', 'IT')[number]}" / "question.jsonl"
        path.parent.mkdir(parents=True)
        path.write_text('{"question_id": 1, "category": "math", "turns": ["a", "b"]}\n')
        import_path(owner, path)
    export_fastchat(study, tmp_path / "out")
    (tmp_path / "out" / "mine.txt").write_text("mine")
    export_fastchat(other, tmp_path / "out")
    kept = [path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")]
    assert sorted(kept) == ["mine.txt", "mt_bench_IT/question.jsonl", "mtbx-export.json"]
    other.close()
