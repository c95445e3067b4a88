"""mtbx translate, train, generate, judge, and mtbx runs: long work as runs that survive this command."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from mtbx_gui.actions import start
from mtbx_gui.actions.control import cancel_run, resume_run
from mtbx_gui.actions.follow import collect_all, follow, run_dir
from mtbx_gui.actions.start_training import GenerateRequest, TrainRequest, start_generate, start_train
from mtbx_gui.cli.following import wait_for
from mtbx_gui.cli.shared import JsonOption, LanguagesOption, StudyOption, author, codes, opened, output
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.rundir.layout import RunDir
from mtbx_gui.runs.watch import Watch, log_tail
from mtbx_gui.study import settings

runs = typer.Typer(help="List, show, follow, cancel and resume runs.", no_args_is_help=True)
DetachOption = Annotated[bool, typer.Option("--detach", help="Return at once; the run goes on by itself.")]
RunArgument = Annotated[str, typer.Argument(help="A run id; its beginning is enough.")]


class BadSetting(MtbxError):
    """An option that can't be read."""


def translate(
    study: StudyOption = None,
    lang: LanguagesOption = None,
    translator: Annotated[str, typer.Option(help="deepl, or demo for the demo translator.")] = "deepl",
    url: Annotated[str | None, typer.Option(help="Another address that speaks DeepL's protocol.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Also what has a translation already.")] = False,
    detach: DetachOption = False,
    as_json: JsonOption = False,
) -> None:
    """Machine-translate items from the source language; key from the keyring or DEEPL_API_KEY."""
    with output(as_json) as out, opened(study) as target:
        chosen = codes(lang) or settings.languages(target)[1:]
        choice = start.translate_choice(target, chosen, translator, url, only_missing=not again)
        wait_for(out, target, start.start_translate(target, choice, author=author()), detach)


def train(
    study: StudyOption = None,
    base: Annotated[
        str, typer.Option(help="Folder of the model to start from; tiny for the demo's.")
    ] = "tiny",
    dataset: Annotated[str, typer.Option(help="A training set of the study.")] = "instructions",
    mixture: Annotated[str, typer.Option(help="mono, sampled or ENDEFRITES.")] = "mono",
    lang: LanguagesOption = None,
    name: Annotated[str, typer.Option(help="Name of the new model.")] = "",
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="A field of the recipe, e.g. --set epochs=3.")
    ] = None,
    detach: DetachOption = False,
    as_json: JsonOption = False,
) -> None:
    """Fine-tune a model on a language mixture with the paper's recipe."""
    with output(as_json) as out, opened(study) as target:
        default = ["en"] if mixture == "mono" else settings.languages(target)
        request = start.validated(
            TrainRequest,
            base=base,
            dataset=dataset,
            mixture=mixture,
            languages=tuple(codes(lang) or default),
            name=name,
            recipe=_pairs(setting),
        )
        wait_for(out, target, start_train(target, request, author()), detach)


def generate(
    model: Annotated[str, typer.Argument(help="A model of the study, or a model folder.")],
    study: StudyOption = None,
    lang: LanguagesOption = None,
    name: Annotated[str, typer.Option(help="The model's name, where a folder is given.")] = "",
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="A generation field, e.g. --set max_new_tokens=256.")
    ] = None,
    detach: DetachOption = False,
    as_json: JsonOption = False,
) -> None:
    """Let a model answer the items, both turns, with MT-Bench's temperature per category."""
    with output(as_json) as out, opened(study) as target:
        request = start.validated(
            GenerateRequest,
            model=model,
            languages=tuple(codes(lang) or settings.languages(target)),
            name=name,
            settings=_pairs(setting),
        )
        wait_for(out, target, start_generate(target, request, author()), detach)


