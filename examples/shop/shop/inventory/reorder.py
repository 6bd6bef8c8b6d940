"""What to buy before it runs out."""

from typing import Dict, List, NamedTuple

from shop.catalog import Catalog
from shop.inventory.stock import Stock


class Proposal(NamedTuple):
    sku: str
    quantity: int


class ReorderRules:
    def __init__(self, minimum: int = 5, minimums: Dict[str, int] = {}) -> None:
        self._minimum = minimum
        self._minimums: Dict[str, int] = dict(minimums)

    def proposals(self, catalog: Catalog, stock: Stock) -> List[Proposal]:
        found: List[Proposal] = []
        for product in catalog:
            minimum = self._minimums.get(product.sku, self._minimum)
            quantity = stock.quantity(product.sku)
            if quantity < minimum:
                found.append(Proposal(product.sku, 2 * minimum - quantity))
        return found
