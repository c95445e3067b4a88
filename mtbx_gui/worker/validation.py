"""Validation loss per language: summed token losses divided by tokens, whatever the batch size."""

from typing import Any

from mtbx_gui.worker.chat import IGNORED

Encoded = tuple[list[int], list[int]]


class Validator:
    """Holds the validation conversations (token ids, labels) by language; ``last`` is the newest result."""

    def __init__(self, data: dict[str, list[Encoded]], pad_id: int, batch: int) -> None:
        self.data = {
            language: sorted(rows, key=lambda row: len(row[0])) for language, rows in sorted(data.items())
        }
        self.pad_id = pad_id
        self.batch = batch
        self.last: dict[str, float] = {}

    def measure(self, model: Any) -> dict[str, float]:
        """The mean loss per assistant token (natural logarithm) of each language; {} without data."""
        import torch

        training = model.training
        model.eval()
        try:
            with torch.no_grad():
                self.last = {language: self._loss(model, rows) for language, rows in self.data.items()}
        finally:
            model.train(training)
        return self.last

    def _loss(self, model: Any, rows: list[Encoded]) -> float:
        total, tokens = 0.0, 0
        for start in range(0, len(rows), self.batch):
            loss, count = self._batch_loss(model, rows[start : start + self.batch])
            total, tokens = total + loss, tokens + count
        return total / max(tokens, 1)

    def _batch_loss(self, model: Any, rows: list[Encoded]) -> tuple[float, int]:
        import torch
        from torch.nn.functional import cross_entropy

        device = next(model.parameters()).device
        width = max(len(ids) for ids, _ in rows)
        ids = torch.full((len(rows), width), self.pad_id)
        labels = torch.full((len(rows), width), IGNORED)
        mask = torch.zeros((len(rows), width), dtype=torch.long)
        for i, (row_ids, row_labels) in enumerate(rows):
            ids[i, : len(row_ids)] = torch.tensor(row_ids)
            labels[i, : len(row_ids)] = torch.tensor(row_labels)
            mask[i, : len(row_ids)] = 1
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
            logits = model(input_ids=ids.to(device), attention_mask=mask.to(device), use_cache=False).logits
        total = 0.0
        for i in range(len(rows)):  # one row at a time: fp32 logits of a whole batch may not fit
            row = cross_entropy(
                logits[i, :-1].float(), labels[i, 1:].to(device), ignore_index=IGNORED, reduction="sum"
            )
            total += float(row)
        return total, int((labels[:, 1:] != IGNORED).sum())
