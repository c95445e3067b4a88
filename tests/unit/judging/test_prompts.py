import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtbx_gui.demo.judge_prompt import read_judge_prompt
from mtbx_gui.judging.prompts import (
    NAMES,
    PLACEHOLDERS,
    PromptError,
    check_prompt,
    fill,
    shipped_set,
    shipped_set_names,
    template_name,
    verdict_mode,
)
from mtbx_gui.judging.verdicts import parse_verdict
from mtbx_gui.study.records import JudgePrompt

LANGUAGES = ("en", "de", "fr", "it", "es")
SHIPPED = [
    shipped_set(name).get(language, template)
    for name in shipped_set_names()
    for language in LANGUAGES
    for template in NAMES
]
TEXTS = {name: f"<{name}>" for name in sorted(frozenset().union(*PLACEHOLDERS.values()))}


def prompt(name: str = "pair-v2", system: str = "", template: str = "") -> JudgePrompt:
    return JudgePrompt("own", name, "en", system, template)


def named(one: JudgePrompt) -> str:
    return f"{one.prompt_set}-{one.language}-{one.name}"


def test_two_sets_are_shipped() -> None:
    assert shipped_set_names() == ["mtbx-3", "mtbx-4"]
    assert shipped_set("mtbx-3").languages == sorted(LANGUAGES)
    with pytest.raises(PromptError, match="mtbx-3, mtbx-4"):
        shipped_set("mtbx-5")


@pytest.mark.parametrize("one", SHIPPED, ids=named)
def test_a_shipped_prompt_can_be_used_as_it_is(one: JudgePrompt) -> None:
    assert check_prompt(one) == []
    offered = {"mtbx-3": "pair3", "mtbx-4": "pair4"}[one.prompt_set]
    assert verdict_mode(one) == ("single" if one.name.startswith("single") else offered)
    assert set(one.detail) == {"type", "description", "category", "output_format"}
    assert one.detail["type"] == ("single" if one.name.startswith("single") else "pairwise")


@pytest.mark.parametrize("one", SHIPPED, ids=named)
def test_a_judge_that_repeats_a_shipped_prompt_has_given_no_verdict(one: JudgePrompt) -> None:
    text = fill(one, TEXTS)
    parsed = parse_verdict(verdict_mode(one), f"{text.system}\n{text.user}")
    assert parsed.reason == "echoed_instructions"


@pytest.mark.parametrize("one", SHIPPED, ids=named)
def test_the_demo_judge_finds_all_parts_of_a_shipped_prompt(one: JudgePrompt) -> None:
    filled = fill(one, TEXTS)
    read = read_judge_prompt(filled.system, filled.user)
    assert read is not None
    parts = {*read.questions, *read.references, *read.answers_a, *read.answers_b}
    assert parts == {TEXTS[name] for name in PLACEHOLDERS[one.name]}
    assert read.offers_d == (verdict_mode(one) == "pair4")


def test_single_prompts_are_the_same_with_three_and_four_verdicts() -> None:
    for language in LANGUAGES:
        for name in NAMES:
            three, four = (shipped_set(which).get(language, name) for which in ("mtbx-3", "mtbx-4"))
            same = (three.system_prompt, three.prompt_template) == (four.system_prompt, four.prompt_template)
            assert same == name.startswith("single")


@pytest.mark.parametrize(
    ("mode", "category", "turn", "name"),
    [
        ("single", "writing", 1, "single-v1"),
        ("single", "coding", 1, "single-math-v1"),
        ("single", "extraction", 2, "single-v1-multi-turn"),
        ("single", "reasoning", 2, "single-math-v1-multi-turn"),
        ("pair", "stem", 1, "pair-v2"),
        ("pair", "math", 1, "pair-math-v1"),
        ("pair", "humanities", 2, "pair-v2-multi-turn"),
        ("pair", "arena-hard-200", 2, "pair-math-v1-multi-turn"),
    ],
)
def test_the_template_follows_mode_category_and_turn(mode: str, category: str, turn: int, name: str) -> None:
    assert template_name(mode, category, turn) == name  # type: ignore[arg-type]


def test_what_is_guided_by_a_reference_can_be_chosen() -> None:
    assert template_name("single", "math", 1, guided=()) == "single-v1"
    assert template_name("single", "stem", 1, guided=("stem",)) == "single-math-v1"


def test_braces_in_answers_stay_as_they_are() -> None:
    one = prompt(template="Q {question} A {answer_a} B {answer_b} {other} {{x}}")
    filled = fill(one, {"question": "{answer_a}", "answer_a": "{question} {0} {", "answer_b": "\\1 \\g<0> }"})
    assert filled.user == "Q {answer_a} A {question} {0} { B \\1 \\g<0> } {other} {{x}}"


@given(st.dictionaries(st.just("question"), st.text(alphabet=string.printable + "é\ud800"), min_size=1))
def test_a_text_is_filled_in_unchanged(values: dict[str, str]) -> None:
    assert fill(prompt(template="a{question}b"), values).user == f"a{values['question']}b"


def test_the_hash_covers_both_messages() -> None:
    hashes = {
        fill(prompt(system=system, template=template), {}).sha256
        for system, template in (("a", "b"), ("ab", ""), ("", "ab"), ("a", "c"))
    }
    assert len(hashes) == 4


def test_a_missing_text_is_told() -> None:
    with pytest.raises(PromptError, match="ref_answer_1"):
        fill(prompt("single-math-v1", template="{ref_answer_1}"), {})


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (prompt(system="[[A]] [[B]] [[C]]", template="{question} {answer_a}"), "lacks {answer_b}"),
        (
            prompt(system="[[A]] [[B]] [[C]]", template="{question} {answer_a} {answer_b} {ref_answer_1}"),
            "has {ref_answer_1}, which this template is given nothing for",
        ),
        (
            prompt(system="[[A]] [[B]]", template="{question} {answer_a} {answer_b}"),
            "does not offer [[C]]",
        ),
        (prompt("single-v1", "Format [[Bewertung]]", "{question} {answer}"), "shows no example score"),
        (prompt("single-v1", "[[5]] {question}", "{question} {answer}"), "in its system prompt"),
        (prompt("single-v9", "[[5]]", "{question}"), "has a name that is none of"),
    ],
)
def test_a_damaged_prompt_is_told_before_the_start(one: JudgePrompt, told: str) -> None:
    assert [sentence for sentence in check_prompt(one) if told in sentence]


def test_the_word_inside_the_brackets_is_free() -> None:
    assert check_prompt(prompt("single-v1", '"[[nota]]", "nota: [[5]]"', "{question} {answer}")) == []
