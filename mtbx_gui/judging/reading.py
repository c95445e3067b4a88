"""Judgments as a person reads them: one line per judged turn, with both orders and all repetitions behind it.

Judgments of different judges never meet in one line, nor those by different prompts.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

from mtbx_gui.judging.fastchat import difference
from mtbx_gui.judging.normalise import plain_lines
from mtbx_gui.judging.tags import VerdictMode
from mtbx_gui.judging.verdicts import parse_verdict
from mtbx_gui.study.games import resolve
from mtbx_gui.study.items import category_of
from mtbx_gui.study.judgments import judgments
from mtbx_gui.study.records import Judgment, Mode
from mtbx_gui.study.study import Study

TurnKey = tuple[str, str, str, str, str, int, str, str]

_OUTCOME_WORDS = {"tie": "tie", "both_bad": "both bad", "inconsistent": "inconsistent"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one repetition came to. `meaning` names the colour: a verdict, "score" or "error"."""

    text: str
    meaning: str
    score: float | None = None


@dataclass(frozen=True)
class JudgedTurn:
    """One turn of one answer, or of one pair, as one judge saw it by one prompt."""

    mode: Mode
    judge: str
    prompt_name: str
    question_id: str
    language: str
    category: str
    turn: int
    model_1: str
    model_2: str | None
    judgments: tuple[Judgment, ...]

    @property
    def key(self) -> TurnKey:
        """What tells it from every other line."""
        return (
            self.mode,
            self.judge,
            self.prompt_name,
            self.question_id,
            self.language,
            self.turn,
            self.model_1,
            self.model_2 or "",
        )

    @property
    def models(self) -> tuple[str, ...]:
        """The model, or both models of the pair."""
        return (self.model_1,) if self.model_2 is None else (self.model_1, self.model_2)

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """One outcome per repetition, in their order."""
        by_repetition: dict[int, dict[int, Judgment]] = defaultdict(dict)
        for judgment in self.judgments:
            by_repetition[judgment.repetition][judgment.game] = judgment
        return tuple(self._outcome(games) for _, games in sorted(by_repetition.items()))

    @property
    def summary(self) -> str:
        """The outcome in a few words, each repetition's if they differ."""
        texts = [outcome.text for outcome in self.outcomes]
        scores = [outcome.score for outcome in self.outcomes if outcome.score is not None]
        if len(set(texts)) == 1:
            return texts[0]
        if len(scores) == len(texts):
            return f"{fmean(scores):.2f} ({' · '.join(texts)})"
        return " · ".join(texts)

    @property
    def score(self) -> float | None:
        """The mean score over the repetitions that have one, for sorting."""
        scores = [outcome.score for outcome in self.outcomes if outcome.score is not None]
        return fmean(scores) if scores else None

    @property
    def meaning(self) -> str:
        """The colour of the line: the common outcome's, "error" if one is missing, else "inconsistent"."""
        meanings = {outcome.meaning for outcome in self.outcomes}
        if "error" in meanings:
            return "error"
        return meanings.pop() if len(meanings) == 1 else "inconsistent"

    @property
    def no_verdict(self) -> bool:
        """Whether any repetition has no verdict."""
        return any(outcome.meaning == "error" for outcome in self.outcomes)

    @property
    def order_flips(self) -> bool:
        """Whether the verdict of any repetition turned with the order."""
        return any(outcome.meaning == "inconsistent" for outcome in self.outcomes)

    @property
    def repetition_flips(self) -> bool:
        """Whether repetitions came to different outcomes."""
        return len({outcome.text for outcome in self.outcomes}) > 1

    def _outcome(self, games: dict[int, Judgment]) -> Outcome:
        if self.mode == "single":
            (judgment,) = games.values()
            if judgment.score is None:
                return Outcome(f"no verdict: {judgment.reason}", "error")
            return Outcome(f"{judgment.score:g}", "score", judgment.score)
        if len(games) < 2:
            return Outcome(f"order {3 - next(iter(games))} is missing", "error")
        found = resolve(games[1].verdict, games[2].verdict, (games[1].reason, games[2].reason))
        if found.verdict is None:
            return Outcome(f"no verdict: {found.reason}", "error")
        names = {"model_1": self.model_1, "model_2": self.model_2 or ""}
        return Outcome(names.get(found.verdict) or _OUTCOME_WORDS[found.verdict], found.verdict)


