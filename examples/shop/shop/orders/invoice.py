"""An order as a piece of paper."""

from typing import List

from shop.catalog import Catalog
from shop.orders.order import Order


def invoice(order: Order, catalog: Catalog) -> List[str]:
    lines: List[str] = [f"Invoice {order.number}", order.customer.name]
    address = order.customer.parcel_address()
    if address is not None:
        lines += address.lines()
    lines.append("")
    for sku, quantity in order.quantities.items():
        product = catalog.get(sku)
        lines.append(f"{quantity:3d} x {product.name:<24}{str(product.price.times(quantity)):>9}")
    lines.append(f"{'due':<30}{str(order.due):>9}")
    return lines
