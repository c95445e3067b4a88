"""What a plan can be made of in this study: judges, models with their answers, prompts, references."""

from collections import Counter
from dataclasses import dataclass, field

from mtbx_gui.judging.choice import QUESTION_REFERENCES
from mtbx_gui.judging.profiles import JudgeProfile, profiles
from mtbx_gui.judging.prompts import prompt_set, prompt_set_names
from mtbx_gui.study import settings
from mtbx_gui.study.answers import answers
from mtbx_gui.study.items import categories, reference_sets
from mtbx_gui.study.study import Study


@dataclass(frozen=True)
class PlanOffer:
    """`answered` counts the answers of each (model, language); `prompt_languages` those of each set."""

    judges: tuple[JudgeProfile, ...]
    models: tuple[str, ...]
    languages: tuple[str, ...]
    answered: dict[tuple[str, str], int] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    prompt_languages: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reference_sets: tuple[str, ...] = ()


def plan_offer(study: Study) -> PlanOffer:
    """Look everything up. Raises ProfileError when the study's judge profiles can't be read."""
    answered = Counter((answer.model, answer.language) for answer in answers(study))
    languages = settings.languages(study)
    spoken = {language for _, language in answered}
    return PlanOffer(
        judges=tuple(profiles(study)),
        models=tuple(sorted({model for model, _ in answered})),
        languages=tuple(
            [code for code in languages if code in spoken] + sorted(spoken.difference(languages))
        ),
        answered=dict(answered),
        categories=tuple(categories(study)),
        prompt_languages={name: tuple(prompt_set(study, name).languages) for name in prompt_set_names(study)},
        reference_sets=(*reference_sets(study), QUESTION_REFERENCES),
    )
