"""Finding products by what a customer says."""

from typing import Dict, List, Set, Tuple

from shop.catalog.catalog import Catalog
from shop.catalog.product import Product


def words(text: str) -> Set[str]:
    return {word for word in text.lower().replace("-", " ").split() if len(word) > 1}


class SearchIndex:
    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._skus: Dict[str, Set[str]] = {}
        for product in catalog:
            for word in words(product.name) | product.tags:
                self._skus.setdefault(word, set()).add(product.sku)

    def find(self, query: str) -> List[Product]:
        """The best match first: the most words in common, then the number."""
        scores: Dict[str, int] = {}
        for word in words(query):
            for sku in self._skus.get(word, set()):
                scores[sku] = scores.get(sku, 0) + 1
        ranked: List[Tuple[int, str]] = sorted((-score, sku) for sku, score in scores.items())
        return [self._catalog.get(sku) for _, sku in ranked]
