"""The fixture that broke is named where only pytest's source lines show it."""

from __future__ import annotations

import pytest

from fictures_reports.classification.facts import fixture_defined_in


@pytest.mark.parametrize(
    ("stack", "name"),
    [
        (
            "@pytest.fixture\n    def stock():\n>       raise OSError('no story')\nE   OSError",
            "stock",
        ),
        ("    @pytest.fixture(scope='session')\n>   def stock():\nE   OSError", "stock"),
        ("@pytest_asyncio.fixture\n@other\nasync def shelf(stock):\n>   raise OSError", "shelf"),
        ("@pytest.fixture\ndef outer():\n>   inner()\n\ndef inner():\n>   raise OSError", "outer"),
        ("def test_stock():\n>   raise OSError", None),
    ],
)
def test_pytests_source_names_the_fixture(stack: str, name: str | None) -> None:
    assert fixture_defined_in(stack) == name
