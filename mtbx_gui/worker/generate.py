"""Lets a model answer two-turn items: ``python -m mtbx_gui.worker.generate RUN_DIR``.

All first turns, then all second turns, in batches. Every finished turn is kept at once (out/turns.jsonl) and
every finished answer too (out/answers.jsonl), so a resumed run generates missing turns only.
"""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtbx_gui.rundir.attempt import Attempt, run_main
from mtbx_gui.rundir.errors import MtbxError
from mtbx_gui.rundir.jsonl import read_lines
from mtbx_gui.worker import chat
from mtbx_gui.worker.loading import load_model
from mtbx_gui.worker.offline import go_offline


@dataclass(frozen=True)
class Request:
    """One turn to generate: the prompt's token ids, how to sample, at most how many tokens."""

    key: str
    item: dict[str, Any]
    turn: int
    prompt: list[int]
    temperature: float
    seed: int
    limit: int


def work(attempt: Attempt) -> dict[str, Any]:
    """Generate what is missing; returns what result.json holds."""
    items = attempt.input("items")
    turns = {str(row["key"]): row for row in read_lines(attempt.dir.out("turns"))}
    done = attempt.done_keys("answers")
    for item in items:
        _finish(attempt, item, turns, done)
    if len(done) < len(items):
        engine = _Engine(attempt)
        for turn in (1, 2):
            open_items = [item for item in items if f"{item['key']}:{turn}" not in turns]
            for row in engine.run(open_items, turn, turns, 2 * len(items)):
                turns[row["key"]] = row
                if turn == 2:
                    _finish(attempt, row["item"], turns, done)
            if attempt.cancelled():
                return {}
    cut = sum(row["finish_reason"] != "stop" for row in turns.values())
    return {
        "answers": len(done),
        "model_id": attempt.config["model_id"],
        "turns_cut": cut,
        "sentence": f"{len(done)} answers; {cut} of {len(turns)} turns did not end by themselves.",
    }


def _finish(attempt: Attempt, item: dict[str, Any], turns: dict[str, Any], done: set[str]) -> None:
    """Write the answer of an item whose two turns are there."""
    both = [turns.get(f"{item['key']}:{turn}") for turn in (1, 2)]
    if item["key"] in done or None in both:
        return
    rows = [row for row in both if row is not None]
    attempt.piece(
        "answers",
        {
            "key": item["key"],
            "question_id": item["question_id"],
            "language": item["language"],
            "model_id": attempt.config["model_id"],
            "answer_id": item["key"][:22],
            "turns": [row["text"] for row in rows],
            "finish_reasons": [row["finish_reason"] for row in rows],
            "token_counts": [row["tokens"] for row in rows],
            "temperature": item["temperature"],
            "seed": attempt.config["seed"],
            "seeds": [row["seed"] for row in rows],
            "engine": rows[1]["engine"],
            "tstamp": time.time(),
        },
    )
    done.add(item["key"])


def request_seed(model_id: str, question_id: str, language: str, turn: int, run: int, seed: int) -> int:
    """The seed of one turn: the same whatever else is in the batch, another one for each run number."""
    text = f"{model_id}\0{question_id}\0{language}\0{turn}\0{run}\0{seed}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big")


