import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mtbx_gui.rundir.jsonl import append_line

QUESTIONS = {
    "en": (
        "What is the capital of {}?",
        "The capital of {} is {}.",
        "And how do you know?",
        "I read it in {}.",
    ),
    "de": ("Was ist die Hauptstadt von {}?", "Die Hauptstadt von {} ist {}.", "Woher?", "Aus {}."),
}
CAPITALS = {"France": "Paris", "Italy": "Rome", "Spain": "Madrid", "Austria": "Vienna", "Norway": "Oslo"}


def conversations() -> list[dict[str, Any]]:
    """Twenty conversations in two languages, every fifth for validation, some with two turns."""
    rows = []
    for language, (ask, answer, more, source) in QUESTIONS.items():
        for number, (country, city) in enumerate(list(CAPITALS.items()) * 2):
            messages = [
                {"role": "user", "content": ask.format(country)},
                {"role": "assistant", "content": answer.format(country, city)},
            ]
            if number % 3 == 0:
                messages += [
                    {"role": "user", "content": more},
                    {"role": "assistant", "content": source.format(city)},
                ]
            split = "validation" if number % 5 == 4 else "train"
            rows.append({"language": language, "messages": messages, "split": split})
    return rows


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model made from scratch by the real command."""
    folder = tmp_path_factory.mktemp("tiny")
    for row in conversations():
        append_line(folder / "texts.jsonl", row, sync=False)
    command = [sys.executable, "-m", "mtbx_gui.worker.tinymodel"]
    arguments = [str(folder / "model"), str(folder / "texts.jsonl"), "3"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr
    return folder / "model"


@pytest.fixture(scope="session")
def talks() -> list[dict[str, Any]]:
    return conversations()
