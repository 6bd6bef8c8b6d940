"""A basket that was paid for."""

import datetime
from dataclasses import dataclass, field
from typing import Dict, List, Optional, Union

from shop.clock import Clock
from shop.customers.customer import Customer
from shop.identifiers import Numbering
from shop.inventory.stock import Stock
from shop.money import Money
from shop.orders.basket import Basket
from shop.orders.discounts import Discount, best


@dataclass
class Order:
    number: str
    customer: Customer
    day: datetime.date
    quantities: Dict[str, int]
    due: Money
    note: Optional[str] = None
    picked: Dict[str, Dict[str, int]] = field(default_factory=dict)


class Counter:
    """Takes orders: the goods leave the stock at once."""

    def __init__(self, stock: Stock, numbering: Numbering, clock: Clock, discounts: List[Discount]) -> None:
        self._stock = stock
        self._numbering = numbering
        self._clock = clock
        self._discounts = discounts
        self.orders: List[Order] = []

    def sell(self, basket: Basket, customer: Customer, note: Optional[str] = None) -> Order:
        due = basket.subtotal() - best(self._discounts, basket)
        quantities = {product.sku: quantity for product, quantity in basket.items()}
        order = Order(self._numbering.next("order"), customer, self._clock.today(), quantities, due, note)
        for sku, quantity in quantities.items():
            order.picked[sku] = self._stock.take(sku, quantity, order.number)
        self.orders.append(order)
        return order

    def find(self, key: Union[str, datetime.date]) -> List[Order]:
        """Orders by number or by day."""
        return [order for order in self.orders if key in (order.number, order.day)]
