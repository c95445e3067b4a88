"""Training sets: checked line by line, kept as a copy, never silently replaced."""

import json
from pathlib import Path

import pytest

from mtbx_gui.study.datasets import add_dataset, dataset_names, load_dataset
from mtbx_gui.study.errors import StudyError
from mtbx_gui.study.study import Study


def chat(*contents: str, **more: object) -> str:
    roles = ("user", "assistant")
    messages = [{"role": roles[i % 2], "content": text} for i, text in enumerate(contents)]
    return json.dumps({"messages": messages, **more})


def test_usable_lines_are_kept_and_the_others_named(study: Study, tmp_path: Path) -> None:
    lines = [chat("q", "a", id="1", language="DE"), chat("q"), chat("q", " "), '{"messages": []}', "{"]
    (tmp_path / "lima.jsonl").write_text("\n".join(lines))
    dataset = add_dataset(study, tmp_path / "lima.jsonl")
    assert [(c.conversation_id, c.language) for c in dataset.conversations] == [("1", "de")]
    assert [(p.line, p.field) for p in dataset.problems] == [
        (5, ""),
        (2, "messages"),
        (3, "messages[1].content"),
        (4, "messages"),
    ]
    assert dataset_names(study) == ["lima"]
    assert load_dataset(study, "lima").conversations == dataset.conversations


def test_another_set_of_the_same_name_is_refused(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "lima.jsonl"
    path.write_text(chat("q", "a"))
    add_dataset(study, path)
    add_dataset(study, path)
    path.write_text(chat("q", "b"))
    with pytest.raises(StudyError, match="another training set named lima"):
        add_dataset(study, path)


def test_a_missing_set_names_those_there_are(study: Study) -> None:
    with pytest.raises(StudyError, match="none yet"):
        load_dataset(study, "bactrian")
