"""Causes: what is told apart, what is one in many wordings, and what they are called."""

from __future__ import annotations

import pandas as pd
import pytest

from fictures_reports.analysis.causes import cluster_flow
from fictures_reports.analysis.compare import compare
from fictures_reports.classification import classify
from fictures_reports.failures.cause_names import name_of, told_apart
from fictures_reports.failures.clusters import cluster_ids, clusters
from fictures_reports.failures.signature import Raised, signature
from fictures_reports.reading import read_run
from fictures_reports.schema import results_frame


def failures(*errors: dict[str, str]) -> pd.DataFrame:
    names = [f"case {n}" for n in range(len(errors))]
    return classify(
        results_frame(
            {
                "case_id": names,
                "title": names,
                "file": [error.get("location", "a.spec.ts") for error in errors],
                "status": ["failed"] * len(errors),
                "attempts": [[{"errors": [error]}] for error in errors],
            }
        )
    )


def said(*texts: str) -> pd.DataFrame:
    return failures(*({"message": text} for text in texts))


def n_causes(rows: pd.DataFrame) -> int:
    return len(set(cluster_ids(rows)))


LATE = "{} exceeded.\nCall log:\n  - waiting for getByTestId('a')\n"
GOTO = 'Error: page.goto: {}\nCall log:\n  - navigating to "{}", waiting until "load"\n'
SAME = [
    [
        GOTO.format(
            "net::ERR_CONNECTION_REFUSED at http://localhost:8000/a", "http://localhost:8000/a"
        ),
        GOTO.format("NS_ERROR_CONNECTION_REFUSED", "http://127.0.0.1:8000/b"),
        GOTO.format("Could not connect to server", "http://localhost:8000/c"),
        "Error: connect ECONNREFUSED ::1:8000",
    ],
    [
        GOTO.format("net::ERR_NAME_NOT_RESOLVED at https://a.test/", "https://a.test/"),
        GOTO.format("NS_ERROR_UNKNOWN_HOST", "https://a.test/x"),
        "Error: getaddrinfo ENOTFOUND a.test",
    ],
    [
        "TypeError: Cannot read properties of undefined (reading 'x')",
        "TypeError: Cannot read property 'x' of undefined",
        "TypeError: undefined is not an object (evaluating 'a.b.x')",
        'TypeError: can\'t access property "x", a.b is undefined',
    ],
    [
        "Error: page.click: Target closed",
        "page.goto: Target page, context or browser has been closed",
    ],
    [
        (
            'psycopg2.OperationalError: connection to server at "localhost" (127.0.0.1), port 5432 '
            "failed: Connection refused\n\tIs the server running on that host?"
        ),
        (
            "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at "
            '"localhost" (::1), port 5432 failed: Connection refused'
        ),
        "ConnectionRefusedError: [Errno 111] Connect call failed ('127.0.0.1', 5432)",
        "Error: connect ECONNREFUSED ::1:5432",
        "org.postgresql.util.PSQLException: Connection to localhost:5432 refused. Check it.",
        "dial tcp 127.0.0.1:5432: connect: connection refused",
        "httpx.ConnectError: [Errno 111] Connection refused",
        (
            "selenium.common.exceptions.WebDriverException: Message: Reached error page: "
            "about:neterror?e=connectionFailure&u=http%3A//localhost%3A5432/cart&c=UTF-8"
        ),
    ],
    [
        "Error: page.goto: net::ERR_CERT_DATE_INVALID at https://a.test/b",
        GOTO.format("SEC_ERROR_EXPIRED_CERTIFICATE", "https://a.test/b"),
        (
            "requests.exceptions.SSLError: HTTPSConnectionPool(host='a.test', port=443): Max "
            "retries exceeded (Caused by SSLError(SSLCertVerificationError(1, "
            "'certificate has expired')))"
        ),
    ],
    [
        GOTO.format("Could not resolve hostname", "http://a.test/b"),
        "dial tcp: lookup a.test on 127.0.0.53:53: no such host",
        "Error: getaddrinfo ENOTFOUND a.test",
    ],
    [
        "Error: page.goto: net::ERR_CONNECTION_TIMED_OUT at http://10.0.0.5:3000/a",
        GOTO.format(
            "Could not connect to 10.0.0.5: Connection timed out", "http://10.0.0.5:3000/a"
        ),
        "TimeoutError: [Errno 110] Connection timed out: http://10.0.0.5:3000",
    ],
    ["Error: page.goto: Page crashed", "Error: page.click: Target crashed"],
    [
        (
            'NoSuchElementException: Message: no such element: Unable to locate element: {"method":'
            '"css selector","selector":"#buy"}\n  (Session info: chrome=120.0)'
        ),
        (
            "NoSuchElementException: Message: Unable to locate element: #buy; For documentation on "
            "this error, please visit: https://www.selenium.dev/x"
        ),
    ],
    ["ReferenceError: gtag is not defined", "ReferenceError: Can't find variable: gtag"],
    [
        LATE.format("TimeoutError: locator.click: Timeout 5000ms"),
        LATE.format(
            "Test timeout of 30000ms exceeded.\n\nError: locator.fill: Test timeout of 30000ms"
        ),
    ],
]


@pytest.mark.parametrize("texts", SAME, ids=[texts[0][:40] for texts in SAME])
def test_what_browsers_drivers_and_versions_word_differently_is_one_cause(texts: list[str]) -> None:
    assert n_causes(said(*texts)) == 1


