import datetime
import unittest

from shop.clock import Clock
from shop.customers.address import Address
from shop.customers.customer import Register
from shop.errors import UnknownCustomer
from shop.identifiers import Numbering, split
from shop.money import Money
from shop.orders.basket import Basket
from shop.orders.discounts import best, over, third_free
from shop.orders.invoice import invoice
from shop.orders.order import Counter
from tests.test_catalog import catalog
from tests.test_inventory import stock


class CustomerTests(unittest.TestCase):
    def test_customers_are_found_by_number_and_name(self):
        register = Register(Numbering())
        customer = register.enrol("Maeve Byrne")
        self.assertIs(register.get("C0001"), customer)
        self.assertEqual(register.named("Maeve Byrne"), [customer])
        with self.assertRaises(UnknownCustomer):
            register.get("C0002")

    def test_the_country_is_said_abroad(self):
        self.assertEqual(Address("1 Quay", "Cork", "T12", "Ireland").lines(), ["1 Quay", "T12 Cork"])
        self.assertEqual(Address("2 Rue", "Brest", "29200", "France").lines()[-1], "FRANCE")

    def test_identifiers_tell_their_kind(self):
        self.assertEqual(split("O0012"), ("order", 12))


class DiscountTests(unittest.TestCase):
    def test_the_best_discount_counts(self):
        basket = Basket(catalog())
        basket.add("P0001", 3)
        rules = [over(Money(1000), 10), third_free("P0001")]
        self.assertEqual(best(rules, basket), Money(450))
        self.assertEqual(best([], basket), Money(0))


class OrderTests(unittest.TestCase):
    def sale(self):
        numbering = Numbering()
        customer = Register(numbering).enrol("Maeve Byrne")
        customer.addresses.append(Address("1 Quay", "Cork", "T12"))
        counter = Counter(stock(), numbering, Clock("2024-03-01"), [over(Money(1000), 10)])
        basket = Basket(catalog())
        basket.add("P0001", 2)
        basket.add("P0003")
        return counter, counter.sell(basket, customer)

    def test_goods_leave_the_stock_when_they_are_sold(self):
        counter, order = self.sale()
        self.assertEqual(order.due, Money(1062))
        self.assertEqual(order.picked, {"P0001": {"cellar": 2}, "P0003": {"shop": 1}})
        self.assertEqual(counter.find("O0001"), [order])
        self.assertEqual(counter.find(datetime.date(2024, 3, 1)), [order])

    def test_the_invoice_says_who_what_and_how_much(self):
        _, order = self.sale()
        lines = invoice(order, catalog())
        self.assertEqual(lines[:4], ["Invoice O0001", "Maeve Byrne", "1 Quay", "T12 Cork"])
        self.assertTrue(lines[-1].endswith("10.62"))


if __name__ == "__main__":
    unittest.main()
