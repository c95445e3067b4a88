"""Starts fine-tuning and generation: data set, mixture, recipe and items put together into a run."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from mtbx_gui.curation.mixtures import MixtureKind, mix, split
from mtbx_gui.demo.texts import demo_folder
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.rundir.plan import RunPlan
from mtbx_gui.runs.launch import start
from mtbx_gui.runs.plans import find_model, generate_plan, train_plan
from mtbx_gui.runs.specs import GenerateConfig, TrainConfig
from mtbx_gui.study.answers import answers, models
from mtbx_gui.study.datasets import load_dataset
from mtbx_gui.study.items import items
from mtbx_gui.study.records import Model
from mtbx_gui.study.study import Study

TINY_MODEL = "tiny"
"""The base model that is made on the spot; for learning the program."""


class TrainRequest(BaseModel):
    """What to fine-tune on what. `base` is a model folder, or "tiny" for the demo's own small model."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    base: str = Field(min_length=1, description="Folder of the model to start from, or tiny.")
    dataset: str = Field(min_length=1, description="Name of a training set of the study.")
    mixture: MixtureKind = Field(default="mono", description="mono, sampled, or ENDEFRITES (all languages).")
    languages: tuple[str, ...] = Field(default=("en",), description="Two-letter codes; one for mono.")
    validation: float = Field(
        default=0.05, ge=0, lt=1, description="Share held out. Paper: 5 % of Bactrian-X."
    )
    name: str = Field(default="", description="Name of the new model; empty: made of data set and mixture.")
    recipe: dict[str, Any] = Field(default_factory=dict, description="Fields of TrainConfig that differ.")

    @property
    def model_name(self) -> str:
        """The new model's name."""
        if self.name:
            return self.name
        what = self.languages[0].upper() if self.mixture == "mono" else self.mixture
        return f"{self.dataset}-{what}"


class GenerateRequest(BaseModel):
    """Which model of the study answers which languages."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())
    model: str = Field(min_length=1, description="A model of the study, or a model folder.")
    languages: tuple[str, ...] = Field(default=("en",), description="Two-letter codes.")
    name: str = Field(default="", description="The model's name in the study, where a folder is given.")
    only_missing: bool = Field(default=True, description="Leave out items this model has answered already.")
    settings: dict[str, Any] = Field(
        default_factory=dict, description="Fields of GenerateConfig that differ."
    )


class RequestError(MtbxError):
    """A request that names something the study doesn't have, or has already."""


def training_plan(study: Study, request: TrainRequest) -> RunPlan:
    """The plan of a fine-tuning run. Raises MtbxError where something is missing; nothing is started."""
    name = request.model_name
    if name in {model.name for model in models(study)}:
        raise RequestError(f"The study already has a model named {name}.", "Give the new one another name.")
    dataset = load_dataset(study, request.dataset)
    seed = int(request.recipe.get("data_seed", TrainConfig.model_fields["data_seed"].default))
    train, held = split(dataset.conversations, request.validation, seed)
    rows = [
        one.as_record() | {"split": part}
        for part, conversations in (("train", train), ("validation", held))
        for one in (mix(conversations, request.mixture, request.languages, seed) if conversations else [])
    ]
    base = tiny_model(study) if request.base == TINY_MODEL else Path(request.base)
    shown = request.languages[0].upper() if request.mixture == "mono" else request.mixture
    fields: dict[str, Any] = {"mixture": shown} | request.recipe
    config = TrainConfig(**fields, model_path=str(base), model_id=name)
    return train_plan(config, rows)


def generation_plan(study: Study, request: GenerateRequest) -> RunPlan:
    """The plan of a generation run. Raises MtbxError where something is missing; nothing is started."""
    known = {model.name: model for model in models(study)}
    model = known.get(request.model) or Model(request.name or Path(request.model).name, request.model)
    if not model.path:
        raise RequestError(
            f"The study holds answers of {model.name}, but not the model itself.",
            "Choose a model that was fine-tuned here, or a model folder.",
        )
    done: set[tuple[str, str]] = set()
    if request.only_missing:
        done = {(a.question_id, a.language) for a in answers(study, models=[model.name])}
    asked = [
        {"question_id": i.question_id, "language": i.language, "category": i.category, "turns": list(i.turns)}
        for i in items(study, request.languages)
        if (i.question_id, i.language) not in done
    ]
    if not asked and done:
        raise RequestError(f"{model.name} has answered everything in these languages.", "Nothing is missing.")
    path = find_model(study, model.path)
    return generate_plan(GenerateConfig(**request.settings, model_path=str(path), model_id=model.name), asked)


def start_train(study: Study, request: TrainRequest, author: str | None = None) -> str:
    """Start a fine-tuning run and return its id. Raises MtbxError."""
    return start(study, training_plan(study, request), author=author)


def start_generate(study: Study, request: GenerateRequest, author: str | None = None) -> str:
    """Start a generation run and return its id. Raises MtbxError."""
    return start(study, generation_plan(study, request), author=author)


def tiny_model(study: Study) -> Path:
    """The demo's tiny base model in the study's models/ folder; made there (in seconds) when missing."""
    folder = study.folder / "models" / "tiny-base"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(exist_ok=True)
    texts = demo_folder() / "instructions.jsonl"
    done = subprocess.run(
        [sys.executable, "-m", "mtbx_gui.worker.tinymodel", str(folder), str(texts), "0"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise RequestError(f"The tiny model could not be made: {''.join(last)}", "Install mtbx-gui[train].")
    return folder
