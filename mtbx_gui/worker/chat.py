"""How a conversation becomes tokens, the same way in training and in generation.

The template marks the assistant's text with {% generation %}, so that the loss covers it and its end of turn.
"""

from pathlib import Path
from typing import Any

from mtbx_gui.rundir.errors import MtbxError

TEMPLATE = (
    "{{ bos_token or '' }}"
    "{% for message in messages %}"
    "{% if message['role'] == 'system' %}{{ message['content'] + '\n\n' }}"
    "{% elif message['role'] == 'user' %}{{ '### User:\n' + message['content'] + '\n\n' }}"
    "{% elif message['role'] == 'assistant' %}"
    "{{ '### Assistant:\n' }}"
    "{% generation %}{{ message['content'] + eos_token }}{% endgeneration %}{{ '\n\n' }}"
    "{% else %}{{ raise_exception('unknown role ' + message['role']) }}"
    "{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '### Assistant:\n' }}{% endif %}"
)
"""Ours (the paper names none): plain words, so that no token has to be added to a base model."""

IGNORED = -100


class ModelRefused(MtbxError):
    """A model or tokenizer that would be trained or used wrongly without anybody noticing."""


def load_tokenizer(path: Path, template: str, pad_token: str | None = None) -> Any:
    """The tokenizer in ``path`` with a chat template and a padding token that isn't its end token.

    ``template`` is "own" (``TEMPLATE``), "tokenizer" (the one stored with the model) or "auto" (the stored
    one if there is one, else ours). Raises ModelRefused.
    """
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(str(path), local_files_only=True)
    except Exception as error:
        raise ModelRefused(f"The tokenizer in {path} can't be loaded: {_first_line(error)}.") from error
    if tokenizer.eos_token_id is None:
        raise ModelRefused(f"The tokenizer in {path} has no end-of-sequence token.", "Choose another model.")
    if pad_token is not None:
        if pad_token not in tokenizer.get_vocab():
            raise ModelRefused(
                f"The padding token {pad_token!r} is not in the vocabulary of {path}.", "Choose one that is."
            )
        tokenizer.pad_token = pad_token
    if tokenizer.pad_token_id is None or tokenizer.pad_token_id == tokenizer.eos_token_id:
        what = "no padding token" if tokenizer.pad_token_id is None else "its end token as padding token"
        raise ModelRefused(
            f"The tokenizer in {path} has {what}; a model trained so would not learn to stop.",
            "Name another token of its vocabulary as padding token in the recipe.",
        )
    if template == "own" or (template == "auto" and not tokenizer.chat_template):
        tokenizer.chat_template = TEMPLATE
    elif not tokenizer.chat_template:
        raise ModelRefused(f"The tokenizer in {path} has no chat template.", 'Set the template to "own".')
    return tokenizer


def require_generation_marks(tokenizer: Any, path: Path) -> None:
    """Raise ModelRefused unless the template marks the assistant's text."""
    if "{% generation %}" not in str(tokenizer.chat_template).replace("{%-", "{%").replace("-%}", "%}"):
        raise ModelRefused(
            f"The chat template in {path} doesn't mark the assistant's text with {{% generation %}}, so the "
            "loss would cover the questions too.",
            'Set the template to "own".',
        )


def encode(tokenizer: Any, messages: list[dict[str, str]]) -> tuple[list[int], list[int]]:
    """Token ids and labels (-100 outside the assistant's text and its end of turn) of a conversation."""
    out = tokenizer.apply_chat_template(
        messages, tokenize=True, return_dict=True, return_assistant_tokens_mask=True
    )
    ids = list(out["input_ids"])
    labels = [token if marked else IGNORED for token, marked in zip(ids, out["assistant_masks"], strict=True)]
    return ids, labels


def prompt_ids(tokenizer: Any, messages: list[dict[str, str]]) -> list[int]:
    """Token ids up to where the assistant's next turn begins."""
    out = tokenizer.apply_chat_template(messages, tokenize=True, return_dict=True, add_generation_prompt=True)
    return list(out["input_ids"])


def check_labels(ids: list[int], labels: list[int], eos_id: int, turns: int, where: str) -> None:
    """Raise ModelRefused unless each of the ``turns`` assistant turns is in the loss with its end token."""
    following = [*labels[1:], IGNORED]
    ends = [i for i, label in enumerate(labels) if label != IGNORED and following[i] == IGNORED]
    if len(ends) < turns or any(ids[i] != eos_id for i in ends):
        raise ModelRefused(
            f"{where}: the end-of-turn token is not in the loss of all {turns} assistant turns.",
            'Set the template to "own".',
        )


def _first_line(error: Exception) -> str:
    return (str(error).strip().split("\n") or [type(error).__name__])[0].rstrip(".")[:300]
