"""A day in the shop, on one screen."""

import sys
from typing import List, Optional

from shop.catalog import Catalog, Product
from shop.catalog.search import SearchIndex
from shop.clock import Clock
from shop.customers.customer import Register
from shop.identifiers import Numbering
from shop.inventory.reorder import ReorderRules
from shop.inventory.stock import Stock
from shop.inventory.warehouse import Warehouse
from shop.money import Money
from shop.orders.basket import Basket
from shop.orders.discounts import over
from shop.orders.invoice import invoice
from shop.orders.order import Counter
from shop.reports.prices import price_list
from shop.reports.sales import best_sellers


def day(clock: Clock) -> List[str]:
    catalog = Catalog(
        [
            Product("P0001", "Green tea", Money(450), "drinks/tea", {"leaf"}),
            Product("P0002", "Black tea", Money(395), "drinks/tea", {"leaf"}),
            Product("P0003", "Oat biscuits", Money(280), "food"),
        ]
    )
    numbering = Numbering()
    stock = Stock([Warehouse("shop", {"P0001": 4, "P0003": 9}), Warehouse("cellar", {"P0002": 20})], clock)
    counter = Counter(stock, numbering, clock, [over(Money(1000), 10)])
    basket = Basket(catalog)
    for product in SearchIndex(catalog).find("tea leaf"):
        basket.add(product.sku, 2)
    order = counter.sell(basket, Register(numbering).enrol("Maeve Byrne"))
    lines: List[str] = price_list(catalog) + [""] + invoice(order, catalog) + [""]
    lines += best_sellers(counter.orders, catalog) + [""]
    for proposal in ReorderRules().proposals(catalog, stock):
        lines.append(f"buy {proposal.quantity} of {catalog.get(proposal.sku).name}")
    return lines


def main(arguments: Optional[List[str]] = None) -> int:
    print("\n".join(day(Clock((arguments or [""])[0]))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or None))
