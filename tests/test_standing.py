"""Whose failure it is: the base branch's words and rates decide, never the change's own."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from fictures_reports.analysis.compare import Comparison, compare
from fictures_reports.analysis.known_issues import issue
from fictures_reports.analysis.standing import Base

from .conftest import make_run

SPINNER, TYPE_ERROR = "TimeoutError: the spinner stayed", "TypeError: x is not a function"
CASE = "a.spec.ts › t"


def run(label: str, status: str, text: str | None = None, category: str = "assertion") -> Any:
    failed = status in ("failed", "flaky")
    columns = {"signature": [text if failed else None], "category": [category if failed else None]}
    return make_run(label, {"t": status}, columns)


def base(n_failed: int, n_runs: int, *texts: str, state: str = "flaky", **facts: Any) -> Base:
    given = {"state": [state], "n_runs": [n_runs], "n_failed": [n_failed], "since": [None]}
    cases = pd.DataFrame(given | facts, index=pd.Index([CASE], name="case_id"))
    failures = pd.DataFrame(
        {"case_id": CASE, "status": "failed", "category": "assertion", "signature": list(texts)}
    )
    return Base("main", cases, failures)


def judged(c: Comparison) -> tuple[str, str]:
    row = c.changes.iloc[0]
    return row["standing"], row["standing_words"]


def test_a_test_that_passes_has_no_standing():
    c = compare(run("b", "failed", SPINNER), run("a", "passed"))
    assert c.changes["standing"].isna().all()


def test_what_fails_before_for_the_same_cause_is_failing_on_base():
    c = compare(run("b", "failed", SPINNER), run("a", "failed", SPINNER))
    assert judged(c) == ("failing_on_base", "failed before for the same cause")


def test_what_fails_before_for_another_cause_is_new():
    c = compare(run("b", "failed", SPINNER), run("a", "failed", TYPE_ERROR, "code_error"))
    assert judged(c) == ("new", "failed before for another cause")


def test_the_base_says_since_when_it_fails():
    past = base(3, 8, SPINNER, state="broken", since=["main-5"])
    c = compare(run("b", "failed", SPINNER), run("a", "failed", SPINNER), base=past)
    assert judged(c) == ("failing_on_base", "fails on main, too, since main-5")


def test_a_flaky_test_that_fails_with_words_seen_before_is_known_as_flaky():
    c = compare(run("b", "passed"), run("a", "failed", SPINNER), base=base(5, 30, SPINNER))
    assert judged(c) == ("known_flaky", "failed or was retried in 17 % of 30 runs on main")


def test_a_flaky_test_that_fails_with_words_never_seen_is_new():
    after = run("a", "failed", TYPE_ERROR, "code_error")
    c = compare(run("b", "passed"), after, base=base(5, 30, SPINNER))
    assert judged(c) == (
        "new", "failed or was retried in 5 of 30 runs on main, never with these words",
    )  # fmt: skip


def test_for_the_surroundings_the_category_is_enough():
    past = base(5, 30, "net::ERR_A at <url1>")
    past.failures["category"] = "network"
    c = compare(run("b", "passed"), run("a", "failed", "read ECONNRESET", "network"), base=past)
    assert judged(c)[0] == "known_flaky"


@pytest.mark.parametrize(("n_after", "standing"), [(2, "known_flaky"), (3, "new")])
def test_more_failures_in_a_row_than_the_rate_explains_are_new(n_after, standing):
    after = [run(f"a{i}", "failed", SPINNER) for i in range(n_after)]
    before = [run("b0", "failed", SPINNER), run("b1", "passed"), run("b2", "passed")]
    c = compare(before, after, base=base(3, 15, SPINNER))  # 0.2² = 4 %, 0.2³ = 0.8 %
    assert judged(c)[0] == standing


def test_a_side_before_of_several_runs_is_the_base_where_there_is_no_other():
    before = [run("b0", "failed", SPINNER), *(run(f"b{i}", "passed") for i in range(1, 4))]
    c = compare(before, run("a", "failed", SPINNER))
    assert judged(c) == ("known_flaky", "failed or was retried in 25 % of the 4 runs before")


def test_what_the_sides_show_by_themselves_outranks_a_history():
    before, after = [run(f"b{i}", "passed") for i in range(5)], []
    after = [run(f"a{i}", "failed", SPINNER) for i in range(5)]
    c = compare(before, after, base=base(15, 30, SPINNER))
    assert judged(c)[0] == "new"


def test_a_known_issue_comes_first_and_says_who_answers():
    kim = issue({"case": CASE, "owner": "kim", "reason": "#7", "expires": "2999-12-31"})
    c = compare(run("b", "passed"), run("a", "failed", SPINNER), known_issues=[kim])
    assert judged(c) == ("known_issue", "kim answers for it until 2999-12-31: #7")


def test_an_expired_issue_is_no_excuse_and_is_said():
    kim = issue({"case": CASE, "owner": "kim", "reason": "#7", "expires": "2020-12-31"})
    c = compare(run("b", "passed"), run("a", "failed", SPINNER), known_issues=[kim])
    standing, words = judged(c)
    assert standing == "new"
    assert words.endswith("kim's known issue expired on 2020-12-31")


def test_a_failure_that_no_run_of_the_base_has_is_new():
    past = base(0, 9, state="stable")
    past.cases.index = pd.Index(["another"], name="case_id")
    c = compare(run("b", "passed"), run("a", "failed", SPINNER), base=past)
    assert judged(c) == ("new", "no run on main has it")


@pytest.mark.parametrize(("n_runs", "standing"), [(100, "known_flaky"), (101, "new")])
def test_a_failure_of_one_percent_is_explained_and_a_rarer_one_is_not(n_runs, standing):
    c = compare(run("b", "passed"), run("a", "failed", SPINNER), base=base(1, n_runs, SPINNER))
    assert judged(c)[0] == standing


def test_what_failed_in_each_run_before_is_not_flaky():
    before = [run(f"b{i}", "failed", "net::ERR_A at <url1>", "network") for i in range(2)]
    c = compare(before, run("a", "failed", "read ECONNRESET", "network"))
    assert judged(c)[0] == "new"


def test_two_runs_that_show_it_by_themselves_outrank_a_history():
    before = [run(f"b{i}", "passed") for i in range(10)]
    after = [run(f"a{i}", "failed", SPINNER) for i in range(2)]
    c = compare(before, after, base=base(15, 30, SPINNER))
    assert not c.changes["unsure"].any()
    assert judged(c)[0] == "new"
