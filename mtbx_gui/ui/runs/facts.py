"""What the forms for new runs offer: languages, models, training sets, judges. Read in the background."""

from dataclasses import dataclass

from mtbx_gui.actions.demo import DEMO_COMPLETE
from mtbx_gui.judging.profiles import profiles
from mtbx_gui.judging.prompts import prompt_set_names
from mtbx_gui.study import settings
from mtbx_gui.study.answers import models
from mtbx_gui.study.datasets import dataset_names
from mtbx_gui.study.study import Study


@dataclass(frozen=True)
class Facts:
    """Names to choose from; `own_models` are those whose weights lie here."""

    languages: tuple[str, ...]
    source: str
    datasets: tuple[str, ...]
    models: tuple[str, ...]
    own_models: tuple[str, ...]
    judges: tuple[tuple[str, str], ...]
    """(id, shown name)"""
    prompt_sets: tuple[str, ...]
    is_demo: bool = False


def facts_of(study: Study) -> Facts:
    """Look them up. Raises MtbxError."""
    known = models(study)
    return Facts(
        tuple(settings.languages(study)),
        settings.source_language(study),
        tuple(dataset_names(study)),
        tuple(model.name for model in known),
        tuple(model.name for model in known if model.path),
        tuple((profile.id, profile.shown) for profile in profiles(study) if not profile.is_demo),
        tuple(prompt_set_names(study)),
        bool(settings.get(study, DEMO_COMPLETE)),
    )