TESTIFY = (
    "    orders_test.go:14: \n        \tError Trace:\torders_test.go:14\n        \tError:      "
    "\tNot equal: \n        \t            \texpected: 200\n        \t            \tactual  : {}\n"
)
APART = [
    [
        "Error: connect ECONNREFUSED 127.0.0.1:8000",
        "Error: connect ECONNREFUSED 127.0.0.1:8001",
    ],
    [
        "TypeError: Cannot read properties of undefined (reading 'x')",
        "TypeError: Cannot read properties of undefined (reading 'y')",
        "TypeError: Cannot read properties of null (reading 'x')",
    ],
    [
        "def test():\n>       assert a() == 3\nE       assert 2 == 3\n\nt.py:2: AssertionError",
        "def test():\n>       assert b() == 3\nE       assert 2 == 3\n\nt.py:9: AssertionError",
    ],
    [
        "self.assertEqual(r.status, 200)\nE   AssertionError: 500 != 200\n\nt.py:1: AssertionError",
        "self.assertEqual(r.status, 200)\nE   AssertionError: 404 != 200\n\nt.py:9: AssertionError",
    ],
    ["Error: Cannot find module './a/b'", "Error: Cannot find module './a/c'"],
    [
        "AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n\n29 !== 30\n",
        "AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n\n7 !== 4\n",
    ],
    [TESTIFY.format(500), TESTIFY.format(404)],
    [
        "Error: connect ECONNREFUSED 127.0.0.1:8000",
        "Error: connect ECONNREFUSED 127.0.0.1:8001",
        "httpx.ConnectError: [Errno 111] Connection refused",
    ],
    [
        "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 reached, connection timed out",
        "TimeoutError: [Errno 110] Connection timed out: http://10.0.0.5:3000",
    ],
]


@pytest.mark.parametrize("texts", APART, ids=[texts[0][:40] for texts in APART])
def test_another_server_property_statement_or_status_is_another_cause(texts: list[str]) -> None:
    assert n_causes(said(*texts)) == len(texts)


def test_an_assertion_that_quotes_a_refused_connection_stays_an_assertion() -> None:
    quoted = "AssertionError: expected the page to say 'connect ECONNREFUSED 127.0.0.1:80'"
    assert "connection refused:" not in signature(quoted)


def test_a_bare_matcher_is_told_apart_by_its_file_where_nobody_quoted_the_statement() -> None:
    text = "Error: expect(received).toBe(expected)\n\nExpected: true\nReceived: false"
    rows = failures(
        {"message": text, "location": "cart.spec.ts:3:5"},
        {"message": text, "location": "cart.spec.ts:9:5"},
        {"message": text, "location": "mail.spec.ts:3:5"},
    )
    assert n_causes(rows) == 2


def test_a_large_measured_value_is_no_part_of_a_cause_but_a_small_one_is() -> None:
    code = {"snippet": "> 3 |   expect(n).toBe(5);"}
    text = "Error: expect(received).toBe(expected)\n\nExpected: 5\nReceived: {}"
    large = [{"message": text.format(n)} | code for n in (15_411, 9_870)]
    small = [{"message": text.format(n)} | code for n in (4, 6)]
    assert n_causes(failures(*large)) == 1
    assert n_causes(failures(*small)) == 2


def disabled(name: str) -> str:
    return (
        f"TimeoutError: locator.click: Timeout 9000ms exceeded.\nCall log:\n"
        f"  - waiting for getByRole('button', {{ name: '{name}' }})\n"
        f"    - locator resolved to <button disabled>{name}</button>\n"
        "    20 × waiting for element to be visible, enabled and stable\n"
        "      - element is not enabled\n"
    )


def test_buttons_of_a_file_that_stayed_disabled_are_one_cause() -> None:
    names = ("Run", "Save", "Test", "Update")
    rows = failures(*({"message": disabled(n), "location": "a.spec.ts:3:1"} for n in names))
    table = clusters(rows)
    assert table[["name", "n_cases"]].to_numpy().tolist() == [["the button stayed disabled", 4]]


def test_what_was_waited_for_is_named_in_words() -> None:
    text = (
        "TimeoutError: locator.click: Timeout 9000ms exceeded.\nCall log:\n"
        "  - waiting for getByRole('button', { name: 'Save' })\n"
    )
    assert name_of(signature(text)) == "“Save” button was not there"


def test_a_comparison_is_named_by_its_statement_and_what_it_got() -> None:
    text = signature("assert 29 == 30", Raised(code="assert cart.total() == 30"))
    assert name_of(text) == "assert cart.total() == 30: got 29"


def test_values_that_all_members_share_stand_in_the_name() -> None:
    same = clusters(said("Error: story 7 is locked", "Error: story 7 is locked"))
    other = clusters(said("Error: story 7 is locked", "Error: story 8 is locked"))
    assert same["name"].tolist() == ["story 7 is locked"]
    assert other["name"].tolist() == ["story … is locked"]


def test_names_that_are_the_same_get_what_tells_them_apart() -> None:
    clues = [["", "a.py", "1"], ["", "a.py", "2"], ["", "b.py", "3"]]
    assert told_apart(["x", "x", "x"], clues) == ["x · a.py · 1", "x · a.py · 2", "x · b.py"]


def test_no_two_causes_of_a_comparison_have_one_name(runs) -> None:
    sides = [read_run(runs / name / "results.json") for name in ("phase2-initial", "phase2-rerun")]
    names = cluster_flow(compare(*sides))["name"]
    assert names.is_unique
