"""What the shop sells."""

from shop.catalog.catalog import Catalog
from shop.catalog.product import Product

__all__ = ["Catalog", "Product"]
