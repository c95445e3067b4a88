"""Plans of training and generation runs: checked before anything starts, so that mistakes cost no time."""

import hashlib
import importlib.util
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.rundir.plan import RunPlan
from mtbx_gui.runs.specs import GenerateConfig, TrainConfig
from mtbx_gui.study.study import Study

_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
_TOKENIZER = ("tokenizer.json", "tokenizer.model", "vocab.json", "spiece.model")
_EDGE = 1 << 20
_ROLES = {"human": "user", "user": "user", "gpt": "assistant", "assistant": "assistant", "system": "system"}


class BadPlan(MtbxError):
    """A run that would fail, named before it starts."""


def train_plan(config: TrainConfig, conversations: list[dict[str, Any]]) -> RunPlan:
    """Fine-tune ``config.model_path`` on conversations.

    A conversation is {"language", "messages": [{"role", "content"}, …], "split": "train" (default) or
    "validation"}, or FastChat's "conversations" with from/value. Raises BadPlan.
    """
    _need_training_extra()
    config = config.model_copy(update={"model_path": str(check_model(config.model_path))})
    rows = [_conversation(row, number) for number, row in enumerate(conversations, 1)]
    train = sum(row["split"] == "train" for row in rows)
    if not train:
        raise BadPlan("There is no training conversation.", "Choose a data set or mixture that has some.")
    steps = -(-train // config.batch_size) * config.epochs
    title = f"{config.model_id}"
    return RunPlan(
        "train",
        title,
        "mtbx_gui.worker.train",
        config.model_dump(mode="json"),
        {"conversations": rows},
        steps,
    )


def generate_plan(config: GenerateConfig, items: list[dict[str, Any]]) -> RunPlan:
    """Let ``config.model_path`` answer items, both turns.

    An item is {"question_id", "language", "category", "turns": [first, second], "required_temperature"
    (optional)}. Raises BadPlan.
    """
    _need_training_extra()
    path = check_model(config.model_path)
    config = config.model_copy(update={"model_path": str(path)})
    if not items:
        raise BadPlan("There is no item to answer.", "Choose languages that have items.")
    weights = fingerprint(path)
    rows = [_item(config, weights, item, number) for number, item in enumerate(items, 1)]
    twice = {row["key"] for row in rows}
    if len(twice) < len(rows):
        raise BadPlan(f"{len(rows) - len(twice)} items are there twice.", "Choose each item once.")
    languages = " ".join(dict.fromkeys(str(row["language"]) for row in rows))
    title = f"{config.model_id} answers {languages}"
    stored = {**config.model_dump(mode="json"), "weights": weights}
    return RunPlan("generate", title, "mtbx_gui.worker.generate", stored, {"items": rows}, len(rows))


def check_model(path: str | Path) -> Path:
    """The absolute folder of a model that looks loadable. Raises BadPlan saying what is missing."""
    folder = Path(path).expanduser().absolute()
    hint = "Choose the folder that holds config.json, the weights and the tokenizer."
    if not folder.is_dir():
        raise BadPlan(f"There is no model folder {folder}.", hint)
    if not (folder / "config.json").is_file():
        raise BadPlan(f"{folder} holds no config.json, so it is no model.", hint)
    if not any(any(folder.glob(pattern)) for pattern in _WEIGHTS):
        raise BadPlan(f"{folder} holds no weights (*.safetensors).", hint)
    if not any((folder / name).is_file() for name in _TOKENIZER):
        raise BadPlan(f"{folder} holds no tokenizer (tokenizer.json or tokenizer.model).", hint)
    return folder


def find_model(study: Study, path: str) -> Path:
    """Where a model of the study lies now: ``path``, or the same place under a study that was moved."""
    folder = Path(path)
    parts = folder.parts
    if not folder.exists() and "runs" in parts:
        last = len(parts) - 1 - parts[::-1].index("runs")
        moved = study.folder.joinpath(*parts[last:])
        if moved.exists():
            return moved
    return folder


def fingerprint(model: Path) -> str:
    """A hash that tells two models apart: config, and name, size, first and last MiB of each weights file."""
    digest = hashlib.sha256((model / "config.json").read_bytes())
    for path in sorted(found for pattern in _WEIGHTS for found in model.glob(pattern)):
        size = path.stat().st_size
        digest.update(f"{path.name} {size}".encode())
        with path.open("rb") as file:
            digest.update(file.read(_EDGE))
            file.seek(max(0, size - _EDGE))
            digest.update(file.read(_EDGE))
    return digest.hexdigest()


def content_key(parts: Iterable[Any]) -> str:
    """A key that is the same for the same content, whoever makes it and when."""
    text = json.dumps(list(parts), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _item(config: GenerateConfig, weights: str, item: dict[str, Any], number: int) -> dict[str, Any]:
    turns = item.get("turns")
    if not isinstance(turns, list) or len(turns) != 2 or not all(isinstance(t, str) and t for t in turns):
        raise BadPlan(f"Item {number} ({item.get('question_id')}): both turns need a text.", "Mend the item.")
    category = str(item.get("category", ""))
    required = item.get("required_temperature")
    usual = config.temperatures.get(category, config.other_temperature)
    temperature = float(usual if required is None else required)
    row = {
        "question_id": str(item["question_id"]),
        "language": str(item["language"]),
        "category": category,
        "turns": turns,
        "temperature": temperature,
    }
    sampling = [temperature, config.seed, config.run_number, config.max_new_tokens, config.template]
    key = content_key([config.model_id, weights, row["question_id"], row["language"], turns, sampling])
    return {"key": key, **row}


def _conversation(row: dict[str, Any], number: int) -> dict[str, Any]:
    """Our form of a conversation. Raises BadPlan naming its number."""
    given = row.get("messages") or row.get("conversations") or []
    messages = []
    for message in given:
        role = _ROLES.get(str(message.get("role") or message.get("from")))
        content = message.get("content", message.get("value"))
        if role is None or not isinstance(content, str):
            raise BadPlan(f"Conversation {number}: a message has no role or no text.", "Mend the data set.")
        messages.append({"role": role, "content": content})
    spoken = [message["role"] for message in messages if message["role"] != "system"]
    if not spoken or spoken != ["user", "assistant"] * (len(spoken) // 2):
        raise BadPlan(
            f"Conversation {number}: user and assistant must take turns, the assistant last.",
            "Mend or leave out this conversation.",
        )
    split = row.get("split", "train")
    if split not in ("train", "validation"):
        raise BadPlan(f'Conversation {number}: split is {split!r}, not "train" or "validation".')
    return {"language": str(row.get("language", "")), "messages": messages, "split": split}


def _need_training_extra() -> None:
    missing = [name for name in ("torch", "transformers", "trl") if importlib.util.find_spec(name) is None]
    if missing:
        raise BadPlan(
            f"Training and generation need {', '.join(missing)}, which is not installed.",
            "Install mtbx-gui[train].",
        )
