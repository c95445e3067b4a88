"""Loads a model from a folder, whole or not at all."""

from pathlib import Path
from typing import Any

from mtbx_gui.worker.chat import ModelRefused


def load_model(path: Path, dtype: str, attention: str) -> Any:
    """The causal language model in ``path``; ``dtype`` is a name ("float32"), ``attention`` may be "auto".

    Raises ModelRefused when it can't be loaded or weights are missing (they would be random numbers).
    """
    import torch
    from transformers import AutoModelForCausalLM

    try:
        model, loading = AutoModelForCausalLM.from_pretrained(
            str(path),
            dtype=getattr(torch, dtype),
            attn_implementation=None if attention == "auto" else attention,
            local_files_only=True,
            output_loading_info=True,
        )
    except MemoryError:
        raise
    except Exception as error:
        first = (str(error).strip().split("\n") or [""])[0][:300]
        raise ModelRefused(
            f"The model in {path} can't be loaded: {first or type(error).__name__}.",
            "Copy or download it again, or choose another one.",
        ) from error
    wrong = [*loading["missing_keys"], *(str(key[0]) for key in loading["mismatched_keys"])]
    if wrong:
        raise ModelRefused(
            f"The weights in {path} lack {len(wrong)} tensors of the model, {sorted(wrong)[0]} for one.",
            "Copy or download it again, or choose another one.",
        )
    return model
