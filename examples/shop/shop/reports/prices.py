"""The list of prices, as it hangs in the window."""

from typing import Dict, List, Optional

from shop.catalog import Catalog, Product
from shop.reports.table import table

TITLES: Dict[str, str] = {"name": "Product", "price": "List price", "category": "Category"}


def price_list(catalog: Catalog, category: Optional[str] = None) -> List[str]:
    """All products of a category, by name."""
    products: List[Product] = sorted(catalog.in_category(category), key=lambda product: product.name)
    rows: List[List[str]] = [
        [product.name, str(product.price), product.category or "-"] for product in products
    ]
    return table(list(TITLES.values()), rows)
