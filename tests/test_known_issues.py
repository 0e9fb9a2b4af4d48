from __future__ import annotations

from datetime import date

import pytest

from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.gates import check
from fictures_reports.analysis.known_issues import issue, review, set_apart
from fictures_reports.errors import SchemaError

from .conftest import make_run

DAY = date(2026, 11, 21)
RUN = make_run(
    "a",
    {"login": "failed", "pay": "failed", "list": "passed"},
    {"signature": ["refused <n1>", "slow", None]},
)


def known(**changes):
    return issue({"owner": "kim", "reason": "#12", "expires": "2026-12-31", **changes})


@pytest.mark.parametrize(
    ("one", "state"),
    [
        ({"case": "*login"}, "open"),
        ({"signature": "refused*"}, "open"),
        ({"case": "*login", "expires": "2026-11-20"}, "expired"),
        ({"case": "*list"}, "passes now"),
        ({"case": "*gone"}, "matches nothing"),
    ],
)
def test_each_known_issue_is_told_what_became_of_it(one, state):
    assert review(RUN, [known(**one)], DAY)["state"].tolist() == [state]


def test_an_open_known_issue_is_set_apart_from_the_failures_and_no_other_test_is():
    run = set_apart(RUN, [known(case="*login"), known(case="*list")], DAY)
    assert run.results["status"].tolist() == ["xfailed", "failed", "passed"]
    assert RUN.totals["failed"] == 2


def test_an_expired_known_issue_fails_like_any_other():
    run = set_apart(RUN, [known(case="*login", expires="2026-11-20")], DAY)
    assert run.totals["failed"] == 2


def test_gates_count_open_known_issues_as_expected():
    before = make_run("b", {"login": "passed", "pay": "failed", "list": "passed"})
    issues = [known(case="*login", expires="2999-01-01")]
    c = compare(before, RUN)
    assert [g.reading for g in check(c, ["broken == 0"])] == [1]
    assert [g.holds for g in check(c, ["broken == 0"], known_issues=issues)] == [True]


@pytest.mark.parametrize(
    "table",
    [
        {"owner": "kim", "reason": "x", "expires": "2026-12-31"},
        {"case": "*", "reason": "x", "expires": "2026-12-31"},
        {"case": "*", "owner": "kim", "reason": "x"},
        {"case": "*", "owner": "kim", "reason": "x", "expires": "soon"},
        {"case": "*", "owner": "kim", "reason": "x", "expires": "2026-12-31", "tset": 1},
    ],
)
def test_a_known_issue_without_owner_reason_date_or_aim_is_refused(table):
    with pytest.raises(SchemaError, match="known issue"):
        issue(table)
