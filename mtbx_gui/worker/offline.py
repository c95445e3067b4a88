"""Keeps the training libraries silent and off the network. Call before torch or transformers is imported."""

import os
import warnings

_SETTINGS = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "TRANSFORMERS_VERBOSITY": "warning",
    "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRL_EXPERIMENTAL_SILENCE": "1",
    "WANDB_MODE": "disabled",
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
}


def go_offline() -> None:
    """Models and data are paths: nothing is looked up, downloaded or reported by any library."""
    os.environ.update(_SETTINGS)
    warnings.filterwarnings("ignore", message=".*pin_memory.*no accelerator.*")
