"""What tokens cost and how many a text has, both from files under resources/. Never a price in the code."""

import functools
import json
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from mtbx_gui.assets import resources


class Price(BaseModel):
    """Price of `per_tokens` tokens read and written."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    input: float = Field(ge=0)
    output: float = Field(ge=0)


class PriceList(BaseModel):
    """resources/prices.json: every price with the date and source of the list."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    note: str = ""
    currency: str
    per_tokens: int = Field(gt=0)
    date: date
    source: str = Field(min_length=1)
    batch_factor: float = Field(gt=0, le=1)
    models: dict[str, Price]

    def cost(self, model: str | None, prompt_tokens: float, reply_tokens: float) -> float | None:
        """What so many tokens cost in `currency`; None when the list has no price for this name."""
        price = self.models.get(model) if model is not None else None
        if price is None:
            return None
        return (prompt_tokens * price.input + reply_tokens * price.output) / self.per_tokens


class TokenTable(BaseModel):
    """resources/tokens.json: how long texts are in tokens, until real usage is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    note: str = ""
    date: date
    source: str = Field(min_length=1)
    characters_per_token: dict[str, float]
    other_languages: float = Field(gt=0)
    reply_tokens: dict[str, int]
    message_tokens: int = Field(ge=0)
    spread: float = Field(ge=0, lt=1)

    def of_text(self, characters: int, language: str) -> int:
        """The estimated number of tokens of a prompt in one language."""
        per_token = self.characters_per_token.get(language, self.other_languages)
        return round(characters / per_token) + self.message_tokens


@functools.cache
def price_list(path: Path | None = None) -> PriceList:
    """The prices in `path`, by default those shipped. Raises pydantic.ValidationError naming the field."""
    file = path or resources() / "prices.json"
    return PriceList.model_validate(json.loads(file.read_text(encoding="utf-8")))


@functools.cache
def token_table() -> TokenTable:
    """The shipped table of token lengths."""
    return TokenTable.model_validate(json.loads((resources() / "tokens.json").read_text(encoding="utf-8")))
