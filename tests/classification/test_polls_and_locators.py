"""A poll that ran out of time keeps what it compared; a locator is a locator or missing."""

import pandas as pd
import pytest

from fictures_reports.analysis.reasons import reason
from fictures_reports.classification import classify
from fictures_reports.failures.measurements import all_measurements
from fictures_reports.failures.timeouts import timeout_facts
from fictures_reports.schema import results_frame

ROOM = "Call Log:\n- Timeout {}ms exceeded while waiting on the predicate"


def classified(message: str) -> pd.Series:
    frame = results_frame({"case_id": ["a"], "status": ["failed"], "message": [message]})
    return classify(frame).iloc[0]


def jest(matcher: str, expected: str, received: str, log: str) -> str:
    return (
        f"Error: expect(received).{matcher}(expected)\n\n"
        f"Expected: {expected}\nReceived:   {received}\n\n{log}"
    )


POLLS = [
    (jest("toBeLessThanOrEqual", "<= 3", "17", ROOM.format(900)), (17, "<=", 3, 0.9)),
    (jest("toBeGreaterThan", "> 10", "4", ROOM.format(1500)), (4, ">", 10, 1.5)),
    (jest("not.toBeGreaterThan", "not > 8", "9", ROOM.format(250)), (9, "<=", 8, 0.25)),
    (jest("not.toBeLessThanOrEqual", "not <= 2", "1", ROOM.format(600)), (1, ">", 2, 0.6)),
    (
        "Error: tills open\n\nexpect(received).toBeGreaterThanOrEqual(expected)\n\nExpected: >= 2\n"
        "Received:    1\n\n" + ROOM.format(400),
        (1, ">=", 2, 0.4),
    ),
    (
        "Test timeout of 5000ms exceeded.\n\n"
        + jest("toBeLessThan", "< 6", "7", "Call Log:\n- Test timeout of 5000ms exceeded."),
        (7, "<", 6, 5),
    ),
    (
        ("Error: Matcher did not succeed in time.\n\nCaused by: AssertionError: expected 12 to be"
        " less than 9"),
        (12, "<", 9, None),
    ),
    (
        ("org.awaitility.core.ConditionTimeoutException: Stock expected a value greater than <4>"
        " but was <1> within 3 seconds."),
        (1, ">", 4, 3),
    ),
    (
        "Keyword 'Basket Is Small' failed after retrying for 20 seconds. The last error was: 9 > 4",
        (9, "<=", 4, 20),
    ),
    ("AssertionError: timed out after 2.5s waiting for len(box) >= 3 (last 1)", (1, ">=", 3, 2.5)),
    ("TimeoutError: not met within 4s: open orders = 31, expected < 20", (31, "<", 20, 4)),
    ("Error: basket has 12 items, expected at most 10, timed out after 800ms", (12, "<=", 10, 0.8)),
    ("Error: load never fell below 70 within 30 s (was 93)", (93, "<", 70, 30)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "facts"), POLLS)
def test_a_poll_over_a_limit_is_a_timeout_that_keeps_the_comparison(
    text: str, facts: tuple[float, str, float, float | None]
) -> None:
    row = classified(text)
    assert row["category"] == "timeout"
    timeout = None if pd.isna(row["timeout_s"]) else row["timeout_s"]
    assert (row["measured"], row["comparator"], row["limit"], timeout) == facts
    assert pd.isna(row["locator"])


def test_a_retried_limit_of_cypress_keeps_how_long_it_was_tried() -> None:
    row = classified("AssertionError: Timed out retrying after 4000ms: expected 30 to be at most 9")
    assert row[["measured", "comparator", "limit", "timeout_s"]].tolist() == [30, "<=", 9, 4]


@pytest.mark.parametrize(
    "text",
    [
        jest("toBe", "10", "3", ROOM.format(600)),
        jest("toBeGreaterThan", "> 0", "0", ROOM.format(600)),
        (
            "TimeoutError: locator.click: Timeout 900ms exceeded.\nCall log:\n  - waiting for "
            "locator('#a')\n    - locator resolved to <div style=\"width: 30px; max-width: 20px\">"
        ),
        "Error: Timed out after 30s: 3 of 5 tills open",
    ],
)
def test_a_timeout_that_compared_no_limit_has_no_numbers(text: str) -> None:
    row = classified(text)
    assert row["category"] == "timeout"
    assert pd.isna(row["measured"])


def test_a_limit_that_failed_beside_a_test_timeout_is_not_what_was_waited_for() -> None:
    text = "Test timeout of 5000ms exceeded.\n\n" + jest("toBeLessThan", "< 6", "7", "")
    assert pd.isna(classified(text)["measured"])


