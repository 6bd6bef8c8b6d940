"""One product."""

from dataclasses import dataclass, field
from typing import Dict, Optional, Set

from shop.money import Money


@dataclass
class Product:
    sku: str
    name: str
    price: Money
    category: Optional[str] = None
    tags: Set[str] = field(default_factory=set)
    attributes: Dict[str, str] = field(default_factory=dict)

    def attribute(self, name: str) -> Optional[str]:
        return self.attributes.get(name)

    def is_in(self, category: Optional[str]) -> bool:
        """Whether the product belongs to a category; None stands for all."""
        return category is None or self.category == category
