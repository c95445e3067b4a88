"""From a choice to a run: every call that is missing, what is left out and why, and what it will cost.

It reads the study and starts nothing. Both orders of a pair are always planned.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

from mtbx_gui.judging.calls import PlannedCall, Subject, again, call_key, template_row, to_row, values_of
from mtbx_gui.judging.choice import ITEM_LANGUAGE, QUESTION_REFERENCES, JudgeChoice
from mtbx_gui.judging.prices import price_list, token_table
from mtbx_gui.judging.profiles import JudgeProfile, find_profile
from mtbx_gui.judging.prompts import (
    PromptError,
    PromptSet,
    check_prompt,
    fill,
    prompt_set,
    template_name,
    verdict_mode,
)
from mtbx_gui.judging.verdicts import PARSER_VERSION
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.rundir.plan import RunPlan
from mtbx_gui.study import answers as study_answers
from mtbx_gui.study import items as study_items
from mtbx_gui.study import judgments as study_judgments
from mtbx_gui.study import settings
from mtbx_gui.study.ids import content_key
from mtbx_gui.study.records import Answer, Item, JudgePrompt
from mtbx_gui.study.study import Study

MODULE = "mtbx_gui.judging.judge_run"

Why = Literal["no_answer", "bad_answer", "bad_judged", "no_reference", "too_long"]

BAD_TEXTS = frozenset({"", "$ERROR$", "ERROR"})
"""Answers that hold nothing: empty ones, and what FastChat writes when a model failed."""

_WHY_WORDS: dict[Why, str] = {
    "no_answer": "without an answer",
    "bad_answer": "with an empty or failed answer",
    "bad_judged": "with an empty or failed answer, judged all the same",
    "no_reference": "without the reference the prompt needs",
    "too_long": "too long for the judge's context",
}


class NothingToJudge(MtbxError):
    """A plan can't be started: something must be put right first, or all of it is done already."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One turn that is not judged (or, with "bad_judged", judged all the same) and why."""

    why: Why
    question_id: str
    language: str
    turn: int
    model: str


@dataclass(frozen=True)
class Estimate:
    """What a plan comes to. Costs are in `currency`; None when the price is unknown, and no cap works then.

    `problems` forbid the start, `warnings` don't. `done` counts calls whose judgments the study has already.
    """

    calls: int
    done: int
    prompt_tokens: int
    reply_tokens: int
    cost_low: float | None
    cost_high: float | None
    currency: str
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def left_out_sentences(self) -> list[str]:
        """How many turns are left out, one sentence per cause."""
        counts = Counter(entry.why for entry in self.left_out)
        return [
            f"{counts[why]} {'turn' if counts[why] == 1 else 'turns'} {words}."
            for why, words in _WHY_WORDS.items()
            if counts[why]
        ]


@dataclass(frozen=True)
class JudgePlan:
    """A run to start and what it will come to."""

    run: RunPlan
    estimate: Estimate
    profile: JudgeProfile
    choice: JudgeChoice

    def check_startable(self) -> None:
        """Raise NothingToJudge with a sentence when the run should not be started."""
        estimate = self.estimate
        if estimate.problems:
            raise NothingToJudge(" ".join(estimate.problems[:3]), "Change the plan or the prompts first.")
        if estimate.calls:
            return
        if estimate.done:
            raise NothingToJudge(
                f"All {estimate.done} judgments of this plan are in the study already.",
                "Raise the repetitions, or choose other models, languages or prompts.",
            )
        raise NothingToJudge(
            " ".join(["There is nothing to judge.", *estimate.left_out_sentences()]),
            "Choose models that have answers in these languages.",
        )


def build_plan(
    study: Study, choice: JudgeChoice, today: date | None = None, profile: JudgeProfile | None = None
) -> JudgePlan:
    """Plan the calls of `choice` that the study has no judgment of.

    `profile` is for estimates with a judge that the study does not have yet; by default it is looked up.
    Raises ProfileError or PromptError for a profile or prompt set that does not exist; everything else that
    is wrong is in the estimate's `problems`.
    """
    found = profile or find_profile(study, choice.profile)
    return _Planner(study, choice, today or datetime.now(UTC).date(), found).plan()


