"""Sampling that doesn't depend on the batch: each request draws from its own stream of random numbers.

It imports torch at once, so only worker.generate may load it, when it is needed.
"""

from collections.abc import Callable
from typing import Any

import torch
from transformers import LogitsProcessor, StoppingCriteria


class SeededSampling(LogitsProcessor):  # type: ignore[misc]
    """Leaves the scores of greedy requests (temperature 0) alone; of the others' only the drawn token stays.

    A token is drawn by the inverse of the cumulative distribution at softmax(logits / temperature), no top-k
    or top-p, as FastChat does. ``requests`` are (temperature, seed) in the order of the batch.
    """

    def __init__(self, requests: list[tuple[float, int]], prompt_width: int, limit: int, device: str) -> None:
        self.prompt_width = prompt_width
        self.rows = [i for i, (temperature, _) in enumerate(requests) if temperature > 0]
        self.temperatures = torch.tensor([requests[i][0] for i in self.rows], device=device)[:, None]
        draws = []
        for i in self.rows:
            generator = torch.Generator().manual_seed(requests[i][1])
            draws.append(torch.rand(limit, generator=generator, dtype=torch.float64))
        self.draws = torch.stack(draws).to(device) if draws else torch.empty(0, limit, device=device)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Scores (batch, vocabulary) whose maximum is the token to take."""
        if not self.rows:
            return scores
        at = input_ids.shape[1] - self.prompt_width
        probabilities = torch.softmax(scores[self.rows].double() / self.temperatures, dim=-1)
        cumulative = probabilities.cumsum(dim=-1)
        points = self.draws[:, at : at + 1] * cumulative[:, -1:]
        chosen = torch.searchsorted(cumulative, points, right=True).clamp(max=scores.shape[-1] - 1)
        scores = scores.clone()
        drawn = torch.full_like(scores[self.rows], float("-inf"))
        drawn.scatter_(1, chosen, 0.0)
        scores[self.rows] = drawn
        return scores


class Cancelled(StoppingCriteria):  # type: ignore[misc]
    """Ends a batch at the next token once ``asked()`` is true; what came of it so far is thrown away."""

    def __init__(self, asked: Callable[[], bool]) -> None:
        self.asked = asked

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **kwargs: Any) -> torch.Tensor:
        """True for every row when cancelled."""
        return torch.full((input_ids.shape[0],), self.asked(), device=input_ids.device, dtype=torch.bool)
