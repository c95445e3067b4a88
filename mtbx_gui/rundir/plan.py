"""What a run is going to do, before it has a directory."""

from dataclasses import dataclass, field
from typing import Any

KINDS = ("translate", "train", "generate", "judge")


@dataclass(frozen=True)
class RunPlan:
    """Everything needed to create a run directory.

    ``module`` is started as ``python -m module RUN_DIR``. ``config`` must be JSON and hold no secret.
    ``inputs`` maps a name to JSON lines that are written to ``in/<name>.jsonl``. ``total`` counts the
    expected pieces: lines of the kind's main output, or optimizer steps when training (0 = not known yet).
    """

    kind: str
    title: str
    module: str
    config: dict[str, Any]
    inputs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    total: int = 0
