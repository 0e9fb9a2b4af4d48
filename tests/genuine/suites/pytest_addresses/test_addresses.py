"""Ids that hold an object's address, which is another one in each process."""

import pytest


class Price:
    pass


def double(x):
    return 2 * x


def triple(x):
    return 3 * x


@pytest.mark.parametrize("price", [Price(), Price()], ids=repr)
def test_objects(price):
    assert price


@pytest.mark.parametrize("change", [double, triple, lambda x: x], ids=repr)
def test_functions(change):
    assert change(2) == 4


@pytest.mark.parametrize("price", [Price(), None])
class TestInAClass:
    @pytest.mark.parametrize("other", [object()], ids=str)
    def test_both(self, price, other):
        assert price is not None


def test_a_temporary_path_in_the_message(tmp_path):
    assert (tmp_path / "order.json").exists()


def test_an_address_in_the_message():
    assert Price() == Price()
