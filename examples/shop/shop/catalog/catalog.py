"""All products, by number."""

from typing import Dict, Iterator, List, Optional

from shop.catalog.category import CategoryTree
from shop.catalog.product import Product
from shop.errors import UnknownProduct


class Catalog:
    def __init__(self, products: Optional[List[Product]] = None) -> None:
        self._products: Dict[str, Product] = {}
        self.categories = CategoryTree()
        for product in products or []:
            self.add(product)

    def add(self, product: Product) -> None:
        self._products[product.sku] = product
        if product.category is not None:
            self.categories.add(product.category)

    def get(self, sku: str) -> Product:
        try:
            return self._products[sku]
        except KeyError:
            raise UnknownProduct(sku) from None

    def __iter__(self) -> Iterator[Product]:
        return iter(self._products.values())

    def __len__(self) -> int:
        return len(self._products)

    def in_category(self, category: Optional[str]) -> List[Product]:
        return [product for product in self if product.is_in(category)]
