"""Causes of failed page assertions are named in words: what was looked at, and what it was not."""

from __future__ import annotations

import pytest

from fictures_reports.failures.clusters import clusters
from fictures_reports.failures.signature import signature
from fictures_reports.schema import results_frame

FAILED = "Error: expect(locator).{} failed\n\nLocator: {}\nExpected: {}\nReceived: {}\n"
GONE = (
    "Error: expect(locator).{} failed\n\nLocator: {}\nExpected: {}\nTimeout: 5000ms\n"
    "Error: element(s) not found\n"
)
BUTTON = "getByRole('button', { name: 'Buy' })"
SENTENCES = {
    GONE.format("toBeVisible()", BUTTON, "visible"): "“Buy” button was not there",
    GONE.format("toHaveText(expected)", ".price", '"a"'): ".price was not there",
    FAILED.format("toBeVisible()", BUTTON, "visible", "hidden"): "“Buy” button was not visible",
    FAILED.format("not.toBeVisible()", "#spin", "not visible", "visible"): "#spin was visible",
    FAILED.format("toBeInViewport()", "#a", "in viewport", "outside"): (
        "#a was not in the viewport"
    ),
    FAILED.format("toBeFocused()", "#a", "focused", "inactive"): "#a was not focused",
    FAILED.format("toHaveText(expected)", ".price", '"free"', '"paid"'): (
        "text of .price was not “free”"
    ),
    FAILED.format("toContainText(expected)", "h1", '"Cart"', '"Shop"'): "h1 did not contain “Cart”",
    FAILED.format("not.toContainText(expected)", "h1", 'not "Cart"', '"Cart"'): (
        "h1 contained “Cart”"
    ),
    "Error: expect(page).toHaveTitle(expected) failed\n\nExpected pattern: /Shop/\n"
    'Received string: ""': "title of the page was not /Shop/",
    "TestingLibraryElementError: Unable to find an accessible element with the role "
    '"button" and name "Buy"': "“Buy” button was not there",
    "Error: Found multiple elements with the text: Buy\n": "Buy stands for several elements",
    "Timed out retrying after 4000ms: Expected to find element: `.card`, but never found it.": (
        ".card was not there"
    ),
    'Test timeout of 30000ms exceeded while running "beforeEach" hook.': (
        "the beforeEach hook did not end in time"
    ),
    'Test timeout of 30000ms exceeded while setting up "db".': (
        "set-up of “db” did not end in time"
    ),
    "Test timeout of 30000ms exceeded.": "the test ran out of time",
    "AssertionError: expected true to be false // Object.is equality": "got true, wanted false",
    'Error: expect(received).toBe(expected)\n\nExpected: "up"\nReceived: "down"': "wanted “up”",
    "Error: expect(received).toBeLessThan(expected)\n\nExpected: < 2000\nReceived:   15962": (
        "missed < 2000"
    ),
    "AssertionError: the basket is empty": "the basket is empty",
}


def names(*messages: str) -> list[str]:
    n = len(messages)
    rows = {
        "case_id": [f"c{k}" for k in range(n)], "title": [f"c{k}" for k in range(n)],
        "file": ["a"] * n, "status": ["failed"] * n, "category": ["assertion"] * n,
        "message": list(messages), "signature": [signature(text) for text in messages],
    }  # fmt: skip
    return list(clusters(results_frame(rows))["name"])


@pytest.mark.parametrize(("text", "name"), SENTENCES.items(), ids=list(SENTENCES.values()))
def test_a_cause_is_named_in_words(text: str, name: str) -> None:
    assert names(text) == [name]


def test_a_value_that_all_members_wanted_stands_in_the_name() -> None:
    texts = [FAILED.format("toHaveText(expected)", ".p", f'"$ {k}"', '""') for k in (5, 6)]
    assert names(texts[0], texts[0]) == ["text of .p was not “$ 5”"]
    assert names(*texts) == ["text of .p was not as wanted"]