class _Engine:
    """Model, tokenizer and the batches; ``run`` yields rows as they are finished."""

    def __init__(self, attempt: Attempt) -> None:
        go_offline()
        attempt.log("loading the model")
        import torch
        import transformers
        from transformers import GenerationConfig

        config = attempt.config
        self.attempt = attempt
        self.batch = int(config["batch_size"])
        path = Path(config["model_path"])
        self.tokenizer = chat.load_tokenizer(path, config["template"], config["pad_token"])
        cuda = torch.cuda.is_available()
        if config["device"] == "cuda" and not cuda:
            raise MtbxError("No GPU can be used here.", 'Set the device to "auto" or "cpu".')
        self.device = "cuda" if cuda and config["device"] != "cpu" else "cpu"
        dtype = (
            config["dtype"] if config["dtype"] != "auto" else {"cuda": "bfloat16"}.get(self.device, "float32")
        )
        self.model = load_model(path, dtype, config["attention"])
        self.model.to(self.device).eval()
        self.context = int(getattr(self.model.config, "max_position_embeddings", 1 << 30))
        self.stops = _stop_ids(self.model, self.tokenizer)
        pad = self.tokenizer.pad_token_id
        self.model.generation_config = GenerationConfig(eos_token_id=self.stops, pad_token_id=pad)
        self.name = f"transformers {transformers.__version__}, torch {torch.__version__}, {dtype}"

    def run(
        self, items: list[dict[str, Any]], turn: int, turns: dict[str, Any], total: int
    ) -> Iterator[dict[str, Any]]:
        """Generate ``turn`` of the items, longest prompts first; stops early when cancelled."""
        requests = [self._request(item, turn, turns) for item in items]
        requests.sort(key=lambda request: (-len(request.prompt), request.key))
        start = 0
        while start < len(requests) and not self.attempt.cancelled():
            size = min(self.batch, len(requests) - start)
            begun = time.monotonic()
            rows = self._batch(requests[start : start + size])
            if self.attempt.cancelled():
                return
            if rows is None:
                continue
            for row in rows:
                self.attempt.piece("turns", {k: v for k, v in row.items() if k != "item"})
                yield row
            seconds, tokens = time.monotonic() - begun, sum(row["tokens"] for row in rows)
            rate = tokens / seconds if seconds > 0 else None
            finished = {"work": len(turns), "max_work": total, "tokens": tokens, "tok_s": rate}
            self.attempt.metric(finished)
            self.attempt.log(f"turn {turn}: {start + size} of {len(requests)}, {rate or 0:.0f} tokens/s")
            start += size

    def _request(self, item: dict[str, Any], turn: int, turns: dict[str, Any]) -> Request:
        config = self.attempt.config
        messages = [{"role": "user", "content": item["turns"][0]}]
        if turn == 2:
            first = turns[f"{item['key']}:1"]["text"]
            messages.append({"role": "assistant", "content": first})
            messages.append({"role": "user", "content": item["turns"][1]})
        prompt = chat.prompt_ids(self.tokenizer, messages)
        limit = min(int(config["max_new_tokens"]), self.context - len(prompt))
        who = (config["model_id"], item["question_id"], item["language"], turn)
        seed = request_seed(*who, int(config["run_number"]), int(config["seed"]))
        return Request(f"{item['key']}:{turn}", item, turn, prompt, float(item["temperature"]), seed, limit)

    def _batch(self, requests: list[Request]) -> list[dict[str, Any]] | None:
        """Generate a batch; None after halving the batch size because memory ran out."""
        import torch

        fitting = [request for request in requests if request.limit > 0]
        try:
            texts = self._generate(fitting) if fitting else {}
        except torch.cuda.OutOfMemoryError:
            if self.batch == 1:
                raise MtbxError(
                    "The GPU has too little memory for one answer.",
                    "Choose another GPU or fewer max_new_tokens.",
                ) from None
            self.batch = max(1, len(requests) // 2)
            torch.cuda.empty_cache()
            self.attempt.event("batch halved", batch_size=self.batch)
            return None
        return [self._row(request, texts.get(request.key, [])) for request in requests]

    def _row(self, request: Request, tokens: list[int]) -> dict[str, Any]:
        stopped = bool(tokens) and tokens[-1] in self.stops
        reason = "stop" if stopped else "length" if request.limit > 0 else "prompt_too_long"
        return {
            "key": request.key,
            "text": self.tokenizer.decode(tokens, skip_special_tokens=True).strip(),
            "finish_reason": reason,
            "tokens": len(tokens),
            "prompt_tokens": len(request.prompt),
            "temperature": request.temperature,
            "seed": request.seed,
            "engine": self.name,
            "item": request.item,
        }

    def _generate(self, requests: list[Request]) -> dict[str, list[int]]:
        """Token ids per request, up to and with the end token."""
        import torch

        from mtbx_gui.worker.sampling import Cancelled, SeededSampling

        width = max(len(request.prompt) for request in requests)
        limit = min(max(request.limit for request in requests), self.context - width)
        if any(request.limit > limit for request in requests):
            return {k: v for request in requests for k, v in self._generate([request]).items()}
        pad = self.tokenizer.pad_token_id
        ids = torch.full((len(requests), width), pad)
        mask = torch.zeros((len(requests), width), dtype=torch.long)
        for i, request in enumerate(requests):
            ids[i, width - len(request.prompt) :] = torch.tensor(request.prompt)
            mask[i, width - len(request.prompt) :] = 1
        sampling = SeededSampling([(r.temperature, r.seed) for r in requests], width, limit, self.device)
        with torch.inference_mode():
            out = self.model.generate(
                input_ids=ids.to(self.device),
                attention_mask=mask.to(self.device),
                do_sample=False,
                max_new_tokens=limit,
                logits_processor=[sampling],
                stopping_criteria=[Cancelled(self.attempt.cancelled)],
            )
        found = {}
        for request, row in zip(requests, out[:, width:].tolist(), strict=True):
            end = next((i + 1 for i, token in enumerate(row) if token in self.stops), len(row))
            found[request.key] = row[: min(end, request.limit)]
        return found


def _stop_ids(model: Any, tokenizer: Any) -> list[int]:
    """The tokens that end a turn: the tokenizer's and those the model's own settings name."""
    named = model.generation_config.eos_token_id
    more = named if isinstance(named, list) else [named] if named is not None else []
    return sorted({int(tokenizer.eos_token_id), *map(int, more)})


if __name__ == "__main__":
    raise SystemExit(run_main(work))
