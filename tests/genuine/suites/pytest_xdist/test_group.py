"""Several failures of one test, as an ExceptionGroup."""


def test_group_of_failures():
    raise ExceptionGroup(
        "two checks failed",
        [AssertionError("title: expected 'Shop', got 'Error'"), ValueError("price is no number")],
    )
