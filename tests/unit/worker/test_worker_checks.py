"""What would train or validate wrongly without anybody noticing is refused, or doesn't matter."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.worker import checkpoints
from mtbx_gui.worker.chat import ModelRefused, check_labels, encode, load_tokenizer, require_generation_marks
from mtbx_gui.worker.generate import request_seed
from mtbx_gui.worker.train import _check, split_batch


def with_tokenizer(model: Path, target: Path, **changes: Any) -> Path:
    shutil.copytree(model, target)
    config = json.loads((target / "tokenizer_config.json").read_text()) | changes
    (target / "tokenizer_config.json").write_text(json.dumps(config))
    return target


def test_a_padding_token_that_is_the_end_token_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    same = with_tokenizer(tiny_model, tmp_path / "same", pad_token="</s>")
    with pytest.raises(ModelRefused, match="end token as padding token"):
        load_tokenizer(same, "own")
    none = with_tokenizer(tiny_model, tmp_path / "none", pad_token=None)
    with pytest.raises(ModelRefused, match="no padding token"):
        load_tokenizer(none, "own")
    tokenizer = load_tokenizer(same, "own", pad_token="<pad>")
    assert tokenizer.pad_token_id != tokenizer.eos_token_id
    with pytest.raises(ModelRefused, match="not in the vocabulary"):
        load_tokenizer(same, "own", pad_token="<fill>")


def test_a_template_without_marks_or_end_token_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    shutil.copytree(tiny_model, plain)
    (plain / "chat_template.jinja").write_text("{% for m in messages %}{{ m['content'] }}{% endfor %}")
    with pytest.raises(ModelRefused, match="generation"):
        require_generation_marks(load_tokenizer(plain, "tokenizer"), plain)
    require_generation_marks(load_tokenizer(plain, "own"), plain)
    endless = (
        "{% for m in messages %}{% if m['role'] == 'assistant' %}{% generation %}{{ m['content'] }}"
        "{% endgeneration %}{% else %}{{ m['content'] }}{% endif %}{{ eos_token }}{% endfor %}"
    )
    (plain / "chat_template.jinja").write_text(endless)
    tokenizer = load_tokenizer(plain, "auto")
    talk = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Rome"}]
    with pytest.raises(ModelRefused, match="Conversation 1: the end-of-turn token"):
        check_labels(*encode(tokenizer, talk), tokenizer.eos_token_id, 1, "Conversation 1")


def test_a_batch_is_exact_or_refused() -> None:
    assert split_batch(64, None, 1) == (16, 4)
    assert split_batch(64, 8, 4) == (8, 2)
    assert split_batch(7, None, 1) == (7, 1)
    with pytest.raises(MtbxError, match=r"don't divide.* 1, 2, 4, 8, 16, 32, 64"):
        split_batch(64, 7, 1)
    with pytest.raises(MtbxError, match="multiple of 3"):
        split_batch(64, None, 3)


def test_half_precision_weights_and_too_long_conversations_are_refused(tiny_model: Path) -> None:
    import torch

    tokenizer = load_tokenizer(tiny_model, "own")
    end = tokenizer.eos_token_id
    rows = [{"input_ids": [9, end], "labels": [-100, end]}]

    def trainer(dtype: torch.dtype, context: int) -> SimpleNamespace:
        model = torch.nn.Linear(2, 2).to(dtype)
        model.config = SimpleNamespace(max_position_embeddings=context)
        return SimpleNamespace(model=model, train_dataset=rows)

    _check(trainer(torch.float32, 2), tokenizer, 1)
    with pytest.raises(MtbxError, match="bfloat16"):
        _check(trainer(torch.bfloat16, 2), tokenizer, 1)
    with pytest.raises(MtbxError, match="2 tokens, the model takes 1"):
        _check(trainer(torch.float32, 1), tokenizer, 1)
    with pytest.raises(MtbxError, match="1 conversations were dropped"):
        _check(trainer(torch.float32, 2), tokenizer, 2)


def test_validation_loss_does_not_depend_on_the_batch(tiny_model: Path, talks: list[dict[str, Any]]) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    from mtbx_gui.worker.validation import Validator

    tokenizer = load_tokenizer(tiny_model, "own")
    model = AutoModelForCausalLM.from_pretrained(tiny_model, dtype=torch.float32)
    data: dict[str, list[tuple[list[int], list[int]]]] = {}
    for talk in talks:
        data.setdefault(talk["language"], []).append(encode(tokenizer, talk["messages"]))
    losses = [Validator(data, tokenizer.pad_token_id, size).measure(model) for size in (1, 3, 20)]
    for language, rows in data.items():
        total, tokens = 0.0, 0
        for ids, labels in rows:
            with torch.no_grad():
                out = model(input_ids=torch.tensor([ids]), labels=torch.tensor([labels]))
            count = sum(label != -100 for label in labels[1:])
            total, tokens = total + float(out.loss) * count, tokens + count
        assert [loss[language] for loss in losses] == pytest.approx([total / tokens] * 3, rel=1e-5)


def test_only_whole_checkpoints_count(tmp_path: Path) -> None:
    for step in (5, 10, 20):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        (folder / "weights").write_bytes(b"x" * step)
        if step < 20:
            checkpoints.seal(folder)
    assert checkpoints.newest(tmp_path) == tmp_path / "checkpoint-10"
    assert not (tmp_path / "checkpoint-20").exists()
    (tmp_path / "checkpoint-10" / "weights").write_bytes(b"x")
    assert checkpoints.newest(tmp_path) == tmp_path / "checkpoint-5"
    checkpoints.keep_only(tmp_path / "checkpoint-5")
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-5"]
    checkpoints.remove_all(tmp_path)
    assert checkpoints.newest(tmp_path) is None


def test_drawing_follows_the_distribution_and_its_own_stream() -> None:
    import torch

    from mtbx_gui.worker.sampling import SeededSampling

    scores = torch.log(torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0.5, 0.3, 0.2]]))
    sampling = SeededSampling([(0.0, 1), (1.0, 2), (1.0, 3)], prompt_width=4, limit=4000, device="cpu")
    drawn = [
        sampling(torch.zeros(3, 4 + at, dtype=torch.long), scores).argmax(dim=-1).tolist()
        for at in range(4000)
    ]
    counts = [[sum(row[i] == token for row in drawn) / 4000 for token in range(3)] for i in range(3)]
    assert counts[0] == [1.0, 0.0, 0.0]
    assert counts[1] == pytest.approx([0.1, 0.2, 0.7], abs=0.03)
    assert counts[2] == pytest.approx([0.5, 0.3, 0.2], abs=0.03)
    alone = SeededSampling([(1.0, 3)], prompt_width=9, limit=4000, device="cpu")
    tokens = [
        alone(torch.zeros(1, 9 + at, dtype=torch.long), scores[2:]).argmax().item() for at in range(100)
    ]
    assert tokens == [row[2] for row in drawn[:100]]


def test_seeds_differ_by_everything_that_names_a_turn() -> None:
    first = ("m", "81", "de", 1, 1, 42)
    changes = enumerate(("n", "82", "fr", 2, 2, 43))
    others = [(*first[:place], new, *first[place + 1 :]) for place, new in changes]
    assert len({request_seed(*names) for names in [first, *others]}) == 7
    assert request_seed(*first) == request_seed(*first) < 2**63
