"""Groups of errors: each member is read, the first that is no mere consequence decides."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from fictures_reports.classification import classify
from fictures_reports.failures.error_groups import members_of
from fictures_reports.failures.measurements import all_measurements
from fictures_reports.schema import results_frame


def group(*members: str, name: str = "checks", kind: str = "ExceptionGroup") -> str:
    """Write an exception group as Python prints it; a member may be a group of its own."""
    lines = [
        "  + Exception Group Traceback (most recent call last):",
        '  |   File "/srv/shop/test_seats.py", line 4, in test_seats',
        f"  | {kind}: {name} ({len(members)} sub-exceptions)",
    ]
    for n, member in enumerate(members, 1):
        lines.append(("  +-+" if n == 1 else "    +") + f"---------------- {n} ----------------")
        inner = member.removeprefix("  + ").split("\n")
        lines += [
            f"  {line}" if line.startswith("  ") and "\n  +-+" in member else f"    | {line}"
            for line in inner
        ]
    return "\n".join([*lines, "    +------------------------------------"])


def row_of(message: str, stack: str = "", **facts: Any) -> pd.Series:
    error = {"message": message, "stack": stack, **facts}
    frame = results_frame(
        {
            "case_id": ["a"],
            "title": ["seats"],
            "status": ["failed"],
            "attempts": [[{"status": "failed", "errors": [error]}]],
            "message": [message],
        }
    )
    return classify(frame).iloc[0]


def row_of_group(*members: str, **names: str) -> pd.Series:
    text = group(*members, **names)
    return row_of(f"ExceptionGroup: checks ({len(members)} sub-exceptions)", text)


@pytest.mark.parametrize(
    ("members", "category"),
    [
        (["AssertionError: title is 'Hallo'", "ValueError: no price"], "assertion"),
        (["KeyError: 'seat'", "AssertionError: no title"], "code_error"),
        (["TimeoutError: Locator.click: Timeout 800ms exceeded.", "KeyError: 1"], "timeout"),
        (["ConnectionRefusedError: [Errno 111] Connection refused"], "network"),
        (["OSError: [Errno 28] No space left on device", "KeyError: 1"], "environment"),
    ],
)
def test_the_first_member_decides(members: Sequence[str], category: str) -> None:
    row = row_of_group(*members)
    assert row["category"] == category
    assert row["message"].startswith(members[0])


@pytest.mark.parametrize(
    "consequence",
    [
        "asyncio.exceptions.CancelledError",
        "trio.Cancelled: Cancelled",
        "Error: page.click: Target page, context or browser has been closed",
    ],
)
def test_a_member_that_is_a_mere_consequence_does_not_decide(consequence: str) -> None:
    row = row_of_group(consequence, "ConnectionResetError: [Errno 104] Connection reset by peer")
    assert row["category"] == "network"
    assert row["message"].startswith("ConnectionResetError")
    assert row["error_type"] == "ConnectionResetError"


def test_a_nested_group_gives_its_innermost_errors_in_order() -> None:
    inner = group("AssertionError: price is 3\nline two", "KeyError: 'x'", name="inner")
    text = group(inner, "ValueError: v")
    assert members_of("ExceptionGroup: checks (2 sub-exceptions)", text) == [
        "AssertionError: price is 3\nline two",
        "KeyError: 'x'",
        "ValueError: v",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "unhandled errors in a TaskGroup",
        "Exceptions from Trio nursery",
        "Soft assertion failures",
    ],
)
@pytest.mark.parametrize("kind", ["ExceptionGroup", "BaseExceptionGroup", "shop.errors.Failures"])
def test_whoever_raised_the_group_its_members_are_read(name: str, kind: str) -> None:
    text = group("KeyError: 'seat'", "ValueError: v", name=name, kind=kind)
    row = row_of(f"{kind}: {name} (2 sub-exceptions)", text)
    assert (row["category"], row["error_type"]) == ("code_error", "KeyError")


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("KeyError('seat')", "code_error"),
        ("AssertionError('seats differ')", "assertion"),
        ("TimeoutError('late')", "timeout"),
    ],
)
def test_the_only_error_of_a_group_without_its_traceback_decides(words: str, category: str) -> None:
    assert row_of(f"{words} [single exception in ExceptionGroup]")["category"] == category


def test_a_group_that_was_only_the_cause_of_an_error_does_not_decide() -> None:
    cause = group("KeyError: 'seat'", "ValueError: v")
    text = (
        f"{cause}\n\nThe above exception was the direct cause of the following exception:\n\n"
        "Traceback (most recent call last):\n"
        '  File "/srv/shop/test_seats.py", line 9, in test_seats\n'
        "AssertionError: seats differ"
    )
    row = row_of("AssertionError: seats differ", text)
    assert row["category"] == "assertion"
    assert row["message"].startswith("AssertionError: seats differ")
    assert "+---" not in row["message"]


def test_each_member_waited_for_something_of_its_own() -> None:
    late = (
        "TimeoutError: Locator.click: Timeout 800ms exceeded.\nCall log:\n"
        '  - waiting for locator("#buy")'
    )
    other = (
        "AssertionError: Locator expected to have text 'Hello'\nActual value: Hallo\nCall log:\n"
        '  - Expect "to_have_text" locator("h1") with timeout 300ms\n  - waiting for locator("h1")'
    )
    assert row_of_group(late, other)["locator"] == 'locator("#buy")'
    assert row_of_group(late, other)["timeout_s"] == 0.8
    assert row_of_group(other, late)["locator"] == 'locator("h1")'


def test_soft_assertions_of_two_tests_have_signatures_of_their_own() -> None:
    first = row_of_group("AssertionError: Locator expected to have text 'Hello'", "KeyError: 1")
    second = row_of_group("AssertionError: Locator expected to be checked", "KeyError: 1")
    assert first["signature"] != second["signature"]


CHECKS = """test_seats.py::test_load:0: check 'a' == 'b': title

