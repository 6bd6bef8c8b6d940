"""Reasons to ask for less."""

from typing import Callable, List, Optional

from shop.money import Money
from shop.orders.basket import Basket

Discount = Callable[[Basket], Optional[Money]]


def over(threshold: Money, rate: int) -> Discount:
    """A share off when the basket is worth enough."""

    def discount(basket: Basket) -> Optional[Money]:
        subtotal = basket.subtotal()
        return subtotal.percent(rate) if subtotal >= threshold else None

    return discount


def third_free(sku: str) -> Discount:
    """Every third one of a product costs nothing."""

    def discount(basket: Basket) -> Optional[Money]:
        for product, quantity in basket.items():
            if product.sku == sku and quantity >= 3:
                return product.price.times(quantity // 3)
        return None

    return discount


def best(discounts: List[Discount], basket: Basket) -> Money:
    """The one that is worth most; they do not add up."""
    amounts: List[Money] = [amount for amount in (rule(basket) for rule in discounts) if amount is not None]
    return max(amounts, default=Money(0))
