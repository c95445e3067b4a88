"""The demo judge: reads a judge prompt, applies simple rules, explains itself and gives the verdict wanted.

Pure and deterministic. It is no stand-in for a real judge, and says in every explanation that it is the demo
judge. On near-ties it leans towards the first answer, as real judges do: the demo wants inconsistent pairs.
"""

import hashlib
from dataclasses import dataclass

from mtbx_gui.demo.judge_features import (
    LOWEST,
    Assessment,
    JudgeLanguage,
    assess,
    judge_languages,
    language_of,
)
from mtbx_gui.demo.judge_prompt import JudgePrompt, read_judge_prompt

_MARGIN = 0.3  # of quality: what makes an answer better
_LARGEST_BIAS = 0.5  # towards the first answer; a pair's own share of it is fixed by its texts
_BAD = 4.5  # of quality: at or below it both answers are bad


@dataclass(frozen=True)
class DemoJudgment:
    """The demo judge's reply. `verdict`: a score "1" to "10", a letter A to D, or "" (no judge prompt)."""

    text: str
    verdict: str
    language: str


def judge(system: str, user: str, *, spread: float = 0.0, seed: int = 0) -> DemoJudgment:
    """Judges a filled judge prompt of any of FastChat's layouts in the prompt's language.

    `spread` (of quality, e.g. from a temperature) lets `seed` move each answer's quality up or down by that
    much; with 0 the seed has no effect.
    """
    prompt = read_judge_prompt(system, user)
    if prompt is None:
        language = _language(f"{system}\n{user}")
        return DemoJudgment(language.sentences["no_prompt"], "", language.code)
    language = _language(prompt.wording)
    first = _assess(prompt, prompt.answers_a, language)
    if not prompt.pair:
        return _single(prompt, first, language, spread, seed)
    return _pair(prompt, first, _assess(prompt, prompt.answers_b, language), language, spread, seed)


def _assess(prompt: JudgePrompt, answers: tuple[str, ...], language: JudgeLanguage) -> Assessment:
    """The judged turn only; a conversation that lacks it is an empty answer."""
    question = prompt.questions[-1]
    answer = answers[-1] if len(answers) >= len(prompt.questions) else ""
    reference = prompt.references[-1] if prompt.references else None
    asked_in = language_of(question) or language_of("\n".join(prompt.questions)) or language.code
    return assess(question, answer, reference, asked_in)


def _single(
    prompt: JudgePrompt, seen: Assessment, language: JudgeLanguage, spread: float, seed: int
) -> DemoJudgment:
    quality = seen.quality
    if not seen.empty:
        quality += spread * _lean(str(seed), prompt.questions[-1], prompt.answers_a[-1])
        quality = max(quality, LOWEST + 1)
    score = str(min(10, max(1, int(quality + 0.5))))
    say = language.sentences
    parts = [say["intro"], say["single_facts"].format(words=seen.words, language=_name(seen, language))]
    fault = _fault(seen)
    if fault:
        parts.append(say[f"single_{fault}"])
    if seen.coverage is not None and not seen.empty:
        parts.append(say["single_coverage"].format(coverage=round(100 * seen.coverage)))
    word = prompt.score_word or say["score_word"]
    return DemoJudgment(f"{' '.join(parts)}\n\n{word}: [[{score}]]", score, language.code)


def _pair(
    prompt: JudgePrompt,
    first: Assessment,
    second: Assessment,
    language: JudgeLanguage,
    spread: float,
    seed: int,
) -> DemoJudgment:
    question, answer_a, answer_b = prompt.questions[-1], prompt.answers_a[-1], prompt.answers_b[-1]
    difference = first.quality - second.quality
    difference += spread * (_lean(str(seed), question, answer_a) - _lean(str(seed), question, answer_b))
    difference += _LARGEST_BIAS * _share(question, *sorted((answer_a, answer_b))) * (answer_a != answer_b)
    if difference > _MARGIN and not first.empty:
        verdict = "A"
    elif difference < -_MARGIN and not second.empty:
        verdict = "B"
    elif prompt.offers_d and max(first.quality, second.quality) <= _BAD:
        verdict = "D"
    else:
        verdict = "C"
    text = " ".join(_pair_sentences(first, second, verdict, language))
    return DemoJudgment(f"{text}\n\n[[{verdict}]]", verdict, language.code)


def _pair_sentences(
    first: Assessment, second: Assessment, verdict: str, language: JudgeLanguage
) -> list[str]:
    say = language.sentences
    sentences = [
        say["intro"],
        say["pair_facts"].format(
            words_a=first.words,
            words_b=second.words,
            language_a=_name(first, language),
            language_b=_name(second, language),
        ),
    ]
    worse = min((("A", first), ("B", second)), key=lambda each: each[1].quality)
    fault = _fault(worse[1])
    if fault:
        sentences.append(say[f"pair_{fault}"].format(who=worse[0]))
    elif first.coverage is not None and second.coverage is not None:
        sentences.append(
            say["pair_coverage"].format(
                coverage_a=round(100 * first.coverage), coverage_b=round(100 * second.coverage)
            )
        )
    conclusion = {"C": "tie", "D": "both_bad"}.get(verdict, "wins")
    return [*sentences, say[conclusion].format(who=verdict)]


def _fault(seen: Assessment) -> str:
    """The one fault worth a sentence."""
    if seen.empty:
        return "empty"
    if seen.wrong_language:
        return "wrong_language"
    return "looping" if seen.looping else ""


def _name(seen: Assessment, language: JudgeLanguage) -> str:
    return language.language_names[seen.language or "unknown"]


def _language(wording: str) -> JudgeLanguage:
    return judge_languages()[language_of(wording) or "en"]


def _share(*texts: str) -> float:
    """A number from 0 to below 1 that depends on the texts alone."""
    digest = hashlib.sha256("\x00".join(texts).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def _lean(*texts: str) -> float:
    """A number from -1 to below 1 that depends on the texts alone."""
    return 2 * _share(*texts) - 1
