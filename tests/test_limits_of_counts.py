"""Limits in words: counts without a unit, other languages, and whose a unit is."""

import pandas as pd
import pytest

from fictures_reports.classification import classify
from fictures_reports.failures.quantities import unit_in_names
from fictures_reports.failures.timeouts import timeout_facts
from fictures_reports.schema import results_frame


def classified(message: str) -> pd.Series:
    frame = results_frame({"case_id": ["a"], "status": ["failed"], "message": [message]})
    return classify(frame).iloc[0]


@pytest.mark.parametrize(
    ("text", "measured", "comparator", "limit", "unit"),
    [
        ("expected fewer than 12 requests, got 41", 41, "<", 12, None),
        ("at least 30 shelves expected but only 7 found", 7, ">=", 30, None),
        ("the basket has 9 lines, at most 4 allowed", 9, "<=", 4, None),
        ("only 3 of at least 8 lamps", 3, ">=", 8, None),
        ("FPS 19 fell below the minimum of 24", 19, ">=", 24, None),
        ("El arranque tardó 6,5 s, máximo permitido 3 s", 6.5, "<=", 3, "s"),
        ("opstarten duurde 4200 ms, langer dan 3000 ms", 4200, "<=", 3000, "ms"),
        ("laadtijd 5,1 s, maximaal 2 s", 5.1, "<=", 2, "s"),
        ("uppstart 5,1 s är längre än 2 s", 5.1, "<=", 2, "s"),
        ("czas 5,1 s, dłużej niż 2 s", 5.1, "<=", 2, "s"),
    ],
)
def test_a_limit_in_words_is_read_with_and_without_a_unit(
    text: str, measured: float, comparator: str, limit: float, unit: str | None
) -> None:
    row = classified(f"Error: {text}")
    assert row["category"] == "threshold_miss"
    assert (row["measured"], row["comparator"], row["limit"]) == (measured, comparator, limit)
    assert row["unit"] == unit if unit else pd.isna(row["unit"])


@pytest.mark.parametrize(
    "text",
    [
        "Error: shipped 3 parcels instead of 5",
        "Error: expected at least 1 row, got 0",
        "TypeError: f() takes at most 2 positional arguments (3 given)",
    ],
)
def test_other_numbers_are_no_limits(text: str) -> None:
    assert pd.isna(classified(text)["measured"])


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ("expect(items).toBeLessThan(5)", None),
        ("assert len(params) <= 3", None),
        ("expect(thumb).toBeLessThan(9)", None),
        ("where 111 = Pond(age_ms=3, name='took ms').ticks", None),
        ("expect(elapsedMs).toBeLessThan(5)", "ms"),
        ("assert took_ms <= pond(max_seconds=2)", "ms"),
        ("assert heap_mb==3", "MB"),
        ("const elapsedms = 3", "ms"),
    ],
)
def test_a_unit_is_that_of_a_name_not_of_its_neighbour(code: str, unit: str | None) -> None:
    assert unit_in_names(code) == unit


@pytest.mark.parametrize(
    ("text", "locator"),
    [
        ("Unable to find an element with the text: Feed the fish. This could be because …", None),
        ('Unable to find an accessible element with the role "button" and name "Feed"', None),
        ("Unable to find a label with the text of: Pond", None),
        ('Unable to find an element by: [data-testid="pond"]', '[data-testid="pond"]'),
        ('Unable to find css "#pond"', "#pond"),
    ],
)
def test_words_that_were_looked_for_are_no_locator(text: str, locator: str | None) -> None:
    row = classified(f"TestingLibraryElementError: {text}")
    assert row["category"] == "element"
    assert (None if pd.isna(row["locator"]) else row["locator"]) == locator
    assert timeout_facts(text).waited_for


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Unknown Error: the pond is dry", "assertion"),  # Vitest, of a thrown string
        ("urllib3.exceptions.MaxRetryError: pond.test", "network"),
        ("org.springframework.web.client.HttpServerErrorException: 500", "network"),
        ("org.postgresql.util.PSQLException: Connection to localhost:5432 refused.", "network"),
    ],
)
def test_what_a_client_or_runner_says(text: str, category: str) -> None:
    assert classified(text)["category"] == category
