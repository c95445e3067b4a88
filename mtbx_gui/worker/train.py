"""Fine-tunes a model on conversations: ``python -m mtbx_gui.worker.train RUN_DIR``.

One optimizer step is exactly ``batch_size`` conversations (the last of an epoch may be fewer). Whatever would
train something else than the recipe says is refused before the first step.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtbx_gui.rundir.attempt import Attempt, run_main
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.rundir.files import read_json, sync_dir, write_json
from mtbx_gui.worker import chat, checkpoints
from mtbx_gui.worker.loading import load_model
from mtbx_gui.worker.offline import go_offline

MODEL, NOTE = "model", "training.json"


@dataclass(frozen=True)
class Data:
    """The conversations as the trainer and the evaluator take them."""

    train: list[dict[str, Any]]
    validation: dict[str, list[tuple[list[int], list[int]]]]
    """Token ids and labels by language."""


def work(attempt: Attempt) -> dict[str, Any]:
    """Train, or go on from the newest complete checkpoint; returns what result.json holds."""
    done = read_json(attempt.dir.path / MODEL / NOTE)
    if done is not None:
        return done
    config = attempt.config
    go_offline()
    _one_device(attempt)
    attempt.log("loading the training libraries")
    import torch

    device = _device(config["device"])
    micro, accumulation = split_batch(config["batch_size"], config["device_batch_size"], _world())
    path = Path(config["model_path"])
    tokenizer = chat.load_tokenizer(path, config["template"], config["pad_token"])
    chat.require_generation_marks(tokenizer, path)
    data = _read_data(attempt, tokenizer)
    if attempt.cancelled():
        return {}
    trainer = _trainer(attempt, device, tokenizer, data, micro, accumulation)
    _check(trainer, tokenizer, len(data.train))
    if attempt.cancelled():
        return {}
    resume = checkpoints.newest(attempt.dir.path)
    if resume is not None:
        attempt.event("resumed", checkpoint=resume.name)
        attempt.log(f"going on from {resume.name}")
    trainer.train(resume_from_checkpoint=str(resume) if resume else None)
    if attempt.cancelled():
        return {}
    steps, planned = trainer.state.global_step, trainer.state.max_steps
    if steps != planned:
        raise MtbxError(f"Training stopped after {steps} of {planned} steps.", "See the log, then resume.")
    final = [row["loss"] for row in trainer.state.log_history if "loss" in row][-1]
    result = {
        "model_path": str(attempt.dir.path / MODEL),
        "model_id": config["model_id"],
        "base_model": config["model_path"],
        "steps": steps,
        "final_loss": final,
        "validation_loss": trainer.validator.last,
        "kept": config["keep"],
        "torch": torch.__version__,
        "sentence": f"Trained {steps} steps, final loss {final:.3f}.",
    }
    _save_model(attempt, trainer, tokenizer, result)
    checkpoints.remove_all(attempt.dir.path)
    return result


def split_batch(batch_size: int, device_batch: int | None, world: int) -> tuple[int, int]:
    """(conversations per device and pass, passes per optimizer step), so that a step is ``batch_size``.

    Raises MtbxError when the numbers don't divide: then a step would mean something else.
    """
    if batch_size % world:
        raise MtbxError(
            f"A batch of {batch_size} can't be shared by {world} devices.", f"Choose a multiple of {world}."
        )
    share = batch_size // world
    micro = device_batch or max(size for size in range(1, min(share, 16) + 1) if share % size == 0)
    if share % micro:
        fitting = [str(size) for size in range(1, share + 1) if share % size == 0]
        raise MtbxError(
            f"{micro} conversations per device don't divide the batch of {batch_size} on {world} device(s).",
            f"Choose one of {', '.join(fitting)}.",
        )
    return micro, share // micro


def _trainer(attempt: Attempt, device: str, tokenizer: Any, data: Data, micro: int, accumulation: int) -> Any:
    from datasets import Dataset
    from transformers.trainer_callback import PrinterCallback
    from trl import SFTConfig

    from mtbx_gui.worker.training import RunCallback, RunTrainer
    from mtbx_gui.worker.validation import Validator

    config = attempt.config
    model = load_model(Path(config["model_path"]), "float32", config["attention"])
    floor = float(config["min_lr_ratio"])
    steps_per_epoch = -(-len(data.train) // (micro * accumulation * _world()))
    decay = {
        "num_decay_steps": steps_per_epoch * config["epochs"] - config["warmup_steps"],
        "num_stable_steps": 0,
        "decay_type": "linear",
        "min_lr_ratio": floor,
    }
    arguments = SFTConfig(
        output_dir=str(attempt.dir.path),
        learning_rate=config["learning_rate"],
        lr_scheduler_type="warmup_stable_decay" if floor else "linear",
        lr_scheduler_kwargs=decay if floor else {},
        warmup_steps=config["warmup_steps"],
        num_train_epochs=config["epochs"],
        adam_beta1=config["adam_beta1"],
        adam_beta2=config["adam_beta2"],
        weight_decay=config["weight_decay"],
        max_grad_norm=config["max_grad_norm"],
        per_device_train_batch_size=micro,
        gradient_accumulation_steps=accumulation,
        packing=False,
        padding_free=config["padding_free"],
        max_length=None,
        assistant_only_loss=True,
        bf16=device == "cuda",
        use_cpu=device == "cpu",
        activation_checkpointing=config["activation_checkpointing"],
        gradient_checkpointing=False,
        eval_strategy="no",
        save_strategy="no",
        enable_jit_checkpoint=False,
        seed=config["seed"],
        data_seed=config["data_seed"],
        logging_steps=1,
        logging_nan_inf_filter=False,
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=device == "cuda",
    )
    validator = Validator(data.validation, tokenizer.pad_token_id, micro)
    callback = RunCallback(attempt, validator, steps_per_epoch, 60 * config["checkpoint_minutes"])
    rows = [{"messages": row["messages"]} for row in data.train]
    trainer = RunTrainer(
        model=model,
        args=arguments,
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
        callbacks=[callback],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.validator = validator
    if config["keep"] == "best":
        callback.save_best = lambda folder: _write_model(trainer, tokenizer, folder)
    return trainer


def _check(trainer: Any, tokenizer: Any, conversations: int) -> None:
    """Refuse what would silently train something else (docs/runs.md section 3)."""
    import torch

    wrong = {str(p.dtype) for p in trainer.model.parameters() if p.dtype is not torch.float32}
    if wrong:
        raise MtbxError(
            f"Weights are {', '.join(sorted(wrong))}; small updates would be lost.", "Train fp32 weights."
        )
    if len(trainer.train_dataset) != conversations:
        raise MtbxError(
            f"{conversations - len(trainer.train_dataset)} conversations were dropped while being prepared."
        )
    for number, row in enumerate(trainer.train_dataset):
        chat.check_labels(
            row["input_ids"], row["labels"], tokenizer.eos_token_id, 1, f"Conversation {number + 1}"
        )
    longest = max(len(row["input_ids"]) for row in trainer.train_dataset)
    context = getattr(trainer.model.config, "max_position_embeddings", None)
    if context is not None and longest > context:
        raise MtbxError(
            f"The longest conversation has {longest} tokens, the model takes {context}.",
            "Set max_tokens in the recipe, so that conversations are cut at a whole turn.",
        )


def _read_data(attempt: Attempt, tokenizer: Any) -> Data:
    """Read, cut at whole turns where the recipe asks for it, and split into training and validation."""
    limit = attempt.config["max_tokens"]
    train: list[dict[str, Any]] = []
    validation: dict[str, list[tuple[list[int], list[int]]]] = {}
    cut = dropped = 0
    for number, row in enumerate(attempt.input("conversations"), 1):
        messages = [{"role": m["role"], "content": m["content"]} for m in row["messages"]]
        ids, labels = chat.encode(tokenizer, messages)
        whole = len(messages)
        while limit is not None and len(ids) > limit and messages:
            messages = messages[: _last_assistant(messages[:-1]) + 1]
            ids, labels = chat.encode(tokenizer, messages) if messages else ([], [])
        if not messages:
            dropped += 1
            continue
        cut += len(messages) < whole
        turns = sum(message["role"] == "assistant" for message in messages)
        chat.check_labels(ids, labels, tokenizer.eos_token_id, turns, f"Conversation {number}")
        if row["split"] == "validation":
            validation.setdefault(str(row["language"]), []).append((ids, labels))
        else:
            train.append({"messages": messages})
    if cut or dropped:
        attempt.event("cut", cut=cut, dropped=dropped, max_tokens=limit)
        attempt.log(f"{cut} conversations cut at a whole turn, {dropped} dropped (limit {limit} tokens)")
    if not train:
        raise MtbxError("No training conversation is left.", "Raise max_tokens or choose other data.")
    _check_boundary(attempt, tokenizer, train[:200])
    attempt.log(f"{len(train)} training conversations, {sum(map(len, validation.values()))} for validation")
    return Data(train, validation)


def _check_boundary(attempt: Attempt, tokenizer: Any, rows: list[dict[str, Any]]) -> None:
    """Note where the prompt alone has other tokens than before its answer: the model would see the latter."""
    merged = 0
    for row in rows:
        prompt = chat.prompt_ids(tokenizer, row["messages"][:-1])
        ids, _ = chat.encode(tokenizer, row["messages"])
        merged += ids[: len(prompt)] != prompt
    if merged:
        attempt.event("merged boundary", conversations=merged, looked_at=len(rows))
        attempt.log(f"in {merged} of {len(rows)} conversations tokens merge across prompt and answer")


def _last_assistant(messages: list[dict[str, str]]) -> int:
    return max((i for i, message in enumerate(messages) if message["role"] == "assistant"), default=-1)


def _save_model(attempt: Attempt, trainer: Any, tokenizer: Any, result: dict[str, Any]) -> None:
    """Write the folder ``model`` whole, with what is known of it; it is there only when it is complete."""
    target = attempt.dir.path / MODEL
    temporary = attempt.dir.path / f".{MODEL}.tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    best = checkpoints.best(attempt.dir.path) if attempt.config["keep"] == "best" else None
    if best is not None:
        folder, note = best
        leave = shutil.ignore_patterns(checkpoints.DONE, checkpoints.BEST_NOTE)
        shutil.copytree(folder, temporary, ignore=leave)
        result |= {"kept_step": note["step"], "validation_loss": note["validation_loss"]}
    else:
        _write_model(trainer, tokenizer, temporary)
    result["weights_sha256"] = _hash(sorted(temporary.glob("*.safetensors")))
    write_json(temporary / NOTE, result)
    checkpoints.sync(temporary)
    temporary.rename(target)
    sync_dir(target.parent)


def _write_model(trainer: Any, tokenizer: Any, folder: Path) -> None:
    from transformers import GenerationConfig

    trainer.model.generation_config = GenerationConfig(
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    trainer.save_model(str(folder))
    tokenizer.save_pretrained(str(folder))
    (folder / "training_args.bin").unlink(missing_ok=True)


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 22):
                digest.update(block)
    return digest.hexdigest()


def _device(wanted: str) -> str:
    import torch

    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if wanted == "cuda" and not torch.cuda.is_available():
        raise MtbxError("No GPU can be used here.", 'Set the device to "auto" or "cpu".')
    return wanted


def _world() -> int:
    return int(os.environ.get("WORLD_SIZE", "1"))


def _one_device(attempt: Attempt) -> None:
    """One process trains on one GPU; several visible ones would be wrapped in DataParallel."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if _world() == 1 and attempt.config["device"] != "cpu" and (visible is None or "," in visible):
        os.environ["CUDA_VISIBLE_DEVICES"] = (visible or "0").split(",")[0]


if __name__ == "__main__":
    raise SystemExit(run_main(work))
