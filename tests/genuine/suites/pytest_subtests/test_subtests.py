"""Subtests, which pytest 9 has built in."""

import unittest

import pytest


def test_all_pass(subtests):
    for number in (2, 4):
        with subtests.test(msg="even", number=number):
            assert number % 2 == 0


def test_one_of_three_fails(subtests):
    for number in (2, 3, 4):
        with subtests.test(msg="even", number=number):
            assert number % 2 == 0


def test_without_a_name(subtests):
    for number in (1, 3):
        with subtests.test(number=number):
            assert number % 2 == 0


def test_subtest_and_body_fail(subtests):
    with subtests.test("first"):
        assert 1 == 2
    raise RuntimeError("the body fails, too")


def test_subtest_is_skipped(subtests):
    with subtests.test("skipped"):
        pytest.skip("not here")
    with subtests.test("passes"):
        assert True


class TestUnittest(unittest.TestCase):
    def test_numbers(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertEqual(number % 2, 0)
