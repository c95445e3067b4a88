"""Training sets of a study: chat conversations as JSONL in `datasets/`, checked line by line."""

import os
from dataclasses import dataclass
from pathlib import Path

from mtbx_gui.study.errors import StudyError
from mtbx_gui.study.importing.lines import Line, LinesRead, Problem, read_json_lines
from mtbx_gui.study.study import Study

ROLES = ("system", "user", "assistant")


@dataclass(frozen=True, slots=True)
class Conversation:
    """One training conversation: parallel ones of several languages share their `conversation_id`."""

    conversation_id: str
    language: str
    messages: tuple[tuple[str, str], ...]

    def as_record(self) -> dict[str, object]:
        """The JSON record a training run reads."""
        messages = [{"role": role, "content": content} for role, content in self.messages]
        return {"id": self.conversation_id, "language": self.language, "messages": messages}


@dataclass(frozen=True, slots=True)
class Dataset:
    """A training set: its conversations, and the lines that could not be used."""

    name: str
    path: Path
    conversations: tuple[Conversation, ...]
    problems: tuple[Problem, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that occur, by name."""
        return tuple(sorted({conversation.language for conversation in self.conversations}))


def is_dataset(read: LinesRead) -> bool:
    """Whether a file holds chat conversations (`messages` with role and content)."""
    return bool(read.lines) and isinstance(read.lines[0].data.get("messages"), list)


def read_dataset(path: Path, name: str | None = None) -> Dataset:
    """Read a chat JSONL: `{"id", "language", "messages": [{"role", "content"}, …]}`, one conversation a line.

    A conversation must end with an assistant's message and have no empty one; others are problems and left
    out. A missing language is "en". Raises StudyError when nothing usable is left.
    """
    read = read_json_lines(path, path.name)
    found = [conversation for line in read.lines if (conversation := _conversation(line, read)) is not None]
    if not found:
        first = f" {read.problems[0]}" if read.problems else ""
        raise StudyError(f"{path} holds no usable conversation.{first}", 'Each line needs "messages".')
    return Dataset(name or path.stem, path, tuple(found), tuple(read.problems))


def add_dataset(study: Study, path: Path) -> Dataset:
    """Check a chat JSONL and keep a copy in the study. Raises StudyError when another one has its name."""
    dataset = read_dataset(path)
    kept = folder(study) / f"{dataset.name}.jsonl"
    content = path.read_bytes()
    if kept.is_file() and kept.read_bytes() != content:
        raise StudyError(
            f"The study already has another training set named {dataset.name}.",
            "Rename the file and import it.",
        )
    if not kept.is_file():
        kept.parent.mkdir(exist_ok=True)
        partial = kept.with_name(f".{kept.name}.partial")
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(kept)
    return Dataset(dataset.name, kept, dataset.conversations, dataset.problems)


def folder(study: Study) -> Path:
    """Where the training sets lie."""
    return study.folder / "datasets"


def dataset_names(study: Study) -> list[str]:
    """The names of the study's training sets."""
    return sorted(path.stem for path in folder(study).glob("*.jsonl"))


def load_dataset(study: Study, name: str) -> Dataset:
    """A training set of the study. Raises StudyError when there is none of that name."""
    path = folder(study) / f"{name}.jsonl"
    if not path.is_file():
        known = ", ".join(dataset_names(study)) or "none yet"
        raise StudyError(f"The study has no training set {name!r} (it has: {known}).", "Import one first.")
    return read_dataset(path, name)


def _conversation(line: Line, read: LinesRead) -> Conversation | None:
    messages: list[tuple[str, str]] = []
    given = line.data.get("messages")
    if not isinstance(given, list) or not given:
        read.problem(line.number, "messages", "is missing or empty.")
        return None
    for index, message in enumerate(given):
        role = message.get("role") if isinstance(message, dict) else None
        content = message.get("content") if isinstance(message, dict) else None
        if role not in ROLES:
            read.problem(line.number, f"messages[{index}].role", f"must be one of {', '.join(ROLES)}.")
            return None
        if not isinstance(content, str) or not content.strip():
            read.problem(line.number, f"messages[{index}].content", "is empty.")
            return None
        messages.append((role, content))
    if messages[-1][0] != "assistant":
        read.problem(line.number, "messages", "must end with the assistant's message.")
        return None
    identity = line.data.get("id", line.number)
    return Conversation(str(identity), str(line.data.get("language", "en")).lower(), tuple(messages))
