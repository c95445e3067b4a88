"""Judge prompts in five languages (our own and, when present, the published ones) and texts for them.

A test that takes `any_prompt`, `single_prompt` or `pair_prompt` runs once for each.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "data"
LANGUAGES = ("en", "de", "fr", "it", "es")


@dataclass(frozen=True)
class Prompt:
    """One judge prompt of a set, and where it comes from."""

    name: str
    language: str
    system: str
    template: str
    where: str

    @property
    def pair(self) -> bool:
        return self.name.startswith("pair")

    @property
    def turns(self) -> int:
        return 2 if self.name.endswith("multi-turn") else 1

    @property
    def with_reference(self) -> bool:
        return "math" in self.name

    def fill(
        self,
        questions: tuple[str, str],
        first: tuple[str, str],
        second: tuple[str, str] = ("", ""),
        references: tuple[str, str] = ("", ""),
    ) -> str:
        values = {"question": questions[0], "answer": first[0], "answer_a": first[0], "answer_b": second[0]}
        for number in (1, 2):
            values |= {
                f"question_{number}": questions[number - 1],
                f"answer_{number}": first[number - 1],
                f"answer_a_{number}": first[number - 1],
                f"answer_b_{number}": second[number - 1],
                f"ref_answer_{number}": references[number - 1],
            }
        return self.template.format(**values)


@dataclass(frozen=True)
class Texts:
    """Two questions, a good answer and a poor one, in one language."""

    questions: tuple[str, str]
    good: str
    poor: str


@pytest.fixture(scope="session")
def texts() -> dict[str, Texts]:
    data = json.loads(Path(__file__).with_name("judge_material.json").read_text(encoding="utf-8"))
    return {
        language: Texts(tuple(each["questions"]), each["good"], each["poor"])
        for language, each in data.items()
    }


@pytest.fixture(scope="session")
def prompts() -> list[Prompt]:
    return _all_prompts()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the real data (../shared/data) is not here")
    return SHARED


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    wanted = {
        "any_prompt": lambda prompt: True,
        "single_prompt": lambda prompt: not prompt.pair,
        "pair_prompt": lambda prompt: prompt.pair,
    }
    for name, fits in wanted.items():
        if name in metafunc.fixturenames:
            chosen = [prompt for prompt in _all_prompts() if fits(prompt)]
            metafunc.parametrize(name, chosen, ids=[prompt.where for prompt in chosen])


def _all_prompts() -> list[Prompt]:
    found: list[Prompt] = []
    for path in sorted((ROOT / "resources" / "judge_prompts").glob("*/*.jsonl")):
        found += _prompts_of(path, path.stem)
    for language in LANGUAGES:
        folder = SHARED / "mt-bench-x" / "data" / f"mt_bench_{language.upper()}"
        for path in sorted(folder.glob("judge_prompts*.jsonl")):
            found += _prompts_of(path, language)
    return found


def _prompts_of(path: Path, language: str) -> Iterator[Prompt]:
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            each = json.loads(line)
        except ValueError:
            continue  # the published German v2 file has a broken first line
        where = f"{path.parent.name}/{path.stem}/{each['name']}"
        yield Prompt(each["name"], language, each["system_prompt"], each["prompt_template"], where)
