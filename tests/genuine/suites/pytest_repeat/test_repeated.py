"""The same test several times, with pytest-repeat."""

import itertools

import pytest

TRIES = itertools.count(1)


@pytest.mark.repeat(3)
def test_three_times():
    assert True


@pytest.mark.repeat(3)
def test_the_second_time_fails():
    assert next(TRIES) != 2


@pytest.mark.repeat(2)
@pytest.mark.parametrize("number", [1, 2])
def test_repeated_and_parametrised(number):
    assert number == 1


def test_not_repeated():
    assert True