FAILURE: check 'a' == 'b': title
test_seats.py:15 in test_load() -> check.equal(a, b, "title")

FAILURE: check 1500 < 1000: load
test_seats.py:16 in test_load() -> check.less(load, 1000, "load")

FAILURE: check 29 >= 30: frames
test_seats.py:17 in test_load() -> check.greater_equal(frames, 30)
------------------------------------------------------------
Failed Checks: 3"""


def test_all_measurements_of_failed_checks_are_kept() -> None:
    row = row_of("check 'a' == 'b': title", CHECKS)
    assert row["category"] == "assertion"
    assert row[["measured", "comparator", "limit"]].tolist() == [1500, "<", 1000]
    found = all_measurements(pd.DataFrame([row]))
    assert found["measured"].tolist() == [1500, 29]


def test_what_the_body_raised_goes_before_the_checks_that_failed_above_it() -> None:
    body = "def test_load():\n>       cart[0]\nE       KeyError: 0\n\ntest_seats.py:8: KeyError"
    rule = "-" * 60
    row = row_of("check 'a' == 'b': title", f"{CHECKS}\n{rule}\n{body}")
    assert (row["category"], row["error_type"]) == ("code_error", "KeyError")
    assert pd.isna(row["measured"])


SOFT = {
    "assertpy": """AssertionError: soft assertion failures:
1. Expected <a> to be equal to <b>, but was not.
2. Expected <1500> to be less than <1000>, but was not.""",
    "numbered": """2 soft assertion(s) failed:
1) expected 'a' to equal 'b'
2) assert 1500 < 1000""",
    "AssertJ": """Multiple Failures (2 failures)
-- failure 1 --
expected: a
 but was: b
-- failure 2 --
Expecting actual:
  1500
to be less than:
  1000""",
    "JUnit 5": """Multiple Failures (2 failures)
\torg.opentest4j.AssertionFailedError: expected: <a> but was: <b>
\tjava.lang.AssertionError: Expecting actual:
  1500
to be less than:
  1000
\tat com.shop.SeatsTest.all(SeatsTest.java:9)""",
}


@pytest.mark.parametrize("library", SOFT)
def test_a_list_of_soft_assertions_goes_by_its_first_and_keeps_the_limit(library: str) -> None:
    row = row_of(SOFT[library])
    assert row["category"] == "assertion"
    assert row[["measured", "comparator", "limit"]].tolist() == [1500, "<", 1000]
    assert len(members_of(SOFT[library])) == 2


@pytest.mark.parametrize("words", ["contains 1 failed subtest", "contains 3 failed subtests"])
def test_a_failed_part_of_a_test_is_an_assertion_where_nothing_else_is_said(words: str) -> None:
    assert row_of(words)["category"] == "assertion"


def test_the_error_of_the_subtest_decides_where_it_is_said() -> None:
    frame = results_frame(
        {
            "case_id": ["a"],
            "status": ["failed"],
            "attempts": [
                [
                    {
                        "status": "failed",
                        "errors": [
                            {"message": "contains 1 failed subtest"},
                            {"message": "KeyError: 'seat'"},
                        ],
                    }
                ]
            ],
        }
    )
    assert classify(frame).iloc[0]["category"] == "code_error"


def test_text_with_bars_or_numbered_lines_is_no_group() -> None:
    assert members_of("AssertionError: table\n  | a | b |\n  +---+---+") == []
    assert members_of("Error: seats differ\n1. row\n2. row") == []