def judge(
    study: StudyOption = None,
    profile: Annotated[
        str, typer.Option("--judge", help="A judge profile's id; demo for the demo judge.")
    ] = "",
    mode: Annotated[str, typer.Option(help="single or pair.")] = "single",
    models: Annotated[str | None, typer.Option(help="Comma-separated; all by default.")] = None,
    lang: LanguagesOption = None,
    repetitions: Annotated[int, typer.Option(min=1, help="The same judging this many times.")] = 1,
    prompts: Annotated[str | None, typer.Option(help="Judge prompt set; the shipped one by default.")] = None,
    references: Annotated[str | None, typer.Option(help="Reference set the judge reads.")] = None,
    cap: Annotated[float | None, typer.Option(help="Never spend more than this, in dollars.")] = None,
    detach: DetachOption = False,
    as_json: JsonOption = False,
) -> None:
    """Let a judge score answers (single) or compare two models in both orders (pair)."""
    with output(as_json) as out, opened(study) as target:
        choice = start.judge_choice(
            target,
            profile,
            mode,
            [name.strip() for name in models.split(",")] if models else None,
            codes(lang),
            repetitions,
            prompts,
            references,
            cap,
        )
        wait_for(out, target, start.start_judge(target, choice, author=author()), detach)


@runs.command("list")
def list_runs(study: StudyOption = None, as_json: JsonOption = False) -> None:
    """Every run with its state; finished pieces are collected."""
    with output(as_json) as out, opened(study) as target:
        new = collect_all(target)
        views = Watch(target).poll()
        out.put(
            collected=new,
            runs=[{"run": view.run_id, "kind": view.kind, **asdict(view.info)} for view in views],
        )
        for view in views:
            count = f"{view.info.done}/{view.info.total or '?'}"
            out.say(
                f"{view.run_id:<36} {view.kind:<10} {view.info.state.value:<10} {count:>11}  {view.title}"
            )
        if not views:
            out.say("No runs yet.")


@runs.command("show")
def show_run(run: RunArgument, study: StudyOption = None, as_json: JsonOption = False) -> None:
    """One run: its state, its configuration and the end of its log."""
    with output(as_json) as out, opened(study) as target:
        found = RunDir(run_dir(target, run))
        view = next(view for view in Watch(target).poll() if view.run_id == found.run_id)
        spec = found.spec()
        log = log_tail(found, 4096)
        out.put(
            run=spec.run_id,
            kind=spec.kind,
            title=spec.title,
            **asdict(view.info),
            config=spec.config,
            log=log,
        )
        out.say(f"{spec.run_id}: {spec.title}\n{view.info.sentence}\n{found.path}")
        for key, value in spec.config.items():
            out.say(f"  {key}: {value}")
        out.say(log)


@runs.command("follow")
def follow_run(run: RunArgument, study: StudyOption = None, as_json: JsonOption = False) -> None:
    """Wait for a run and collect it; Ctrl+C stops only the watching."""
    with output(as_json) as out, opened(study) as target:
        wait_for(out, target, run_dir(target, run).name, detach=False)


@runs.command("cancel")
def cancel(run: RunArgument, study: StudyOption = None, as_json: JsonOption = False) -> None:
    """Cancel a run; what it finished is kept and collected."""
    with output(as_json) as out, opened(study) as target:
        info = cancel_run(target, run)
        follow(target, run_dir(target, run).name)
        out.put(run=run, state=info.state.value)
        out.say(f"{run}: {info.sentence}")


@runs.command("resume")
def resume(
    run: RunArgument, study: StudyOption = None, detach: DetachOption = False, as_json: JsonOption = False
) -> None:
    """Start a run again that failed, was cancelled or lost: only what is missing is done."""
    with output(as_json) as out, opened(study) as target:
        resume_run(target, run)
        wait_for(out, target, run_dir(target, run).name, detach)


def _pairs(given: list[str] | None) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for text in given or []:
        key, separator, value = text.partition("=")
        if not separator:
            raise BadSetting(f"--set {text}: a field and a value are expected.", "Write --set FIELD=VALUE.")
        try:
            pairs[key.strip()] = json.loads(value)
        except ValueError:
            pairs[key.strip()] = value
    return pairs