@dataclass
class _Planner:
    study: Study
    choice: JudgeChoice
    today: date
    profile: JudgeProfile
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    done: int = 0

    def __post_init__(self) -> None:
        self.prompts: PromptSet = prompt_set(self.study, self.choice.prompt_set)
        self.languages = list(self.choice.languages) or settings.languages(self.study)
        known = [model.name for model in study_answers.models(self.study)]
        self.models = tuple(self.choice.models) or tuple(known)
        self.items = [
            item
            for item in study_items.items(self.study, self.languages)
            if not self.choice.categories or item.category in self.choice.categories
        ]
        self.answers: dict[tuple[str, str, str], Answer] = {
            (answer.model, answer.question_id, answer.language): answer
            for answer in study_answers.answers(self.study, self.languages, self.models)
        }
        self.reference_set = self.choice.reference_set or next(
            iter(study_items.reference_sets(self.study)), QUESTION_REFERENCES
        )
        self.present = study_judgments.judgment_keys(self.study)
        self.failed = study_judgments.failed_keys(self.study)
        self._checked: dict[tuple[str, str], JudgePrompt | None] = {}

    def plan(self) -> JudgePlan:
        """All calls, then the estimate."""
        if sentence := self.profile.warning(self.today):
            over = (self.profile.days_left(self.today) or 0) < 0
            (self.problems if over else self.warnings).append(sentence)
        calls = list(self._calls())
        calls.sort(key=lambda call: call.repetition)
        estimate = self._estimate(calls)
        return JudgePlan(self._run(calls, estimate), estimate, self.profile, self.choice)

    def _calls(self) -> Iterator[PlannedCall]:
        for item in self.items:
            models = tuple(model for model in self.models if self.choice.ticked(model, item.language))
            for turn in self.choice.turns:
                if turn > len(item.turns):
                    continue
                usable = {
                    model: turns for model in models if (turns := self._answer(item, model, turn)) is not None
                }
                if usable:
                    yield from self._calls_of(item, turn, usable)

    def _calls_of(self, item: Item, turn: int, usable: dict[str, tuple[str, ...]]) -> Iterator[PlannedCall]:
        name = template_name(self.choice.mode, item.category, turn, self.choice.guided_categories)
        prompt = self._prompt(item.language, name)
        if prompt is None:
            return
        references: tuple[str, ...] = ()
        if item.category in self.choice.guided_categories:
            references = self._references(item)
            if len(references) < turn or not all(references[:turn]):
                self._leave(item, turn, "no_reference", usable)
                return
        for subject, shown in self._subjects(item, turn, tuple(usable)):
            values = values_of(item, turn, tuple(usable[model] for model in shown), references)
            yield from self._repeat(subject, prompt, values)

    def _subjects(
        self, item: Item, turn: int, models: tuple[str, ...]
    ) -> Iterator[tuple[Subject, tuple[str, ...]]]:
        """Each thing to judge with the models in the order in which they are shown."""
        if self.choice.mode == "single":
            for model in models:
                yield Subject("single", item.question_id, item.language, turn, model, None, 0), (model,)
            return
        for first, second in self.choice.pairs_of(models):
            for game, shown in ((1, (first, second)), (2, (second, first))):
                yield Subject("pair", item.question_id, item.language, turn, first, second, game), shown

    def _repeat(self, subject: Subject, prompt: JudgePrompt, values: dict[str, str]) -> Iterator[PlannedCall]:
        filled = fill(prompt, values)
        tokens = token_table().of_text(len(filled.system) + len(filled.user), prompt.language)
        limit = self.profile.context_length
        if limit is not None and tokens + self.profile.max_tokens > limit:
            model = " / ".join(name for name in (subject.model_1, subject.model_2) if name)
            if subject.game < 2:
                self.left_out.append(
                    LeftOut("too_long", subject.question_id, subject.language, subject.turn, model)
                )
            return
        verdicts = verdict_mode(prompt)
        for repetition in range(1, self.choice.repetitions + 1):
            key = call_key(self.profile, subject, filled, repetition)
            while key in self.failed:
                key = again(key)
            if key in self.present:
                self.done += 1
                continue
            yield PlannedCall(key, subject, repetition, prompt, values, filled.sha256, verdicts, tokens)

    def _answer(self, item: Item, model: str, turn: int) -> tuple[str, ...] | None:
        """The answer's turns up to `turn`, or None when it is missing or to be skipped."""
        answer = self.answers.get((model, item.question_id, item.language))
        if answer is None or len(answer.turns) < turn:
            self._leave(item, turn, "no_answer", [model])
            return None
        turns = answer.turns[:turn]
        if turns[-1].strip() in BAD_TEXTS:
            skipped = self.choice.on_bad_answers == "skip"
            self._leave(item, turn, "bad_answer" if skipped else "bad_judged", [model])
            if skipped:
                return None
        return turns

    def _leave(self, item: Item, turn: int, why: Why, models: Iterable[str]) -> None:
        self.left_out += [LeftOut(why, item.question_id, item.language, turn, model) for model in models]

    def _references(self, item: Item) -> tuple[str, ...]:
        if self.reference_set == QUESTION_REFERENCES:
            return item.references
        return item.judge_references.get(self.reference_set, ())

    def _prompt(self, item_language: str, name: str) -> JudgePrompt | None:
        """The checked template; None after noting what is wrong with it."""
        wanted = self.choice.prompt_language
        language = item_language if wanted == ITEM_LANGUAGE else wanted
        if (language, name) not in self._checked:
            prompt: JudgePrompt | None = None
            try:
                prompt = self.prompts.get(language, name)
                wrong = check_prompt(prompt)
            except PromptError as error:
                wrong = [str(error)]
            self.problems += wrong
            self._checked[(language, name)] = None if wrong else prompt
        return self._checked[(language, name)]

    def _estimate(self, calls: list[PlannedCall]) -> Estimate:
        table = token_table()
        prompt_tokens = sum(call.tokens for call in calls)
        reply_tokens = len(calls) * table.reply_tokens[self.choice.mode]
        cost = self.profile.cost(prompt_tokens, reply_tokens)
        if cost is None:
            self.warnings.append(
                f"The price of {self.profile.model} is unknown, so the cost is too, and a cap can't be kept."
            )
            if self.choice.cap is not None:
                self.problems.append("A cap needs a price: take the cap away or give the profile a price.")
        return Estimate(
            calls=len(calls),
            done=self.done,
            prompt_tokens=prompt_tokens,
            reply_tokens=reply_tokens,
            cost_low=None if cost is None else cost * (1 - table.spread),
            cost_high=None if cost is None else cost * (1 + table.spread),
            currency=price_list().currency,
            left_out=tuple(self.left_out),
            problems=tuple(self.problems),
            warnings=tuple(self.warnings),
        )

    def _price(self) -> dict[str, object] | None:
        """What a token costs, kept with the run; None when the price list does not say."""
        prices, read, written = price_list(), self.profile.cost(1, 0), self.profile.cost(0, 1)
        if read is None:
            return None
        return {"input": read, "output": written, "date": prices.date.isoformat(), "source": prices.source}

    def _run(self, calls: list[PlannedCall], estimate: Estimate) -> RunPlan:
        text_ids: dict[str, str] = {}
        templates: dict[str, dict[str, object]] = {}
        for call in calls:
            row = template_row(call.prompt)
            templates.setdefault(str(row["id"]), row)
            for text in call.values.values():
                if text not in text_ids:
                    text_ids[text] = content_key(text)[:24]
        languages = sorted({call.subject.language for call in calls})
        config = {
            "profile": self.profile.model_dump(mode="json"),
            "choice": self.choice.model_dump(mode="json"),
            "reference_set": self.reference_set,
            "cap": self.choice.cap,
            "currency": estimate.currency,
            "price": self._price(),
            "workers": self.choice.workers,
            "parser_version": PARSER_VERSION,
        }
        if self.profile.seed is not None:
            config["seed"] = self.profile.seed
        return RunPlan(
            kind="judge",
            title=f"{self.profile.shown} · {self.choice.mode} · {' '.join(languages).upper() or 'nothing'}",
            module=MODULE,
            config=config,
            inputs={
                "templates": list(templates.values()),
                "texts": [{"id": text_id, "text": text} for text, text_id in text_ids.items()],
                "calls": [to_row(call, text_ids) for call in calls],
            },
            total=len(calls),
        )
