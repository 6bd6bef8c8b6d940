"""Products as JSON, one file for all."""

import json
from typing import Any, Dict, List

from shop.catalog import Catalog, Product
from shop.money import Money, parse


def to_record(product: Product) -> Dict[str, Any]:
    return {
        "sku": product.sku,
        "name": product.name,
        "price": str(product.price),
        "category": product.category,
        "tags": sorted(product.tags),
        "attributes": product.attributes,
    }


def from_record(record: Dict[str, Any]) -> Product:
    price = parse(record["price"])
    return Product(
        record["sku"],
        record["name"],
        price if price is not None else Money(0),
        record.get("category"),
        set(record.get("tags", [])),
        dict(record.get("attributes", {})),
    )


def dumps(catalog: Catalog) -> str:
    records: List[Dict[str, Any]] = [to_record(product) for product in catalog]
    return json.dumps(records, indent=2)


def loads(text: str) -> Catalog:
    return Catalog([from_record(record) for record in json.loads(text)])
