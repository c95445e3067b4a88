"""The errors people are meant to read. Only the window's notices and the command line show them."""

from pathlib import Path


class MtbxError(Exception):
    """A failure told as a sentence: what happened, where, and (if known) what to do next."""

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.args, self.__dict__))


class BadLine(MtbxError):
    """A complete line of a JSON-lines file that holds no JSON object."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        super().__init__(f"{path}, line {line}: {why}.", "Mend or remove this line; the others are fine.")
        self.path = path
        self.line = line


class BrokenRunDir(MtbxError):
    """A run directory whose files contradict the protocol (no run.json, changed inputs …)."""


class RunBusy(MtbxError):
    """Another process already works on this run."""


class WriteFailed(MtbxError):
    """A line or file could not be written whole (disk full, no permission); nothing half-written is left."""


def _rebuild(cls: type[MtbxError], args: tuple[object, ...], state: dict[str, object]) -> MtbxError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error
