"""Amounts in cents: prices are never floats."""

import re
from dataclasses import dataclass
from typing import Iterable, Optional

_AMOUNT = re.compile(r"(\d+)(?:\.(\d{2}))?$")


@dataclass(frozen=True, order=True)
class Money:
    cents: int

    def __add__(self, other: "Money") -> "Money":
        return Money(self.cents + other.cents)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.cents - other.cents)

    def times(self, count: int) -> "Money":
        return Money(self.cents * count)

    def percent(self, rate: int) -> "Money":
        """A share of the amount, rounded half up."""
        return Money((self.cents * rate + 50) // 100)

    def __str__(self) -> str:
        return f"{self.cents // 100}.{self.cents % 100:02d}"


def parse(text: str) -> Optional[Money]:
    """Reads ``12`` or ``12.50``; anything else is None."""
    match = _AMOUNT.match(text.strip())
    if match is None:
        return None
    return Money(int(match.group(1)) * 100 + int(match.group(2) or 0))


def total(amounts: Iterable[Money]) -> Money:
    return Money(sum(amount.cents for amount in amounts))
