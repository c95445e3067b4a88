"""What goes in comes out: in every order and combination, with every oddity real files have."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mtbx_gui.study.answers import answers
from mtbx_gui.study.exporting.fastchat import export_fastchat
from mtbx_gui.study.importing.importer import import_path
from mtbx_gui.study.items import items, judge_prompts
from mtbx_gui.study.judgments import add_judgments, judgments
from mtbx_gui.study.records import Judgment
from mtbx_gui.study.study import Study
from mtbx_gui.study.texts import add_edit, edited_items, fields, withdraw

RELEASE = "mt-bench-x/data"
CODES = ("EN", "DE", "FR", "ES", "IT")


def records(path: Path) -> list[str]:
    return [line for line in path.read_bytes().decode("utf-8").split("\n") if line.strip()]


def readable(path: Path) -> list[str]:
    return records(path)[1 if path.name == "judge_prompts_v2.jsonl" else 0 :]


def write(path: Path, *lines: str | dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_bytes("".join(text + "\n" for text in texts).encode("utf-8"))
    return path


def exported(study: Study, folder: Path) -> dict[str, list[str]]:
    return {path: records(folder / path) for path in export_fastchat(study, folder).files}


def all_files(data: Path) -> list[Path]:
    return sorted((data / RELEASE).rglob("*.jsonl"))


ORDERS: dict[str, Callable[[Path], list[Path]]] = {
    "the whole data folder at once": lambda data: [data],
    "language by language": lambda data: [data / RELEASE / f"mt_bench_{code}" for code in CODES],
    "language by language, backwards": lambda data: [
        data / RELEASE / f"mt_bench_{code}" for code in reversed(CODES)
    ],
    "file by file": all_files,
    "file by file, backwards": lambda data: all_files(data)[::-1],
    "the originals first": lambda data: [data / "fastchat", data / "mt-bench-x"],
    "the originals last": lambda data: [data / "mt-bench-x", data / "fastchat"],
    "one language twice": lambda data: [data / "mt-bench-x", data / RELEASE / "mt_bench_DE"],
    "only corrections": lambda data: [data / RELEASE / "mt_bench_DE" / "corrections.jsonl"],
    "only one reference file": lambda data: [data / RELEASE / "mt_bench_FR/reference_answer/gpt-4.jsonl"],
    "answers one by one": lambda data: sorted((data / "lumiopen/answers").glob("*.jsonl")),
}


@pytest.mark.parametrize("order", ORDERS)
def test_every_file_comes_back_in_whatever_order_it_came(
    study: Study, data: Path, tmp_path: Path, order: str
) -> None:
    given = ORDERS[order](data)
    for path in given:
        import_path(study, path)
    out = list(exported(study, tmp_path / "out").values())
    sources = {file for path in given for file in (path.rglob("*.jsonl") if path.is_dir() else [path])}
    assert [str(file) for file in sources if readable(file) not in out] == []
    assert len(out) == len(sources)


@pytest.mark.parametrize(
    "order",
    ["language by language", "language by language, backwards", "file by file", "file by file, backwards"],
)
def test_languages_and_edits_are_told_apart_in_whatever_order_they_came(
    study: Study, data: Path, order: str
) -> None:
    for path in ORDERS[order](data):
        import_path(study, path)
    assert {code: len(edited_items(study, code)) for code in ("de", "fr", "es", "it")} == {
        "de": 31,
        "fr": 36,
        "es": 37,
        "it": 72,
    }
    assert {code: len(judge_prompts(study, code)) for code in ("en", "de", "it")} == {
        "en": 8,
        "de": 11,
        "it": 8,
    }
    assert {len(items(study, [code])) for code in ("en", "de", "fr", "it", "es")} == {80}


def test_curated_texts_imported_before_the_raw_ones_stay_in_effect(study: Study, data: Path) -> None:
    folder = data / RELEASE / "mt_bench_IT"
    import_path(study, folder / "question.jsonl")
    curated = items(study)
    field = fields(study, ["it"], ["turn"])[0]
    add_edit(study, field.field_id, "Mio.", "me")
    import_path(study, folder / "question_original.jsonl")
    assert items(study)[1:] == curated[1:]
    assert items(study)[0].turns == ("Mio.", curated[0].turns[1])
    assert import_path(study, folder).problems == []
    assert len(edited_items(study, "it")) == 72


def test_an_edited_study_comes_out_and_goes_into_a_new_one(study: Study, data: Path, tmp_path: Path) -> None:
    import_path(study, data)
    for code in ("en", "de", "it"):
        for field in fields(study, [code])[::17]:
            add_edit(study, field.field_id, f"{field.effective} \u2028 geändert 🙂", "me")
    where: dict[str, Any] = {"question_id": "81", "language": "de", "user_prompt": "p", "text": "t"}
    made = [
        Judgment(
            key=f"{mode}{turn}{repetition}{game}", mode=mode, judge="demo judge", prompt_name="p", turn=turn,
            repetition=repetition, model_1="a", model_2=None if mode == "single" else "b", game=game,
            score=None if mode == "pair" or turn == 2 else 7.5,
            verdict="D" if mode == "pair" and game == 1 else None,
            reason="refused" if (turn == 2 if mode == "single" else game == 2) else None, **where,
        )
        for mode, games in (("single", (0,)), ("pair", (1, 2)))
        for turn in (1, 2) for repetition in (1, 2, 3) for game in games
    ]  # fmt: skip
    add_judgments(study, made, "me")
    first = exported(study, tmp_path / "one")
    again = Study.create(tmp_path / "again")
    summary = import_path(again, tmp_path / "one")
    assert summary.problems == []
    assert items(again) == items(study)
    assert judge_prompts(again) == judge_prompts(study)
    assert [(a.model, a.question_id, a.language, a.turns) for a in answers(again)] == [
        (a.model, a.question_id, a.language, a.turns) for a in answers(study)
    ]

    def outcomes(of: Study) -> list[tuple[object, ...]]:
        return [
            (j.judge, j.mode, j.language, j.question_id, j.turn, j.repetition, j.model_1, j.model_2, j.game,
             j.score, j.verdict, j.reason, j.text)
            for j in judgments(of)
        ]  # fmt: skip

    assert outcomes(again) == outcomes(study)
    assert exported(again, tmp_path / "two") == first
    again.close()


def test_oddities_of_real_files_come_back_as_they_are(study: Study, tmp_path: Path) -> None:
    lines = [
        '{"question_id": 1, "category": "math", "turns": ["a\u2028b\u2029\x85", "\\u00e9"], "reference": []}',
        '  {"turns":["x","y"],"question_id":"2","category":"math","reference":null,"zz":1e400,"n":NaN}  ',
        '{"question_id": "3_DE", "category": "math", "turns": ["x", "y"], "reference": "I", "k": 1, "k": 2}',
        '{"index": 4, "category": "math", "turns": ["x", "y"], "big": 123456789012345678901234567890}',
        '{"question_id": 5, "category": "math", "turns": ["' + "lang " * 400_000 + '", "y"]}',
    ]
    folder = tmp_path / "mit Blank und Ümlaut" / "de_mt_bench"
    folder.mkdir(parents=True)
    (folder / "question.jsonl").write_bytes(("\ufeff" + "\r\n".join(lines) + "\r\n\r\n \n").encode("utf-8"))
    (folder / "empty.jsonl").touch()
    (folder / "folder.jsonl").mkdir()
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "gone.jsonl").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.jsonl")
    summary = import_path(study, tmp_path / "mit Blank und Ümlaut")
    assert summary.problems == []
    assert {item.language for item in items(study)} == {"de"}
    out = exported(study, tmp_path / "out")
    assert out["de_mt_bench/question.jsonl"] == lines
    reference = next(f for f in fields(study) if f.kind == "reference")
    add_edit(study, reference.field_id, "zwei", "me")
    changed = json.loads(exported(study, tmp_path / "out")["de_mt_bench/question.jsonl"][2])
    assert (changed["reference"], changed["question_id"]) == ("zwei", "3_DE")


def test_values_nobody_can_store_are_named_and_the_rest_is_taken_in(study: Study, tmp_path: Path) -> None:
    write(
        tmp_path / "mt_bench_EN" / "question.jsonl",
        '{"question_id": 1, "category": "math", "turns": ["half \\ud83d", "b"]}',
        '{"question_id": 2, "category": "math", "turns": ["a", "b"], "n": ' + "9" * 5000 + "}",
        '{"question_id": 3, "category": "math", "turns": ["a", "b"], "deep": '
        + "[" * 200_000
        + "]" * 200_000
        + "}",
        '{"question_id": 4, "category": "math", "turns": ["whole \\ud83d\\ude42", "b\\u0000c"]}',
    )
    summary = import_path(study, tmp_path)
    assert [(problem.line, problem.field) for problem in summary.problems] == [(1, "turns"), (2, ""), (3, "")]
    assert [item.turns for item in items(study)] == [("whole 🙂", "b\0c")]
    assert len(exported(study, tmp_path / "out")["mt_bench_EN/question.jsonl"]) == 1


def test_a_file_name_that_is_no_utf8_is_taken_in(study: Study, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    line = '{"question_id": 1, "category": "math", "turns": ["a", "b"]}\n'
    Path(os.fsdecode(os.fsencode(folder) + b"/question_\xe4.jsonl")).write_text(line)
    import_path(study, folder)
    assert len(items(study)) == 1
    assert list(exported(study, tmp_path / "out").values()) == [[line.strip()]]


def test_one_file_may_hold_several_languages(study: Study, tmp_path: Path) -> None:
    lines = [
        json.dumps({"question_id": f"{number}_{code}", "category": "math", "turns": [code, "b"]})
        for number in (1, 2)
        for code in ("EN", "DE")
    ]
    write(tmp_path / "in" / "question.jsonl", *lines)
    assert import_path(study, tmp_path / "in").problems == []
    assert [(item.question_id, item.language, item.turns[0]) for item in items(study)] == [
        ("1", "de", "DE"),
        ("2", "de", "DE"),
        ("1", "en", "EN"),
        ("2", "en", "EN"),
    ]
    assert exported(study, tmp_path / "out") == {"question.jsonl": lines}


def test_a_contradicting_file_comes_back_as_it_was_all_the_same(study: Study, tmp_path: Path) -> None:
    head = {"question_id": 1, "category": "math"}
    write(tmp_path / "in" / "one" / "question.jsonl", head | {"turns": ["first", "b"]})
    write(tmp_path / "in" / "two" / "question.jsonl", head | {"turns": ["second", "b"]})
    import_path(study, tmp_path / "in")
    out = exported(study, tmp_path / "out")
    assert {path: json.loads(lines[0])["turns"][0] for path, lines in out.items()} == {
        "one/question.jsonl": "first",
        "two/question.jsonl": "second",
    }


def test_judgment_files_of_one_name_stay_two_files(study: Study, tmp_path: Path) -> None:
    def row(model: str) -> dict[str, Any]:
        return {"question_id": 1, "model": model, "judge": "gpt-4", "judgment": "x", "score": 5, "turn": 1}

    for folder, model in (("a", "one"), ("b", "two")):
        import_path(study, write(tmp_path / folder / "gpt-4_single.jsonl", row(model)).parent)
    out = exported(study, tmp_path / "out")
    assert sorted(json.loads(line)["model"] for lines in out.values() for line in lines) == ["one", "two"]
    assert len(out) == 2
    import_path(study, write(tmp_path / "a" / "gpt-4_single.jsonl", row("one"), row("three")).parent)
    assert len(exported(study, tmp_path / "out")) == 2
    assert len(judgments(study)) == 3


@pytest.mark.parametrize(
    ("score", "text", "expected"),
    [
        (7.5, "x", (7.5, None)),
        (0, "x", (None, "out_of_range")),
        (11, "x", (None, "out_of_range")),
        (-1, "x", (None, "no_verdict")),
        (-1, "$ERROR$", (None, "api_error")),
        (8, "$ERROR$", (None, "api_error")),
        (None, "x", (None, "no_verdict")),
        ("NaN", "x", (None, "out_of_range")),
    ],
)
def test_scores_are_taken_as_they_are_or_not_at_all(
    study: Study, tmp_path: Path, score: object, text: str, expected: tuple[object, object]
) -> None:
    value = score if isinstance(score, str) else json.dumps(score)
    line = (
        '{"question_id": "81_DE", "model": "m", "judge": "gpt-4", "user_prompt": "p",'
        f' "judgment": "{text}", "score": {value}, "turn": 1, "tstamp": 1.5}}'
    )
    write(tmp_path / "in" / "gpt-4_single.jsonl", line)
    import_path(study, tmp_path / "in")
    (found,) = judgments(study)
    assert (found.score, found.reason) == expected
    assert found.judge == "gpt-4"
    assert exported(study, tmp_path / "out") == {"gpt-4_single.jsonl": [line]}


def test_duplicate_judgments_are_warned_about_and_both_exported(
    study: Study, data: Path, tmp_path: Path
) -> None:
    folder = data / RELEASE / "mt_bench_DE"
    summary = import_path(study, folder)
    assert len([warning for warning in summary.warnings if "judges the same answer" in str(warning)]) == 12
    out = exported(study, tmp_path / "out")
    assert out["mt_bench_DE/model_judgment/gpt-4_single.jsonl"] == records(
        folder / "model_judgment" / "gpt-4_single.jsonl"
    )


def test_answers_with_several_choices_keep_them_all(study: Study, tmp_path: Path) -> None:
    choices = [{"index": number, "turns": [f"a{number}", "b"]} for number in range(3)]
    path = write(
        tmp_path / "in" / "model_answer" / "m.jsonl",
        {"question_id": 1, "answer_id": "x", "model_id": None, "choices": choices, "tstamp": 1},
    )
    import_path(study, path.parents[1])
    assert [(answer.model, answer.turns) for answer in answers(study)] == [("m", ("a0", "b"))]
    assert exported(study, tmp_path / "out")["model_answer/m.jsonl"] == records(path)


def test_an_edit_taken_back_leaves_the_record_as_it_was(study: Study, data: Path, tmp_path: Path) -> None:
    import_path(study, data / RELEASE / "mt_bench_ES")
    before = exported(study, tmp_path / "out")
    fact = add_edit(study, fields(study, ["es"])[0].field_id, "¡Hola!", "me")
    assert exported(study, tmp_path / "out") != before
    assert fact is not None
    withdraw(study, fact, "me")
    assert exported(study, tmp_path / "out") == before


def test_a_changed_file_does_not_undo_an_edit_made_here(study: Study, tmp_path: Path) -> None:
    head = {"question_id": "1_DE", "category": "math"}
    path = tmp_path / "in" / "question.jsonl"
    import_path(study, write(path, head | {"turns": ["eins", "zwei"]}).parent)
    add_edit(study, fields(study)[0].field_id, "Eins!", "me")
    summary = import_path(study, write(path, head | {"turns": ["eins", "ZWEI"]}).parent)
    assert summary.problems == []
    assert items(study)[0].turns == ("Eins!", "ZWEI")


def test_fastchats_language_folders_are_understood(study: Study, tmp_path: Path) -> None:
    root = tmp_path / "in"
    write(root / "question_de.jsonl", {"question_id": 1, "category": "math", "turns": ["a", "b"]})
    reference = {"question_id": 1, "answer_id": "x", "model_id": "gpt-4", "choices": [{"turns": ["r", "s"]}]}
    path = write(root / "reference_answer" / "de" / "gpt-4.jsonl", reference)
    import_path(study, root)
    (item,) = items(study)
    assert (item.language, item.judge_references) == ("de", {"gpt-4": ("r", "s")})
    single = Study.create(tmp_path / "single")
    import_path(single, path)
    assert exported(single, tmp_path / "out") == {"reference_answer/de/gpt-4.jsonl": records(path)}
    assert answers(single) == []
    single.close()


def test_a_language_asked_for_overrules_paths_and_ids(study: Study, tmp_path: Path) -> None:
    write(
        tmp_path / "mt_bench_DE" / "question.jsonl",
        {"question_id": "1_DE", "category": "math", "turns": ["a", "b"]},
    )
    import_path(study, tmp_path, language="it")
    assert [item.language for item in items(study)] == ["it"]


def test_a_later_answer_replaces_its_line_and_a_repeated_judgment_is_kept(
    study: Study, tmp_path: Path
) -> None:
    def answer(text: str) -> dict[str, Any]:
        return {"question_id": 1, "model_id": "m", "choices": [{"index": 0, "turns": [text, "b"]}]}

    row = {"question_id": 1, "model": "m", "judge": "g", "judgment": "x", "score": 5, "turn": 1}
    root = tmp_path / "in"
    for text, rows in (("old", [row]), ("new", [row, row]), ("new", [row, row])):
        write(root / "model_answer" / "m.jsonl", answer(text), answer("x") | {"question_id": 2})
        write(root / "model_judgment" / "g_single.jsonl", *rows)
        summary = import_path(study, root)
        assert summary.problems == []
    assert not summary.changed
    out = exported(study, tmp_path / "out")
    assert out["model_answer/m.jsonl"] == records(root / "model_answer" / "m.jsonl")
    assert out["model_judgment/g_single.jsonl"] == records(root / "model_judgment" / "g_single.jsonl")


def test_an_export_follows_the_order_of_the_file_as_it_is_now(study: Study, tmp_path: Path) -> None:
    def question(number: int, text: str = "a") -> dict[str, Any]:
        return {"question_id": number, "category": "math", "turns": [text, "b"]}

    root = tmp_path / "in"
    orders = ([(1, "a"), (2, "a")], [(3, "a"), (2, "z"), (1, "a")], [(1, "a"), (2, "z"), (3, "a")])
    for rows in (*orders, orders[0], orders[1]):
        path = write(root / "mt_bench_EN" / "question.jsonl", *(question(*row) for row in rows))
        import_path(study, root)
        assert [item.turns[0] for item in items(study, question_ids=["2"])] == [dict(rows)[2]]
        out = exported(study, tmp_path / "out")["mt_bench_EN/question.jsonl"]
        assert [line for line in out if line in records(path)] == records(path)
    before = list(study.connection.iterdump())
    assert not import_path(study, root).changed
    assert list(study.connection.iterdump()) == before
