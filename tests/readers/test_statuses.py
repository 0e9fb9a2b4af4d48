"""What several attempts make of a result, whatever the format."""

from __future__ import annotations

import pytest

from fictures_reports.readers.rows import Attempt, Failure
from fictures_reports.readers.statuses import deciding_attempt, deciding_errors, status_of


@pytest.mark.parametrize(
    ("attempts", "status"),
    [
        (["passed"], "passed"),
        (["failed", "passed"], "flaky"),
        (["rerun", "rerun", "passed"], "flaky"),
        (["failed", "skipped"], "failed"),
        (["failed", "skipped", "passed"], "flaky"),
        (["skipped", "passed"], "passed"),
        (["passed", "failed"], "failed"),
        (["failed", "interrupted"], "failed"),
        (["failed", "passed", "interrupted"], "flaky"),
        (["skipped", "interrupted"], "interrupted"),
        (["skipped", "skipped"], "skipped"),
        (["timedOut"], "failed"),
        ([], "skipped"),
    ],
)
def test_the_last_attempt_that_was_carried_out_decides(attempts, status):
    assert status_of(attempts) == status


@pytest.mark.parametrize(
    ("attempts", "status"),
    [
        (["failed"], "xfailed"),
        (["passed"], "failed"),
        (["passed", "failed"], "flaky"),
        (["timedOut"], "failed"),
        (["skipped"], "skipped"),
    ],
)
def test_a_test_that_is_expected_to_fail_is_judged_by_that(attempts, status):
    assert status_of(attempts, expected="failed") == status


def test_an_if_it_passes_is_what_the_runner_makes_of_it():
    assert status_of(["passed"], expected="failed", if_it_passes="xpassed") == "xpassed"


def failed(message, status="failed"):
    return Attempt(status, errors=[Failure(message)])


CLOSED = "Error: page.goto: Target page, context or browser has been closed"


def test_an_attempt_that_something_else_cut_short_explains_nothing_where_another_does():
    for last in (failed("was stopped", "interrupted"), failed(CLOSED)):
        assert deciding_attempt([failed("Expected 12"), last]).errors[0].message == "Expected 12"
    assert deciding_attempt([failed("first"), failed("second")]).errors[0].message == "second"
    assert deciding_attempt([failed(CLOSED), Attempt("skipped")]).errors[0].message == CLOSED
    assert deciding_attempt([Attempt("skipped"), Attempt("passed")]).status == "passed"
    assert deciding_attempt([]) is None


def test_attempts_of_the_table_are_decided_alike():
    first, closed = {"message": "Expected 12"}, {"message": CLOSED}
    attempts = [{"status": "failed", "errors": [first]}, {"status": "failed", "errors": [closed]}]
    assert deciding_errors(attempts) == [first]
    assert deciding_errors([]) == []
