"""Makes a tiny Llama-like model from scratch, so that every step can be tried without a download or a GPU.

It can't write sense; it is for learning the program and for tests. ``python -m mtbx_gui.worker.tinymodel OUT
TEXTS.jsonl SEED`` reads {"text": …} lines (or {"messages": […]}).
"""

import json
import math
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.rundir.jsonl import read_lines
from mtbx_gui.worker.chat import TEMPLATE
from mtbx_gui.worker.offline import go_offline

UNK, BOS, EOS, PAD = "<unk>", "<s>", "</s>", "<pad>"
VOCABULARY = 3000
HIDDEN, LAYERS, HEADS, FEED_FORWARD = 128, 4, 4, 352
CONTEXT = 2048


def make_tiny_model(out: Path, texts: list[str], seed: int = 0) -> int:
    """Write tokenizer and fp32 weights into the new folder ``out``; returns the number of parameters (< 3M).

    The same texts and seed give the same bytes. Raises MtbxError when ``out`` exists or there is no text.
    """
    if out.exists():
        raise MtbxError(f"{out} exists already.", "Choose another folder for the tiny model.")
    if not any(text.strip() for text in texts):
        raise MtbxError("There is no text to make a tiny model from.", "Give it at least some sentences.")
    go_offline()
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    temporary = out.with_name(f".{out.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    tokenizer = train_tokenizer(texts)
    tokenizer.save_pretrained(temporary)
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=HIDDEN,
        intermediate_size=FEED_FORWARD,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=False,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = LlamaForCausalLM(config).float()
    model.save_pretrained(temporary)
    temporary.rename(out)
    return sum(parameter.numel() for parameter in model.parameters())


def train_tokenizer(texts: list[str]) -> Any:
    """A Unigram tokenizer like SentencePiece's, trained on ``texts``, with bytes for what it never saw."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    special = [UNK, BOS, EOS, PAD]
    split = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\n|\d"), "isolated"),
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="never"),
        ]
    )
    learned = Tokenizer(models.Unigram())
    learned.normalizer = normalizers.NFC()
    learned.pre_tokenizer = split
    trainer = trainers.UnigramTrainer(
        vocab_size=VOCABULARY, special_tokens=special, unk_token=UNK, show_progress=False
    )
    learned.train_from_iterator(texts, trainer)
    found = {piece for piece, _ in json.loads(learned.to_str())["model"]["vocab"]}
    vocabulary = _score(sorted(found - set(special)), special, learned, texts)
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=True))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = split
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    tokenizer.add_special_tokens(special)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token=UNK,
        bos_token=BOS,
        eos_token=EOS,
        pad_token=PAD,
        chat_template=TEMPLATE,
        model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
    )


def _score(pieces: list[str], special: list[str], learned: Any, texts: list[str]) -> list[tuple[str, float]]:
    """Special tokens, bytes and ``pieces`` with log probabilities, by two rounds of counting best splits.

    The trainer's own scores change in the fourth digit from run to run; these don't.
    """
    from tokenizers import Tokenizer, models

    head = [*special, *(f"<0x{byte:02X}>" for byte in range(256))]
    scores = dict.fromkeys(pieces, -10.0)
    for _ in range(2):
        model = models.Unigram([*((piece, -30.0) for piece in head), *scores.items()], unk_id=0)
        splitter = Tokenizer(model)
        splitter.normalizer, splitter.pre_tokenizer = learned.normalizer, learned.pre_tokenizer
        counts = Counter(token for text in texts for token in splitter.encode(text).tokens)
        total = sum(counts.values()) + len(pieces)
        scores = {piece: round(math.log((counts[piece] + 0.5) / total), 4) for piece in pieces}
    return [*((piece, -30.0) for piece in head), *scores.items()]


def read_texts(path: Path) -> list[str]:
    """The texts of a JSON-lines file: "text" of each line, or the contents of its "messages"."""
    texts: list[str] = []
    for row in read_lines(path):
        messages = row.get("messages") or []
        texts.extend([str(row["text"])] if "text" in row else [str(m["content"]) for m in messages])
    return texts


def main(argv: list[str]) -> int:
    """The command line; returns the exit code."""
    if len(argv) != 3 or not argv[2].isdigit():
        print("usage: python -m mtbx_gui.worker.tinymodel OUT TEXTS.jsonl SEED", file=sys.stderr)
        return 2
    try:
        count = make_tiny_model(Path(argv[0]), read_texts(Path(argv[1])), int(argv[2]))
    except MtbxError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{argv[0]}: {count:,} parameters")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
