"""Plain unittest, run by pytest and by unittest-xml-reporting."""

import unittest


class Orders(unittest.TestCase):
    def setUp(self):
        self.orders = [1]

    def test_passes(self):
        self.assertEqual(self.orders, [1])

    def test_fails(self):
        self.assertEqual(self.orders, [2], "orders differ")

    def test_breaks(self):
        raise ValueError("an order without a number")

    @unittest.skip("no printer")
    def test_is_skipped(self):
        self.fail()

    @unittest.expectedFailure
    def test_expected_failure(self):
        self.assertEqual(1, 2)

    @unittest.expectedFailure
    def test_unexpected_success(self):
        self.assertEqual(1, 1)

    def test_subtests(self):
        for number in range(3):
            with self.subTest("even", number=number):
                self.assertEqual(number % 2, 0)


class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise ConnectionError("no database")

    def test_never_begins(self):
        self.fail()
