"""Errors of Python, Java and .NET: the class, the phase and the client's words decide."""

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pandas as pd
import pytest

from fictures_reports.classification import classify
from fictures_reports.readers.read import read
from fictures_reports.schema import results_frame


def row_of(message: str, **facts: Any) -> pd.Series:
    frame = results_frame(
        {
            "case_id": ["a"],
            "title": ["pays"],
            "status": ["failed"],
            "attempts": [[{"status": "failed", "errors": [{"message": message, **facts}]}]],
        }
    )
    return classify(frame).iloc[0]


def in_junit(folder: Path, kind: str, message: str, text: str = "") -> pd.Series:
    path = folder / "TEST-shop.xml"
    path.write_text(
        '<testsuite name="com.shop.CartTest" tests="1" failures="1">'
        '<testcase name="pays" classname="com.shop.CartTest" time="0.1">'
        f"<failure type={quoteattr(kind)} message={quoteattr(message)}>{escape(text)}</failure>"
        "</testcase></testsuite>"
    )
    return classify(read(path)[0]).iloc[0]


@pytest.mark.parametrize(
    ("kind", "message", "category"),
    [
        ("org.opentest4j.AssertionFailedError", "boom", "assertion"),
        ("org.junit.ComparisonFailure", "name", "assertion"),
        ("java.lang.AssertionError", "\nExpected: is <2>\n     but: was <1>", "assertion"),
        ("org.mockito.exceptions.verification.WantedButNotInvoked", "cart.add()", "assertion"),
        ("java.lang.Exception", "no seats left", "assertion"),
        ("java.net.ConnectException", "pay.test:443", "network"),
        ("java.net.UnknownHostException", "pay.test", "network"),
        ("javax.net.ssl.SSLHandshakeException", "pay.test", "network"),
        ("java.net.SocketTimeoutException", "pay.test", "timeout"),
        ("java.util.concurrent.TimeoutException", "waited", "timeout"),
        ("org.awaitility.core.ConditionTimeoutException", "cart is full", "timeout"),
        ("java.lang.NullPointerException", "cart", "code_error"),
        ("java.lang.ClassNotFoundException", "com.shop.Cart", "code_error"),
        ("java.nio.file.AccessDeniedException", "/srv/seed.csv", "environment"),
        ("java.net.BindException", "8080", "environment"),
        ("System.TimeoutException", "cart", "timeout"),
        ("System.NullReferenceException", "cart", "code_error"),
        ("System.Net.Sockets.SocketException", "pay.test", "network"),
        ("System.IO.FileNotFoundException", "seed.csv", "environment"),
        ("System.Exception", "no seats left", "assertion"),
        ("Xunit.Sdk.EqualException", "sum", "assertion"),
        ("NUnit.Framework.AssertionException", "sum", "assertion"),
        ("RSpec::Expectations::ExpectationNotMetError", "sum", "assertion"),
        ("Net::ReadTimeout", "pay", "timeout"),
        ("socket.gaierror", "pay", "network"),
        ("requests.exceptions.ConnectTimeout", "pay", "timeout"),
        ("builtins.ZeroDivisionError", "division", "code_error"),
    ],
)
def test_a_class_that_stands_in_the_type_only_decides(
    tmp_path: Path, kind: str, message: str, category: str
) -> None:
    row = in_junit(tmp_path, kind, message)
    assert (row["category"], row["error_type"]) == (category, kind)


def test_the_message_of_an_assertion_goes_before_its_class(tmp_path: Path) -> None:
    row = in_junit(tmp_path, "org.opentest4j.AssertionFailedError", "took 950 ms, limit 600 ms")
    assert (row["category"], row["measured"]) == ("threshold_miss", 950)


def test_a_type_that_is_no_class_is_none(tmp_path: Path) -> None:
    assert pd.isna(in_junit(tmp_path, "failure", "no seats left")["error_type"])


@pytest.mark.parametrize(
    "words",
    [
        "duplicate parametrization of 'browser_name'",
        "AssertionError: assert 2 == 3",
        "ConnectionRefusedError: [Errno 111] Connection refused",
        "FileNotFoundError: [Errno 2] No such file or directory: 'seats.csv'",
        "TimeoutError",
        "fixture 'seats' not found",
    ],
)
def test_what_cannot_be_collected_is_the_codes_fault_whatever_its_words(words: str) -> None:
    assert row_of(words, phase="collection")["category"] == "code_error"


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("requests.exceptions.HTTPError: 507 Server Error: for url: http://pay.test", "network"),
        ("httpx.HTTPStatusError: Server error '500 Internal Server Error' for url '/'", "network"),
        ("aiohttp.client_exceptions.ClientResponseError: 503, message=''", "network"),
        ("aiohttp.client_exceptions.ClientConnectorError: Cannot connect to host a:1", "network"),
        ("urllib.error.HTTPError: HTTP Error 503: Down", "network"),
        ("httpx.TooManyRedirects: Exceeded maximum allowed redirects.", "network"),
        ("httpx.ReadError", "network"),
        ("Exception: server answered 503 for /api/orders", "network"),
        ("urllib.error.URLError: <urlopen error timed out>", "timeout"),
        ("aiohttp.client_exceptions.ServerTimeoutError: Timeout on reading data", "timeout"),
        ("httpx.HTTPStatusError: Client error '404 Not Found' for url '/'", "assertion"),
        ("httpx.HTTPStatusError: Client error '401 Unauthorized' for url '/'", "auth"),
        ("assert 503 == 200\n +  where 503 = <Response [503]>.status_code", "assertion"),
        ("OSError: [Errno 98] Address already in use", "environment"),
        ("Exception: could not bind to port 8080", "environment"),
        ("PermissionError: [Errno 1] Operation not permitted", "environment"),
        ("OSError: cannot load library 'libseats.so'", "environment"),
        ("RuntimeError: ffmpeg not found in PATH", "environment"),
    ],
)
def test_a_client_names_what_was_down_and_the_machine_what_it_lacks(
    words: str, category: str
) -> None:
    assert row_of(words)["category"] == category


RAISED = {
    "repr": """UNEXPECTED EXCEPTION: ConnectionRefusedError(111, 'Connection refused')
/srv/shop/taxes.py:15: UnexpectedException""",
    "traceback": """Traceback (most recent call last):
  File "/a.py", line 3, in vat
FileNotFoundError: seats.csv
/srv/shop/taxes.py:15: UnexpectedException""",
    "unittest": """Failed doctest test for taxes.vat
Failed example:
    vat(50)
Exception raised:
    Traceback (most recent call last):
    TimeoutError: late""",
}


@pytest.mark.parametrize("form", RAISED)
def test_an_exception_in_a_doctest_is_the_codes_fault_whatever_its_class(form: str) -> None:
    assert row_of(RAISED[form])["category"] == "code_error"


@pytest.mark.parametrize(
    "words",
    [
        "003     >>> net(119)\nExpected:\n    100\nGot:\n    238\n\n/prices.py:3: DocTestFailure",
        "Expected nothing\nGot:\n    3\n\n/srv/prices.py:3: DocTestFailure",
        "Differences (unified diff with -expected +actual):\n    -timeout\n    +connection refused",
    ],
    ids=["values", "nothing", "differences"],
)
def test_doctest_output_that_differs_is_an_assertion(words: str) -> None:
    assert row_of(words)["category"] == "assertion"
