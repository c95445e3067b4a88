"""The trainer with our own saving, validation, metrics and cancelling.

It imports torch at once, so only worker.train may load it, when it is needed.
"""

import math
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from trl import SFTTrainer

from mtbx_gui.rundir.attempt import Attempt
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.rundir.files import write_json
from mtbx_gui.worker import checkpoints
from mtbx_gui.worker.validation import Validator


class RunTrainer(SFTTrainer):  # type: ignore[misc]
    """SFTTrainer without model cards."""

    validator: Validator

    def create_model_card(self, *args: Any, **kwargs: Any) -> None:
        """A run directory needs no README.md about the hub."""


class RunCallback(TrainerCallback):  # type: ignore[misc]
    """Writes metrics, validates at epoch ends, saves by the clock, stops at the next step when cancelled."""

    def __init__(
        self, attempt: Attempt, validator: Validator, steps_per_epoch: int, save_every_s: float
    ) -> None:
        self.attempt = attempt
        self.validator = validator
        self.steps_per_epoch = steps_per_epoch
        self.save_every_s = save_every_s
        self.save_best: Callable[[Path], None] | None = None
        self._saved = time.monotonic()
        self._tokens = 0.0
        self._time = time.monotonic()

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Say where we stand, so that a resumed run shows its progress at once."""
        self._time = self._saved = time.monotonic()
        row = {"step": state.global_step, "max_steps": state.max_steps, "epoch": state.epoch or 0.0}
        if state.global_step == 0:
            row["eval"] = self.validator.measure(kwargs["model"])
        else:
            known = [entry for entry in state.log_history if "num_tokens" in entry]
            self._tokens = float(known[-1]["num_tokens"]) if known else 0.0
        self.attempt.metric(row)

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Validate before a checkpoint can be written, so that no resume skips it."""
        if state.global_step % self.steps_per_epoch == 0:
            before = time.monotonic()
            self._validate(state, kwargs["model"])
            self._time += time.monotonic() - before
        if self.attempt.cancelled():
            control.should_training_stop = True
            control.should_save = True
        elif time.monotonic() - self._saved >= self.save_every_s and state.global_step < state.max_steps:
            control.should_save = True

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **kwargs: Any,
    ) -> None:
        """One row of metrics.jsonl per optimizer step."""
        if not logs or "loss" not in logs:
            return
        now, tokens = time.monotonic(), float(logs.get("num_tokens", 0.0))
        rate = (tokens - self._tokens) / (now - self._time) if now > self._time else None
        self._time, self._tokens = now, tokens
        loss = float(logs["loss"])
        self.attempt.metric(
            {
                "step": state.global_step,
                "max_steps": state.max_steps,
                "epoch": state.epoch,
                "loss": loss,
                "lr": logs.get("learning_rate"),
                "grad_norm": logs.get("grad_norm"),
                "tokens": int(tokens),
                "tok_s": rate,
            }
        )
        self.attempt.log(
            f"step {state.global_step}/{state.max_steps} loss {loss:.4f} {rate or 0:.0f} tokens/s"
        )
        if not math.isfinite(loss):
            raise MtbxError(
                f"The loss is {loss} at step {state.global_step}.", "Lower the learning rate and start again."
            )

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """The checkpoint counts from now on; older ones go."""
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        checkpoints.seal(folder)
        checkpoints.keep_only(folder)
        self._saved = time.monotonic()
        self.attempt.event("checkpoint", step=state.global_step)

    def _validate(self, state: TrainerState, model: Any) -> None:
        losses = self.validator.measure(model)
        if not losses:
            return
        row = {"step": state.global_step, "max_steps": state.max_steps, "epoch": state.epoch, "eval": losses}
        self.attempt.metric(row)
        said = ", ".join(f"{language} {loss:.4f}" for language, loss in losses.items())
        self.attempt.log(f"step {state.global_step} validation {said}")
        if self.save_best is not None:
            self._keep_best(state.global_step, losses, self.save_best)

    def _keep_best(self, step: int, losses: dict[str, float], save: Callable[[Path], None]) -> None:
        """By the mean over languages; a new best counts once it is sealed, and only then the old one goes."""
        run = self.attempt.dir.path
        mean = sum(losses.values()) / len(losses)
        best = checkpoints.best(run)
        if best is not None and best[1]["mean"] <= mean:
            return
        folder = run / f"best-{step}"
        save(folder)
        write_json(folder / checkpoints.BEST_NOTE, {"step": step, "mean": mean, "validation_loss": losses})
        checkpoints.seal(folder)
        if best is not None:
            shutil.rmtree(best[0])
