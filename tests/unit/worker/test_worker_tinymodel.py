import json
import subprocess
import sys
from pathlib import Path

import pytest

from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.worker import tinymodel
from mtbx_gui.worker.chat import IGNORED, encode, load_tokenizer, prompt_ids


def test_it_is_small_has_its_own_padding_token_and_a_template_with_marks(tiny_model: Path) -> None:
    assert (tiny_model / "model.safetensors").stat().st_size < 4 * 3_000_000
    config = json.loads((tiny_model / "config.json").read_text())
    assert config["pad_token_id"] != config["eos_token_id"]
    assert json.loads((tiny_model / "tokenizer.json").read_text())["model"]["type"] == "Unigram"
    assert "{% generation %}" in (tiny_model / "chat_template.jinja").read_text()


def test_the_same_texts_and_seed_give_the_same_bytes(tiny_model: Path, tmp_path: Path) -> None:
    texts = tinymodel.read_texts(tiny_model.parent / "texts.jsonl")
    code = (
        "import json, sys; from pathlib import Path; from mtbx_gui.worker.tinymodel import make_tiny_model\n"
        "print(make_tiny_model(Path(sys.argv[1]), json.loads(sys.argv[2]), 3))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "again"), json.dumps(texts)]
    count = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert 300_000 < count < 3_000_000
    for path in tiny_model.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.parametrize(
    "text", ["Unseen: 中文 😀 ÿ", "  two  spaces\n\n\ttab", "def f(x):\n    return 12 < 3"]
)
def test_its_tokenizer_loses_no_character(tiny_model: Path, text: str) -> None:
    tokenizer = load_tokenizer(tiny_model, "auto")
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    assert tokenizer.decode(ids) == text
    assert tokenizer.unk_token_id not in ids


def test_the_loss_covers_what_the_assistant_says_and_the_prompt_is_a_prefix(tiny_model: Path) -> None:
    tokenizer = load_tokenizer(tiny_model, "own")
    talk = [
        {"role": "user", "content": "What is the capital of France?"},
        {"role": "assistant", "content": "Paris."},
        {"role": "user", "content": "And of Italy?"},
        {"role": "assistant", "content": "Rome."},
    ]
    ids, labels = encode(tokenizer, talk)
    said = [token for token in labels if token != IGNORED]
    assert tokenizer.decode(said) == "Paris.</s>Rome.</s>"
    for turns in (1, 3):
        prompt = prompt_ids(tokenizer, talk[:turns])
        assert ids[: len(prompt)] == prompt and labels[len(prompt)] != IGNORED


def test_it_refuses_an_existing_folder_and_no_text(tiny_model: Path, tmp_path: Path) -> None:
    with pytest.raises(MtbxError, match="exists already"):
        tinymodel.make_tiny_model(tiny_model, ["a"])
    with pytest.raises(MtbxError, match="no text"):
        tinymodel.make_tiny_model(tmp_path / "x", ["", " "])
    assert tinymodel.main(["only one argument"]) == 2
