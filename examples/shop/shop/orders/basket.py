"""What a customer is about to buy."""

from typing import Dict, List, Tuple

from shop.catalog import Catalog, Product
from shop.money import Money, total


class Basket:
    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._quantities: Dict[str, int] = {}

    def add(self, sku: str, quantity: int = 1) -> None:
        self._catalog.get(sku)
        self._quantities[sku] = self._quantities.get(sku, 0) + quantity

    def items(self) -> List[Tuple[Product, int]]:
        return [(self._catalog.get(sku), quantity) for sku, quantity in self._quantities.items()]

    def subtotal(self) -> Money:
        return total(product.price.times(quantity) for product, quantity in self.items())
