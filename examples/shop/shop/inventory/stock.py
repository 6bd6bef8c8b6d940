"""The stock of all warehouses together."""

from typing import Dict, List, Optional

from shop.clock import Clock
from shop.errors import OutOfStock
from shop.inventory.movement import Journal, Movement
from shop.inventory.warehouse import Warehouse


class Stock:
    def __init__(self, warehouses: List[Warehouse], clock: Optional[Clock] = None) -> None:
        self._warehouses: Dict[str, Warehouse] = {warehouse.name: warehouse for warehouse in warehouses}
        self._clock = clock or Clock()
        self.journal = Journal()

    def quantity(self, sku: str) -> int:
        return sum(warehouse.quantity(sku) for warehouse in self._warehouses.values())

    def take(self, sku: str, quantity: int, order: Optional[str] = None) -> Dict[str, int]:
        """Takes goods from the fullest warehouse first, and says how many from where."""
        if self.quantity(sku) < quantity:
            raise OutOfStock(sku, quantity, self.quantity(sku))
        taken: Dict[str, int] = {}
        rest = quantity
        for warehouse in sorted(self._warehouses.values(), key=lambda each: -each.quantity(sku)):
            part = min(rest, warehouse.quantity(sku))
            if part == 0:
                continue
            warehouse.take(sku, part)
            self.journal.write(Movement(sku, -part, warehouse.name, self._clock.today(), order))
            taken[warehouse.name] = part
            rest -= part
        return taken
