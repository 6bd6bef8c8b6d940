import datetime
import unittest

from shop.clock import Clock
from shop.errors import OutOfStock
from shop.inventory.reorder import Proposal, ReorderRules
from shop.inventory.stock import Stock
from shop.inventory.warehouse import Warehouse
from tests.test_catalog import catalog


def stock() -> Stock:
    warehouses = [Warehouse("shop", {"P0001": 2, "P0003": 9}), Warehouse("cellar", {"P0001": 5})]
    return Stock(warehouses, Clock("2024-03-01"))


class StockTests(unittest.TestCase):
    def test_goods_come_from_the_fullest_warehouse_first(self):
        goods = stock()
        self.assertEqual(goods.take("P0001", 6, "O0001"), {"cellar": 5, "shop": 1})
        self.assertEqual(goods.quantity("P0001"), 1)
        self.assertEqual([m.order for m in goods.journal.of("P0001")], ["O0001", "O0001"])
        self.assertEqual(goods.journal.of("P0001", datetime.date(2024, 3, 2)), [])

    def test_more_than_there_is_cannot_be_taken(self):
        with self.assertRaises(OutOfStock):
            stock().take("P0003", 10)

    def test_empty_shelves_are_not_listed(self):
        warehouse = Warehouse("shop", {"P0001": 1})
        warehouse.take("P0001", 1)
        self.assertEqual(warehouse.skus(), frozenset())


class ReorderTests(unittest.TestCase):
    def test_what_runs_out_is_proposed(self):
        rules = ReorderRules(5, {"P0003": 10})
        self.assertEqual(rules.proposals(catalog(), stock()), [Proposal("P0002", 10), Proposal("P0003", 11)])


if __name__ == "__main__":
    unittest.main()
