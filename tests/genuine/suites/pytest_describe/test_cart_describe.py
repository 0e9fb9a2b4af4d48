"""Blocks of tests within each other, with pytest-describe."""

import pytest


def describe_cart():
    def is_empty():
        assert not []

    def describe_with_an_item():
        @pytest.fixture
        def item():
            return {"price": 3}

        def costs_something(item):
            assert item["price"] == 4

        @pytest.mark.parametrize("count", [1, 2])
        def is_counted(item, count):
            assert count < 2

    def describe_when_closed():
        @pytest.mark.skip(reason="closed")
        def refuses():
            raise AssertionError


def test_beside_the_blocks():
    assert True
