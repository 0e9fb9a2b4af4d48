"""Each category has sentences of its own, made of the words and facts of the failure."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.reasons.human_names import (
    CATEGORY_NAMES,
    CHANGE_NAMES,
    STANDING_TITLES,
    STATUS_NAMES,
    category_name,
)
from fictures_reports.analysis.standing import STANDINGS
from fictures_reports.schema import CATEGORIES, CHANGES, STATUSES


def said(category: str | None, message: str | None = None, **facts: Any) -> str:
    return reason(SimpleNamespace(category=category, message=message, **facts))


def limit(message: str, measured: float, comparator: str, limit: float, unit: Any = None) -> str:
    return said(
        "threshold_miss", message, measured=measured, comparator=comparator, limit=limit, unit=unit
    )


@pytest.mark.parametrize(
    ("message", "facts", "sentence"),
    [
        ("expect(received).toBeLessThan(expected)", (15962, "<", 2000, "ms"),
         "15,962 ms against a limit of 2,000 ms: 8.0 × the limit"),
        ("assert 0.01 > 100", (0.01, ">", 100, "ms"),
         "0.01 ms, must be over 100 ms: a 10,000th of it"),
        ("assert 29 >= 30", (29, ">=", 30, None), "29, must be at least 30: 0.97 of it"),
        ("assert 2.1 <= 2", (2.1, "<=", 2, "s"), "2.1 s against a limit of 2 s: 1.1 × the limit"),
        ("assert 100 < 100", (100, "<", 100, "ms"),
         "exactly the limit of 100 ms, must be under it"),
        ("assert -1 < -2", (-1, "<", -2, None), "-1 against a limit of -2"),
        ("assert 0 >= 3", (0, ">=", 3, None), "0, must be at least 3"),
        ("AssertionError: basket too slow: 950ms (max: 600ms)\nassert 950.2 < 600",
         (950.2, "<", 600, "ms"), "basket too slow: 950ms (max: 600ms): 1.6 × the limit"),
        ("AssertionError: saving took 1.503s\nassert 1.5026 < 1.0", (1.5026, "<", 1.0, "s"),
         "saving took 1.503s, against a limit of 1 s: 1.5 × the limit"),
        ("Error: the basket is slow\n\nexpect(received).toBeLessThan(expected)",
         (950, "<", 600, "ms"),
         "the basket is slow: 950 ms against a limit of 600 ms: 1.6 × the limit"),
        ("expect(received).toBeCloseTo(expected)", (0.31, "==", 0.3, None), "0.31, wanted 0.3"),
    ],
)  # fmt: skip
def test_a_missed_limit_is_said_in_its_own_direction(message, facts, sentence):
    assert limit(message, *facts) == sentence


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (('Error: expect(locator).toHaveText(expected) failed\n\nLocator:  locator(".card p")\n'
         'Expected: "$ 1.99"\nReceived: "€ 1.99"\nTimeout:  5000ms'), "“€ 1.99”, wanted “$ 1.99”"),
        ("Error: expect(received).toBe(expected)\n\nExpected: 302\nReceived: 500",
         "500, wanted 302"),
        ('Error: no cart\n\nexpect(received).toBe(expected)\n\nExpected: 1\nReceived: 0',
         "no cart: 0, wanted 1"),
        (('Error: expect(received).toContain(expected)\n\nExpected substring: "cart"\n'
         'Received string:    "/login"'), "“/login” does not contain “cart”"),
        ("Error: expect(received).not.toBe(expected)\n\nExpected: not 3", "value, must not be 3"),
        ("Error: expect(received).toBeTruthy()\n\nReceived: null", "null, wanted a true value"),
        (("Error: expect(received).toHaveLength(expected)\n\nExpected length: 3\n"
         "Received length: 2\nReceived array:  [1, 2]"), "length 2, wanted 3"),
        ("assert 201 == 200\n +  where 201 = <Response [201]>.status_code",
         "status_code 201, wanted 200"),
        ("assert 0 == 7\n +  where 0 = len([])", "length 0, wanted 7"),
        ("AssertionError: assert 'a' == 'b'", "“a” is not “b”"),
        ("AssertionError: assert 'name' in {'id': 3}", "“name” is not in {'id': 3}"),
        ("assert False\n +  where False = isdir('/x')", "isdir(…) is False"),
        ("assert False\n +  where False = Response(ok=False).success", "success is False"),
        ("AssertionError: Expected 404, got 200\nassert 200 == 404", "Expected 404, got 200"),
        ("AssertionError: 1 != 2", "1 is not 2"),
        ("AssertionError: expected 3 to equal 4", "3, wanted 4"),
        ("org.opentest4j.AssertionFailedError: expected: <5> but was: <4>", "4, wanted 5"),
        ("got 3, want 4", "got 3, want 4"),
        ("Failed asserting that 3 is identical to 4.", "3, wanted 4"),
        ('AssertionError: expected "spy" to be called at least once',
         'expected "spy" to be called at least once'),
        ("Error: the shop is closed", "the shop is closed"),
    ],
)  # fmt: skip
def test_an_assertion_says_what_was_found_and_what_was_wanted(message, sentence):
    assert said("assertion", message) == sentence


def test_a_web_assertion_says_where_it_looked():
    message = 'expect(locator).toHaveText(expected)\n\nExpected: "b"\nReceived: "a"'
    locator = "getByRole('heading', { name: 'Cart' })"
    assert said("assertion", message, locator=locator) == "“a”, wanted “b” · “Cart” heading"


def test_long_values_are_shown_where_they_begin_to_differ():
    site = "https://shop.example/index.php?route=account/"
    message = f'Expected string: "{site}login"\nReceived string: "{site}start"'
    assert said("assertion", message) == "“…ute=account/start”, wanted “…ute=account/login”"


def waiting(*log: str, call: str = "locator.click") -> str:
    lines = "\n".join(["Call log:", *log])
    return f"Test timeout of 240000ms exceeded.\n\nError: {call}: Test timeout exceeded.\n{lines}"


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (waiting("  - waiting for getByRole('button', { name: 'Cache debug' })"),
         "waited 240 s: “Cache debug” button not there"),
        (waiting("  - waiting for getByLabel('Mail')", "    - locator resolved to <input/>",
                 "    - element is not enabled"), "waited 240 s: “Mail” field disabled"),
        (waiting("  - waiting for locator('.x')", "    - locator resolved to <a/>",
                 "    - <div> intercepts pointer events"),
         "waited 240 s: .x covered by something else"),
        (waiting('  - navigating to "http://localhost:3000/cart", waiting until "load"',
                 call="page.goto"), "waited 240 s for /cart to load"),
        (('TimeoutError: page.waitForURL: Timeout 10000ms exceeded.\nwaiting for navigation to '
         '"**/start" until "load"'), "waited 10 s to arrive at **/start"),
        ('Test timeout of 500ms exceeded while running "beforeEach" hook.',
         "waited 500 ms: the beforeEach hook did not end"),
        ("Test timeout of 30000ms exceeded.", "ran out of its 30 s"),
        ("no time left", "ran out of time"),
    ],
)  # fmt: skip
def test_a_time_out_says_what_it_waited_for_and_how_that_was(message, sentence):
    assert said("timeout", message) == sentence


def test_a_poll_that_ran_out_of_time_keeps_its_values():
    facts = {"timeout_s": 0.7, "measured": 42, "comparator": "<=", "limit": 5}
    message = "Timeout 700ms exceeded while waiting on the predicate"
    sentence = "waited 700 ms: 42 against a limit of 5: 8.4 × the limit"
    assert said("timeout", message, **facts).endswith(sentence.partition(": ")[2])


@pytest.mark.parametrize(
    ("message", "locator", "sentence"),
    [
        ("Error: expect(locator).toBeVisible() failed\n\nError: element(s) not found",
         "getByRole('heading', { name: 'Cart' })", "“Cart” heading not there"),
        ("Error: strict mode violation: getByText('a') resolved to 4 elements:",
         "getByText('a')", "4 elements match “a”, one was wanted"),
        ("expect(locator).toBeVisible()\n\nExpected: visible\nReceived: hidden",
         "locator('#x')", "#x: hidden, wanted visible"),
        (("TestingLibraryElementError: Unable to find an element with the text: Cart. This could "
         "be because the text is broken up by multiple elements."), None, "“Cart” not there"),
        ('Unable to find an accessible element with the role "button" and name `/save/i`', None,
         "/save/i button not there"),
        ("Timed out retrying after 4000ms: Expected to find element: `.row`, but never found it.",
         None, ".row not there"),
        ("Found multiple elements with the text: /role/i", None,
         "several elements match /role/i, one was wanted"),
    ],
)  # fmt: skip
def test_an_element_says_what_was_not_as_wanted(message, locator, sentence):
    assert said("element", message, locator=locator) == sentence


@pytest.mark.parametrize(
    ("category", "message", "facts", "sentence"),
    [
        ("snapshot", ("Screenshot comparison failed:\n\n  250 pixels (ratio 0.01 of all image "
         "pixels) are different.\n\nExpected: /a/front.png"), {},
         "250 px differ (1 %) from front.png"),
        ("snapshot", "Error: A snapshot doesn't exist at /a/front.png, writing actual.", {},
         "no snapshot front.png yet"),
        ("network", "page.goto: net::ERR_CONNECTION_REFUSED at http://localhost:3000/", {},
         "connection refused: localhost:3000"),
        ("network", 'page.goto: NS_ERROR_CONNECTION_REFUSED\n  - navigating to "http://a:1/x"', {},
         "connection refused: a:1"),
        ("crash", "Error: page.fill: Target page, context or browser has been closed", {},
         "the page, context or browser was closed during page.fill"),
        ("fixture_error", "fixture 'db' not found", {"fixture": "db"}, "no fixture “db”"),
        ("fixture_error", "KeyError: 'x'", {"fixture": "db", "phase": "teardown"},
         "tear-down of “db”: KeyError: 'x'"),
        ("code_error", "TypeError: a is not a function", {}, "TypeError: a is not a function"),
        ("skipped_ui", None, {"skip_reason": "Like button not there"}, "Like button not there"),
        ("skipped", None, {}, "no reason given"),
        ("not_run", None, {}, "never started"),
        ("interrupted", "Error: page.goto: Test ended.", {},
         "stopped while running: page.goto: Test ended."),
        ("expected_failure", None, {"skip_reason": "bug 7"}, "failed as declared: bug 7"),
        ("unknown", None, {}, "no message"),
        ("own_kind", "Error: quota", {}, "quota"),
        (None, None, {}, ""),
    ],
)  # fmt: skip
def test_other_categories_say_what_is_known(category, message, facts, sentence):
    assert said(category, message, **facts) == sentence


def test_a_reason_is_one_short_line_however_long_the_message():
    sentence = said("assertion", "Error: " + "x " * 500_000)
    assert len(sentence) <= 200
    assert "\n" not in sentence


def test_every_identifier_has_a_name_for_people():
    assert set(CATEGORIES) == set(CATEGORY_NAMES)
    assert set(CHANGES) == set(CHANGE_NAMES)
    assert {*STATUSES, "absent"} == set(STATUS_NAMES)
    assert set(STANDINGS) == set(STANDING_TITLES)
    names = [*CATEGORY_NAMES.values(), *CHANGE_NAMES.values(), *STATUS_NAMES.values()]
    assert not [name for name in names if "_" in name]


def test_attempts_that_failed_differently_are_told():
    sentence = said("code_error", "TypeError: x", attempts_differ="timeout, then code_error")
    assert sentence == (
        "TypeError: x (its attempts: ran out of time, then error in the code of the test)"
    )


def test_a_category_of_ones_own_is_written_with_spaces():
    assert category_name("out_of_quota") == "out of quota"
