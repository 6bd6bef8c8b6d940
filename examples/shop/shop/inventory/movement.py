"""Goods come and go; each time is written down."""

import datetime
from dataclasses import dataclass
from typing import List, Optional


@dataclass(frozen=True)
class Movement:
    sku: str
    quantity: int
    warehouse: str
    day: datetime.date
    order: Optional[str] = None


class Journal:
    def __init__(self) -> None:
        self._movements: List[Movement] = []

    def write(self, movement: Movement) -> None:
        self._movements.append(movement)

    def of(self, sku: str, since: Optional[datetime.date] = None) -> List[Movement]:
        return [
            movement
            for movement in self._movements
            if movement.sku == sku and (since is None or movement.day >= since)
        ]
