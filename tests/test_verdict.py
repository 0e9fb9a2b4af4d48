"""The verdict: which one it is, and a sentence without clauses about what did not happen."""

from __future__ import annotations

import pytest

from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.known_issues import issue

from .conftest import make_run

WORDS = {"P": "passed", "F": "failed", "S": "skipped", "X": "xfailed", "R": "flaky"}


def sides(before: str, after: str, **info):
    """Draw two runs: a letter for each test, "-" where the side lacks it."""
    runs = []
    for name, letters in (("b", before), ("a", after)):
        statuses = {f"t{i}": WORDS[letter] for i, letter in enumerate(letters) if letter != "-"}
        texts = {"signature": ["no" if s == "failed" else None for s in statuses.values()]}
        runs.append(make_run(name, statuses, texts, **info.get(name, {})))
    return runs


@pytest.mark.parametrize(
    ("before", "after", "kind", "sentence"),
    [
        ("PPP", "PPP", "as_before", "As before: all 3 pass."),
        ("PPF", "PPF", "as_before", "As before: 2 of 3 tests passed and 1 test still fails."),
        ("PPP", "PPF", "worse", "Worse: 1 test that passed now fails."),
        ("FFP", "PPP", "better", "Better: 2 tests were fixed."),
        ("SSP", "PPP", "better", "Better: 2 tests that did not run before pass."),
        ("FPP", "PFP", "mixed", "Mixed: 1 test that passed now fails and 1 test was fixed."),
        ("PPP", "PPR", "less_stable", "Less stable: 1 test is newly flaky."),
        ("PPF", "PPS", "worse", "Worse: 1 test that failed did not run."),
        ("PPP", "P-S", "worse",
         "Worse: 1 test that passed did not run and 1 test that passed is gone."),
        ("P--", "PPP", "as_before", "As before: 2 new tests pass; all 3 pass."),
        ("PPX", "PXX", "as_before", "As before: 1 test now fails as declared."),
        ("PXX", "PPF", "mixed",
         ("Mixed: 1 test that was declared to fail now fails undeclared and "
          "1 test that was declared to fail passes now.")),
        ("PP--", "--PP", "nothing_in_common",
         "No test in common (2 gone, 2 new), so nothing can be compared."),
        ("PP", "--", "no_test_ran",
         "No test ran after: no reason was recorded (2 tests were there before)."),
        ("--", "--", "no_test_ran", "No test ran in either run: no reason was recorded."),
    ],
)  # fmt: skip
def test_the_verdict_says_what_happened_and_nothing_about_what_did_not(
    before, after, kind, sentence
):
    c = compare(*sides(before, after))
    assert (c.verdict_kind, c.verdict) == (kind, sentence)


def test_a_run_in_which_no_test_ran_says_why():
    c = compare(*sides("PP", "--", a={"errors": ["Error: no web server\n  at x"]}))
    assert c.verdict.startswith("No test ran after: Error: no web server (2 tests")


def test_an_error_of_the_run_itself_makes_it_worse():
    c = compare(*sides("PP", "PP", a={"errors": ["Error: tear-down broke"]}))
    assert c.verdict == "Worse: the run itself failed (Error: tear-down broke)."


def test_something_missing_is_said_before_anything_is_concluded():
    c = compare(*sides("PPP", "PPF", a={"incomplete": True}))
    assert c.verdict_kind == "incomplete"
    assert c.verdict == "Something is missing: 1 test that passed now fails."


def test_a_known_issue_makes_nothing_worse():
    kim = issue({"case": "*t0", "owner": "kim", "reason": "#7", "expires": "2999-12-31"})
    c = compare(*sides("PP", "FP"), known_issues=[kim])
    assert (c.verdict_kind, c.verdict) == ("as_before", "As before: 1 test is a known issue.")


def test_a_side_of_several_runs_is_said_to_be_one():
    before, after = sides("PP", "FP")
    c = compare([before] * 2, [after] * 2)
    assert c.verdict == "Worse (2 runs a side): 1 test that passed now fails."
    c = compare([before] * 2, after)
    assert c.verdict.startswith("Worse (2 runs before, 1 run after): ")


def test_sides_in_the_wrong_order_are_warned_of():
    week = 7 * 86400.0
    c = compare(*sides("PP", "PP", b={"started_at": 2 * week}, a={"started_at": week}))
    assert c.verdict.endswith("The run after began 7 days before the one before.")


def test_a_test_removed_on_purpose_makes_nothing_worse():
    c = compare(*sides("PPP", "PP-"), removed=["*t2"])
    assert c.verdict_kind == "as_before"
