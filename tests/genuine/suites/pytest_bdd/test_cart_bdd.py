"""Scenarios of a feature file, with pytest-bdd."""

from pytest_bdd import given, parsers, scenarios, then, when

scenarios("features")


@given("an empty cart", target_fixture="cart")
def cart():
    return []


@when(parsers.parse("{count:d} items are added"))
def add(cart, count):
    cart += range(count)


@then(parsers.parse("the cart holds {count:d} items"))
def holds(cart, count):
    assert len(cart) == count
