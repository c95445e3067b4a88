"""Counts money: what was spent, and what calls in flight may still cost. A cap counts both."""

from dataclasses import dataclass

MESSAGE_TOKENS = 64
"""More than the tokens a chat adds around two messages."""


@dataclass(frozen=True, slots=True)
class CallPrice:
    """Prices per token, fixed when the run was planned."""

    input: float
    output: float

    def cost(self, prompt_tokens: int, reply_tokens: int) -> float:
        """What a call with this usage costs."""
        return prompt_tokens * self.input + reply_tokens * self.output

    def most(self, text_bytes: int, max_tokens: int) -> float:
        """The most a call can cost: no token is shorter than a byte, no reply longer than asked for."""
        return self.cost(text_bytes + MESSAGE_TOKENS, max_tokens)


class Budget:
    """Spent and reserved money; with a cap, their sum never exceeds it. `in_flight` counts reservations."""

    def __init__(self, cap: float | None, spent: float = 0.0) -> None:
        self.cap = cap
        self.spent = spent
        self.reserved = 0.0
        self.in_flight = 0

    def reserve(self, amount: float) -> bool:
        """Set `amount` aside for a call; False when that would exceed the cap."""
        if self.cap is not None and self.spent + self.reserved + amount > self.cap:
            return False
        self.reserved += amount
        self.in_flight += 1
        return True

    def settle(self, reserved: float, cost: float) -> None:
        """A call has ended: its reservation goes, its cost is spent."""
        self.in_flight -= 1
        self.reserved = self.reserved - reserved if self.in_flight else 0.0
        self.spent += cost
