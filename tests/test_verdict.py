"""The verdict: which one it is, and a sentence without clauses about what did not happen."""

from __future__ import annotations

import pytest

from fictures_reports.analysis import verdict as sentences
from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.count_sentences import causes
from fictures_reports.analysis.known_issues import issue
from fictures_reports.report.json_report import payload
from fictures_reports.report.markdown import markdown

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
    assert c.verdict == (
        "Worse (2 runs a side): 1 test that passed now fails. "
        "Not enough runs to rule out chance for 1 test: 4 runs a side would."
    )
    c = compare([before] * 2, after)
    assert c.verdict.startswith("Worse (2 runs before, 1 run after): ")


def test_sides_in_the_wrong_order_are_warned_of():
    week = 7 * 86400.0
    c = compare(*sides("PP", "PP", b={"started_at": 2 * week}, a={"started_at": week}))
    assert c.verdict.endswith("The run after began 7 days before the one before.")


def test_a_test_removed_on_purpose_makes_nothing_worse():
    c = compare(*sides("PPP", "PP-"), removed=["*t2"])
    assert c.verdict_kind == "as_before"


def matrix(label, **statuses):
    """Draw one test or more on systems: `windows="PF"` is two tests, the second of which fails."""
    rows = [(s, i, WORDS[x]) for s, letters in statuses.items() for i, x in enumerate(letters)]
    columns = {
        "case_id": [f"a › t{i} {{{system}}}" for system, i, _ in rows],
        "test_id": [f"a › t{i}" for _, i, _ in rows],
        "variant": [system for system, _, _ in rows],
        "title": [f"t{i}" for _, i, _ in rows],
        "signature": ["no" if status == "failed" else None for _, _, status in rows],
        "category": ["assertion" if status == "failed" else None for _, _, status in rows],
        "message": ["Error: no" if status == "failed" else None for _, _, status in rows],
    }
    statuses = {f"{system} {i}": status for system, i, status in rows}
    return make_run(label, statuses, columns)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (("PP", "PP", "PP"), ("PP", "PP", "FP"),
         "Worse: 1 test that passed now fails (only on windows)."),
        (("PP", "PP", "PP"), ("FP", "PP", "FP"),
         "Worse: 2 cases of 1 test that passed now fail (only on linux and windows)."),
        (("PPPP", "PPPP", "PPPP"), ("FPPP", "FPPP", "FPPP"),
         "Worse: 3 cases of 1 test that passed now fail."),
        (("PP", "PP", "PF"), ("PP", "PP", "PF"),
         "As before: 5 of 6 cases of 2 tests passed and 1 test still fails (only on windows)."),
        (("PP", "PP", "PP"), ("PP", "PP", "PP"), "As before: all 6 cases of 2 tests pass."),
    ],
)  # fmt: skip
def test_in_a_matrix_build_the_verdict_counts_cases_of_tests_and_names_the_variants(
    before, after, sentence
):
    systems = ("linux", "macos", "windows")
    runs = [matrix(n, **dict(zip(systems, side, strict=True))) for n, side in
            (("b", before), ("a", after))]  # fmt: skip
    assert compare(*runs).verdict == sentence


def test_a_test_is_named_with_its_variant_in_markdown_and_json():
    c = compare(matrix("b", api="PP", web="PP"), matrix("a", api="PP", web="PF"))
    assert "**t1** {web}" in markdown(c)
    [case] = payload(c)["changes"]["broken"]
    assert case["variant"] == "web"


def test_of_several_runs_a_side_more_often_is_no_plain_break():
    def runs(name, letters):
        return [sides(letter, letter)[0] if name == "b" else sides(letter, letter)[1]
                for letter in letters]  # fmt: skip

    c = compare(runs("b", "F" + 19 * "P"), runs("a", 14 * "F" + 6 * "P"))
    assert "1 test fails significantly more often than before" in c.verdict
    back = compare(runs("b", 14 * "F" + 6 * "P"), runs("a", "F" + 19 * "P"))
    assert "1 test fails significantly less often than before" in back.verdict


def test_the_doors_count_only_what_failed_before():
    c = compare(*sides("PFXFF", "XXPFP"))
    assert sentences.doors(c) == (
        "Of 3 tests that failed before, 1 was fixed, 1 now fails as declared, not fixed and "
        "1 still fails."
    )


def test_failures_by_cause_add_up_to_the_failed_and_flaky_ones_are_counted_apart():
    c = compare(*sides("PFR", "FFR"))
    assert causes(c.before, c.after) == (
        "Failures by cause: another value than wanted 1 → 2. "
        "Passed on a retry, by cause: another value than wanted 1 → 1."
    )


def test_where_nothing_ran_nobody_says_that_no_test_failed():
    assert causes(*sides("PP", "SS")) == ""


@pytest.mark.parametrize("n", [4, 1200])
def test_known_issues_that_are_at_an_end_are_counted_in_the_verdict(n):
    before, after = sides("P" * n, "F" + "P" * (n - 1))
    table = {"owner": "kim", "reason": "#7"}
    issues = [
        issue({**table, "case": "*› t0", "expires": "2020-12-31"}),
        issue({**table, "case": "*› t1", "expires": "2099-12-31"}),
        issue({**table, "case": "*› gone", "expires": "2099-12-31"}),
    ]
    c = compare(before, after, known_issues=issues)
    assert c.verdict == (
        "Worse: 1 test that passed now fails. Known issues: 1 expired (kim on 2020-12-31), "
        "1 passes now and can go and 1 matches nothing."
    )
