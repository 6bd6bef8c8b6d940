"""What was sold on a day."""

import datetime
from collections import Counter as Tally
from typing import Dict, List, Optional

from shop.catalog import Catalog
from shop.money import Money, total
from shop.orders.order import Order
from shop.reports.table import table


def turnover(orders: List[Order], day: Optional[datetime.date] = None) -> Money:
    return total(order.due for order in orders if day is None or order.day == day)


def best_sellers(orders: List[Order], catalog: Catalog, count: int = 3) -> List[str]:
    sold: Dict[str, int] = Tally()
    for order in orders:
        for sku, quantity in order.quantities.items():
            sold[sku] += quantity
    ranked: List[str] = sorted(sold, key=lambda sku: (-sold[sku], sku))[:count]
    return table(["Product", "Sold"], [[catalog.get(sku).name, str(sold[sku])] for sku in ranked])
