import unittest

from shop.catalog import Catalog, Product
from shop.catalog.category import CategoryTree
from shop.catalog.search import SearchIndex
from shop.errors import UnknownProduct
from shop.money import Money, parse
from shop.storage import json_store


def catalog() -> Catalog:
    return Catalog(
        [
            Product("P0001", "Green tea", Money(450), "drinks/tea", {"leaf"}),
            Product("P0002", "Black tea", Money(395), "drinks/tea", {"leaf"}, {"origin": "Assam"}),
            Product("P0003", "Oat biscuits", Money(280), "food"),
        ]
    )


class MoneyTests(unittest.TestCase):
    def test_amounts_are_read(self):
        self.assertEqual(parse("12.50"), Money(1250))
        self.assertEqual(parse(" 3 "), Money(300))
        self.assertIsNone(parse("3.5"))

    def test_shares_are_rounded(self):
        self.assertEqual(str(Money(1005).percent(10)), "1.01")


class CatalogTests(unittest.TestCase):
    def test_unknown_products_are_refused(self):
        with self.assertRaises(UnknownProduct):
            catalog().get("P9999")

    def test_categories_hold_what_is_in_them(self):
        self.assertEqual(len(catalog().in_category("drinks/tea")), 2)
        self.assertEqual(len(catalog().in_category(None)), 3)
        self.assertEqual(catalog().categories.below(""), ["drinks", "drinks/tea", "food"])

    def test_categories_know_what_is_above(self):
        self.assertEqual(CategoryTree.parent("drinks/tea"), "drinks")
        self.assertIsNone(CategoryTree.parent("drinks"))

    def test_the_best_match_comes_first(self):
        self.assertEqual([p.sku for p in SearchIndex(catalog()).find("black leaf tea")], ["P0002", "P0001"])


class StorageTests(unittest.TestCase):
    def test_products_come_back_as_they_were(self):
        stored = json_store.loads(json_store.dumps(catalog()))
        self.assertEqual(list(stored), list(catalog()))
        self.assertEqual(stored.get("P0002").attribute("origin"), "Assam")


if __name__ == "__main__":
    unittest.main()