def test_what_a_poll_saw_last_is_said_and_listed() -> None:
    row = classified(POLLS[0][0])
    assert reason(row) == "ran out of its 900 ms: 17 against a limit of 3: 5.7 × the limit"
    frame = results_frame({"case_id": ["a"], "status": ["failed"], "message": [POLLS[0][0]]})
    assert all_measurements(classify(frame))["measured"].tolist() == [17]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            ("Error: expect(received).toBeCloseTo(expected, precision)\n\nExpected: 4\n"
            "Received: 4.2\n\nExpected precision:    2\nExpected difference: < 0.005\n"
            "Received difference:   0.2"),
            (4.2, "==", 4),
        ),
        (
            ("Error: expect(received).not.toBeCloseTo(expected, precision)\n\nExpected: not 4\n"
            "Received:     4.001\n\nExpected precision:    2\nExpected difference: < 0.005\n"
            "Received difference:   0.001"),
            (0.001, ">=", 0.005),
        ),
        (
            ("AssertionError: expected 4.001 to not be close to 4, received difference is 0.001,"
            " but expected 0.005"),
            (0.001, ">=", 0.005),
        ),
        ("Error: expect(received).not.toBeLessThan(expected)\n\nExpected: not < 8\nReceived:     6",
         (6, ">=", 8)),
    ],
)  # fmt: skip
def test_closeness_and_negated_limits_are_measurements(
    text: str, facts: tuple[float, str, float]
) -> None:
    row = classified(text)
    assert row["category"] == "threshold_miss"
    assert (row["measured"], row["comparator"], row["limit"]) == facts


LOG = "=========================== logs ==========================="
LOCATORS = [
    (("TimeoutError: locator.fill: Timeout 90ms exceeded.\nCall log:\n  - waiting for "
     "getByLabel('Name').first()"), "getByLabel('Name').first()"),
    (("TimeoutError: page.click: Timeout 90ms exceeded.\nCall log:\n  - waiting for "
     "frameLocator('#pay').getByText('Pay') to be visible"),
     "frameLocator('#pay').getByText('Pay')"),
    (('TimeoutError: Locator.click: Timeout 90ms exceeded.\nCall log:\n  - waiting for '
     'get_by_role("link", name="Back")'), 'get_by_role("link", name="Back")'),
    (f"TimeoutError: page.click: Timeout 90ms exceeded.\n{LOG}\nwaiting for selector \"#pay\"",
     "#pay"),
    ("TimeoutError: Waiting for selector `.till` failed: Waiting failed: 300ms exceeded", ".till"),
    ("Timed out while waiting for element <#cart> to be present for 5000 milliseconds.", "#cart"),
    ('Error: element ("[data-id=cart]") still not displayed after 500ms', "[data-id=cart]"),
    ("Error: timed out waiting for //div[@id='till']", "//div[@id='till']"),
    (("TimeoutError: locator.screenshot: Timeout 90ms exceeded.\nCall log:\n  - taking element "
     "screenshot\n  - waiting for fonts to load...\n  - waiting for getByTestId('till')"),
     "getByTestId('till')"),
    (('TimeoutError: page.goto: Timeout 90ms exceeded.\nCall log:\n  - navigating to '
     '"https://till.test/open", waiting until "load"'), "https://till.test/open"),
    ((f'TimeoutError: page.waitForURL: Timeout 90ms exceeded.\n{LOG}\nwaiting for navigation to '
     '"**/paid" until "load"'), "**/paid"),
    ((f'TimeoutError: page.waitForResponse: Timeout 90ms exceeded.\n{LOG}\nwaiting for response '
     '"**/api/tills"'), "**/api/tills"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "locator"), LOCATORS)
def test_a_locator_is_what_finds_an_element_or_an_address(text: str, locator: str) -> None:
    row = classified(text)
    assert row["category"] == "timeout"
    assert row["locator"] == locator


@pytest.mark.parametrize(
    "text",
    [
        (
            "TimeoutError: page.screenshot: Timeout 90ms exceeded.\nCall log:\n  - taking page "
            "screenshot\n  - waiting for fonts to load...\n  - fonts loaded"
        ),
        (
            "TimeoutError: locator.hover: Timeout 90ms exceeded.\nCall log:\n    - waiting for "
            "element to be visible and stable\n    - waiting 20ms"
        ),
        f'TimeoutError: page.waitForLoadState: Timeout 90ms exceeded.\n{LOG}\n  "load" event fired',
        "TimeoutError: page.waitForFunction: Timeout 90ms exceeded.",
        'TimeoutError: page.waitForEvent: Timeout 90ms exceeded while waiting for event "dialog"',
        'Test timeout of 90ms exceeded while setting up "till".',
        "Test timeout of 90ms exceeded.\nPending operations:\n  - locator.click at a.ts:9:6",
        "Error: Timeout waiting for the till to open",
        "subprocess.TimeoutExpired: Command 'till open' timed out after 30 seconds",
    ],
)
def test_a_call_a_step_or_an_event_is_no_locator(text: str) -> None:
    row = classified(text)
    assert row["category"] == "timeout"
    assert pd.isna(row["locator"])


@pytest.mark.parametrize(
    ("text", "waited_for"),
    [
        ('page.goto: Timeout 5ms.\n  - navigating to "http://a/"', 'navigating to "http://a/"'),
        ("page.screenshot: Timeout 5ms.\n  - waiting for fonts to load...", "page.screenshot"),
        ("TimeoutError: no more. waiting for fonts to load...", None),
    ],
)  # fmt: skip
def test_what_was_waited_for_is_kept_beside_the_locator(text: str, waited_for: str | None) -> None:
    assert timeout_facts(text).waited_for == waited_for