def judged_turns(study: Study) -> list[JudgedTurn]:
    """Every judged turn of the study, without the long texts, in the benchmark's order."""
    groups: dict[TurnKey, list[Judgment]] = defaultdict(list)
    for one in judgments(study, texts=False):
        key: TurnKey = (
            one.mode,
            one.judge,
            one.prompt_name,
            one.question_id,
            one.language,
            one.turn,
            one.model_1,
            one.model_2 or "",
        )
        groups[key].append(one)
    category = category_of(study)
    turns = [_turn(found, category.get(found[0].question_id, "")) for found in groups.values()]
    for turn in turns:
        _ = turn.outcomes  # worked out here, in the background, and kept
    return turns


def _turn(found: Sequence[Judgment], category: str) -> JudgedTurn:
    first = found[0]
    return JudgedTurn(
        mode=first.mode,
        judge=first.judge,
        prompt_name=first.prompt_name,
        question_id=first.question_id,
        language=first.language,
        category=category,
        turn=first.turn,
        model_1=first.model_1,
        model_2=first.model_2,
        judgments=tuple(sorted(found, key=lambda one: (one.repetition, one.game))),
    )


@dataclass(frozen=True)
class Reading:
    """One judgment with its texts. `tag` is the verdict as it stands in the text, or ""."""

    judgment: Judgment
    title: str
    note: str
    outcome: str
    meaning: str
    facts: tuple[str, ...]
    tag: str


def readings(study: Study, turn: JudgedTurn) -> list[Reading]:
    """The judgments of a turn with prompt and text, by repetition and order."""
    keys = {judgment.key for judgment in turn.judgments}
    found = [
        judgment
        for judgment in judgments(
            study,
            turn.mode,
            turn.judge,
            [turn.language],
            turn.models,
            question_ids=[turn.question_id],
        )
        if judgment.key in keys
    ]
    found.sort(key=lambda one: (one.repetition, one.game))
    several = len({one.repetition for one in found}) > 1
    return [_reading(turn, one, several) for one in found]


def _reading(turn: JudgedTurn, one: Judgment, several: bool) -> Reading:
    parts = [f"Repetition {one.repetition}"] if several else []
    note = ""
    if one.mode == "pair":
        parts.append(f"order {one.game}" if parts else f"Order {one.game}")
        note = f"A is {turn.model_1 if one.game == 1 else turn.model_2}"
    outcome, meaning = _said(turn, one)
    return Reading(one, " · ".join(parts), note, outcome, meaning, _facts(one), verdict_tag(one))


def _said(turn: JudgedTurn, one: Judgment) -> tuple[str, str]:
    if one.reason is not None:
        return f"no verdict: {one.reason}", "error"
    if one.score is not None:
        return f"{one.score:g}", "score"
    if one.verdict in ("C", "D"):
        return ("C: tie", "tie") if one.verdict == "C" else ("D: both bad", "both_bad")
    first = (one.verdict == "A") == (one.game == 1)
    return f"{one.verdict}: {turn.model_1 if first else turn.model_2}", "model_1" if first else "model_2"


def _facts(one: Judgment) -> tuple[str, ...]:
    """Small facts of provenance that are known."""
    detail = one.detail
    usage = detail.get("usage") or {}
    facts = [difference(_mode(one), one.text, parse_verdict(_mode(one), one.text))]
    if "prompt_tokens" in usage:
        facts.append(f"{usage['prompt_tokens']} + {usage.get('completion_tokens', 0)} tokens")
    if detail.get("cost"):
        facts.append(f"{float(detail['cost']):.4f} $")
    if detail.get("latency_s"):
        facts.append(f"{float(detail['latency_s']):.1f} s")
    if int(detail.get("attempts") or 1) > 1:
        facts.append(f"{detail['attempts']} attempts")
    facts += [str(detail.get("returned_model") or ""), str(detail.get("fingerprint") or "")]
    return tuple(fact for fact in facts if fact)


def verdict_tag(one: Judgment) -> str:
    """The bracketed verdict as a reader sees it in the judge's text ("[[7]]"); "" when none was read."""
    parsed = parse_verdict(_mode(one), one.text)
    if parsed.line is None or parsed.value not in (one.score, one.verdict):
        return ""
    line = plain_lines(one.text)[parsed.line]
    start, end = line.rfind("["), line.rfind("]")
    start = line.rfind("[[") if "[[" in line else start
    return line[start : end + 1] if 0 <= start < end else ""


def _mode(one: Judgment) -> VerdictMode:
    return "single" if one.mode == "single" else "pair4"
