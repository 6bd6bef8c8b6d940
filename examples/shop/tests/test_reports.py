import unittest

from shop import cli
from shop.clock import Clock
from shop.reports.prices import price_list
from shop.reports.sales import turnover
from tests.test_catalog import catalog


class ReportTests(unittest.TestCase):
    def test_the_price_list_is_sorted_by_name(self):
        self.assertEqual(
            price_list(catalog(), "drinks/tea"),
            [
                "Product    List price  Category",
                "Black tea  3.95        drinks/tea",
                "Green tea  4.50        drinks/tea",
            ],
        )

    def test_no_orders_are_no_turnover(self):
        self.assertEqual(str(turnover([])), "0.00")

    def test_a_day_fits_on_a_screen(self):
        lines = cli.day(Clock("2024-03-01"))
        self.assertIn("Invoice O0001", lines)
        self.assertIn("buy 8 of Green tea", lines)


if __name__ == "__main__":
    unittest.main()
