"""One warehouse and what lies in it."""

from typing import Dict, FrozenSet, Optional

from shop.errors import OutOfStock


class Warehouse:
    def __init__(self, name: str, stock: Optional[Dict[str, int]] = None) -> None:
        self.name = name
        self._stock: Dict[str, int] = dict(stock or {})

    def quantity(self, sku: str) -> int:
        return self._stock.get(sku, 0)

    def put(self, sku: str, quantity: int) -> None:
        self._stock[sku] = self.quantity(sku) + quantity

    def take(self, sku: str, quantity: int) -> None:
        available = self.quantity(sku)
        if available < quantity:
            raise OutOfStock(sku, quantity, available)
        self._stock[sku] = available - quantity

    def skus(self) -> FrozenSet[str]:
        return frozenset(sku for sku, quantity in self._stock.items() if quantity > 0)
