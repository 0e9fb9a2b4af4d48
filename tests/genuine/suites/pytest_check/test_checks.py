"""Several checks in one test, with pytest-check."""

from pytest_check import check


def test_all_checks_hold():
    check.equal(1, 1)
    check.is_in("a", "abc")


def test_two_of_three_checks_fail():
    check.equal(1, 2, "first number")
    check.less(1, 2)
    check.is_in("x", "abc", "letter")


def test_a_check_and_an_assertion_fail():
    check.greater(1, 2)
    assert 3 == 4


def test_checks_in_a_block():
    with check("title"):
        assert "Shop" == "Error"
    with check:
        assert "price" in {}
