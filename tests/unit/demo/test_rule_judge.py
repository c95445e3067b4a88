"""The demo judge judges by rules a reader can check, in five languages, and says what it is."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mtbx_gui.demo.judge_features import assess, is_looping, judge_languages, language_of
from mtbx_gui.demo.rule_judge import judge
from mtbx_gui.judging.verdicts import parse_verdict

LANGUAGES = ("en", "de", "fr", "it", "es")


def score(prompt: Any, texts: dict[str, Any], answer: str) -> int:
    own = texts[prompt.language]
    answers = (answer, "") if prompt.turns == 1 else (own.good, answer)
    found = judge(prompt.system, prompt.fill(own.questions, answers, references=(own.good, own.good)))
    assert found.verdict == re.findall(r"\[\[(\d+)\]\]", found.text.split("\n")[-1])[0]
    assert found.text.count("[[") == 1
    return int(found.verdict)


def verdict(prompt: Any, texts: dict[str, Any], first: str, second: str) -> str:
    own = texts[prompt.language]
    answers = [(each, "") if prompt.turns == 1 else (own.good, each) for each in (first, second)]
    found = judge(prompt.system, prompt.fill(own.questions, *answers, references=(own.good, own.good)))
    assert found.text.split("\n")[-1] == f"[[{found.verdict}]]"
    assert found.text.count("[[") == 1
    return found.verdict


def test_a_better_answer_gets_a_higher_score(single_prompt: Any, texts: dict[str, Any]) -> None:
    own = texts[single_prompt.language]
    good, poor, none = (score(single_prompt, texts, answer) for answer in (own.good, own.poor, ""))
    assert good > poor > none == 1


def test_a_wrong_language_and_a_loop_cost_a_lot(single_prompt: Any, texts: dict[str, Any]) -> None:
    good = texts[single_prompt.language].good
    other = texts["de" if single_prompt.language != "de" else "en"].good
    loop = " ".join(good.split()[:12]) + " " + " ".join(good.split()[:6] * 30)
    best = score(single_prompt, texts, good)
    assert best - score(single_prompt, texts, other) >= 2
    assert best - score(single_prompt, texts, loop) >= 2


def test_the_better_answer_wins_in_both_orders(pair_prompt: Any, texts: dict[str, Any]) -> None:
    own = texts[pair_prompt.language]
    other = texts["fr" if pair_prompt.language != "fr" else "it"].good
    for worse in (own.poor, other, "", "---\n" * 50):
        assert verdict(pair_prompt, texts, own.good, worse) == "A"
        assert verdict(pair_prompt, texts, worse, own.good) == "B"


def test_equal_answers_tie_and_two_bad_ones_are_both_bad_where_that_is_offered(
    pair_prompt: Any, texts: dict[str, Any]
) -> None:
    good = texts[pair_prompt.language].good
    assert verdict(pair_prompt, texts, good, good) == "C"
    assert verdict(pair_prompt, texts, "", "") == ("D" if "[[D]]" in pair_prompt.system else "C")


def test_the_explanation_is_short_and_in_the_prompts_language(any_prompt: Any, texts: dict[str, Any]) -> None:
    language = any_prompt.language
    own = texts[language]
    filled = any_prompt.fill(own.questions, (own.good,) * 2, (own.poor,) * 2, (own.good,) * 2)
    found = judge(any_prompt.system, filled)
    explanation = found.text.rpartition("\n\n")[0]
    assert found.language == language
    assert explanation.startswith(judge_languages()[language].sentences["intro"])
    assert 2 <= len(re.findall(r"\.(?:\s|$)", explanation)) <= 4
    assert not re.search(r"[{}]", explanation)


def test_the_verdict_parser_reads_the_same_verdict(any_prompt: Any, texts: dict[str, Any]) -> None:
    own = texts[any_prompt.language]
    mode = "single" if not any_prompt.pair else "pair4" if "[[D]]" in any_prompt.system else "pair3"
    for answer in (own.good, own.poor, ""):
        filled = any_prompt.fill(own.questions, (answer,) * 2, (own.poor,) * 2, (own.good,) * 2)
        found = judge(any_prompt.system, filled)
        parsed = parse_verdict(mode, found.text, "stop")
        assert parsed.reason is None
        assert (f"{parsed.score:g}" if parsed.score is not None else parsed.verdict) == found.verdict


def test_the_score_stands_behind_the_word_the_prompt_shows() -> None:
    system = 'Bewerten Sie die Antwort und schreiben Sie am Ende zum Beispiel: "Punktzahl: [[5]]".'
    user = "[Frage]\nWarum?\n\n[Beginn der Antwort]\nWeil es so ist.\n[Ende der Antwort]"
    assert judge(system, user).text.split("\n")[-1].startswith("Punktzahl: [[")


def test_near_ties_can_be_inconsistent_and_always_in_the_same_way(texts: dict[str, Any]) -> None:
    words = texts["en"].good.split()
    orders = []
    for number in range(40):
        first, second = " ".join(words[: 40 + number % 3]), " ".join(words[number % 5 : 42])
        games = [
            judge(
                "",
                f"[Question]\n{texts['en'].questions[0]} ({number})\n\n"
                f"[The Start of Assistant A's Answer]\n{a}\n[The End of Assistant A's Answer]\n\n"
                f"[The Start of Assistant B's Answer]\n{b}\n[The End of Assistant B's Answer]",
            ).verdict
            for a, b in ((first, second), (second, first), (first, second))
        ]
        assert games[0] == games[2]
        orders.append("".join(games[:2]))
    assert {"AA", "CC"} <= set(orders)
    assert "BB" not in orders


def test_a_seed_matters_only_with_a_spread(texts: dict[str, Any]) -> None:
    user = (
        f"[Question]\n{texts['it'].questions[0]}\n\n[Inizio della risposta dell'assistente]\n"
        f"{texts['it'].good}\n[Fine della risposta dell'assistente]"
    )
    assert len({judge("", user, seed=seed).text for seed in range(20)}) == 1
    assert len({judge("", user, seed=seed, spread=2.0).text for seed in range(20)}) > 1


@pytest.mark.parametrize(
    "text", ["", "Hello", "[Note]\nNo markers here", "### User:\nhi\n\n### Assistant A:\nho"]
)
def test_other_messages_get_no_verdict(text: str) -> None:
    found = judge("", text)
    assert found.verdict == ""
    assert "demo judge" in found.text
    assert "[[" not in found.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_are_told_apart(language: str, texts: dict[str, Any]) -> None:
    own = texts[language]
    for text in (own.good, *own.questions, f"{own.good}\n```python\nfor i in the: pass\n```"):
        assert language_of(text) == language
    assert language_of("x = 4") == language_of("") == ""


def test_loops_are_seen_and_lists_are_not(texts: dict[str, Any]) -> None:
    assert is_looping("one two three four five " * 20)
    assert not is_looping(texts["en"].good)
    assert not is_looping(", ".join(str(number) for number in range(200)))


def test_numbers_of_the_reference_weigh_most() -> None:
    reference = "The train arrives after 135 minutes."
    right = assess("When does it arrive?", "It takes 135.", reference, "en")
    wrong = assess("When does it arrive?", "The train comes after some minutes.", reference, "en")
    assert right.coverage is not None
    assert wrong.coverage is not None
    assert right.coverage > wrong.coverage
    assert right.quality > wrong.quality


def test_every_language_has_every_sentence_with_the_same_gaps() -> None:
    languages = judge_languages()
    assert tuple(languages) == LANGUAGES
    for language in languages.values():
        assert set(language.language_names) == {*LANGUAGES, "unknown"}
        assert len(language.function_words) > 60
        assert set(language.sentences) == set(languages["en"].sentences)
        for name, sentence in language.sentences.items():
            gaps = sorted(re.findall(r"\{\w+\}", sentence))
            assert gaps == sorted(re.findall(r"\{\w+\}", languages["en"].sentences[name]))


def test_the_language_of_the_releases_questions_is_known(shared_data: Path) -> None:
    wrong = 0
    for language in LANGUAGES:
        path = shared_data / "mt-bench-x" / "data" / f"mt_bench_{language.upper()}" / "question.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines():
            wrong += sum(language_of(turn) != language for turn in json.loads(line)["turns"])
    assert wrong < 0.04 * 5 * 160


def test_real_answers_are_judged_within_the_format(shared_data: Path, prompts: list[Any]) -> None:
    for language in LANGUAGES:
        folder = shared_data / "mt-bench-x" / "data" / f"mt_bench_{language.upper()}"
        questions = [tuple(json.loads(line)["turns"]) for line in _lines(folder / "question.jsonl")]
        names = ("europa_90pct_sft", "europa_sft_data_mix_v0.2")
        first, second = (
            [
                tuple(json.loads(line)["choices"][0]["turns"])
                for line in _lines(shared_data / "lumiopen" / "answers" / f"{name}_{language}.jsonl")
            ]
            for name in names
        )
        chosen = [each for each in prompts if each.language == language and not each.with_reference]
        verdicts = {
            (prompt.pair, judge(prompt.system, prompt.fill(*place)).verdict)
            for place in zip(questions, first, second, strict=True)
            for prompt in chosen
        }
        assert {value for pair, value in verdicts if pair} <= {"A", "B", "C", "D"}
        assert {"A", "B", "C"} <= {value for pair, value in verdicts if pair}
        scores = {int(value) for pair, value in verdicts if not pair}
        assert min(scores) >= 1
        assert max(scores) <= 10
        assert len(scores) >= 6


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
