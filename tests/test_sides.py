"""Sides of several runs: what a case did in all of them decides, not what the last one says."""

from __future__ import annotations

import pandas as pd
import pytest

from fictures_reports.analysis.compare import Comparison, compare
from fictures_reports.errors import SchemaError
from fictures_reports.run import Run

from .conftest import make_run


def side(name: str, n_runs: int, failing: dict[str, str], n_tests: int = 30) -> list[Run]:
    """Draw runs of tests t0, t1 …, which pass but where a pattern such as "P.F" says otherwise."""
    words = {"F": "failed", "P": "passed", "R": "flaky", "S": "skipped", "X": "xfailed"}
    runs = []
    for i in range(n_runs):
        statuses = {f"t{k}": "passed" for k in range(n_tests)}
        for test, pattern in failing.items():
            if pattern[i] == "-":
                del statuses[test]
            else:
                statuses[test] = words[pattern[i]]
        runs.append(make_run(f"{name}{i}", statuses))
    return runs


def change(c: Comparison, test: str = "t0") -> str:
    return str(c.labels[f"a.spec.ts › {test}"])


def unsure(c: Comparison, test: str = "t0") -> bool:
    row = c.changes[c.changes["title"] == test].iloc[0]
    return bool(row["unsure"])


def one(before: str, after: str, n_tests: int = 30) -> Comparison:
    return compare(
        side("b", len(before), {"t0": before}, n_tests),
        side("a", len(after), {"t0": after}, n_tests),
    )


@pytest.mark.parametrize(
    ("before", "after", "name", "is_unsure"),
    [
        ("PPP", "FFF", "broken", True),  # one in twenty by chance
        ("PPPP", "FFFF", "broken", False),
        ("PPPPP", "FFFFF", "broken", False),
        ("FFF", "PPP", "fixed", True),
        ("FFFFF", "PPPPP", "fixed", False),
        ("PPPPPP", "FFFFFP", "broken", False),  # the last run passes
        ("FFFFFF", "PPPPPF", "fixed", False),
        ("PPPPPP", "FPPPPP", "still_passing", False),
        ("PF", "FF", "still_failing", False),
        ("FF", "FP", "still_failing", False),
        ("PF", "PP", "still_passing", False),
        ("F" + "P" * 19, "F" * 14 + "P" * 6, "broken", False),
        ("F" * 4 + "P" * 16, "F" * 3 + "P" * 17, "still_passing", False),
        ("P" * 20, "F" * 4 + "P" * 16, "still_passing", False),
        ("FFF", "SSS", "masked", False),
        ("PPP", "---", "lost", False),
        ("SSS", "FFF", "unmasked", False),
        ("---", "PPP", "arrived", False),
        ("XXX", "FFF", "undeclared", False),
        ("PPP", "XXX", "declared", False),
        ("P", "FFFF", "broken", True),
    ],
)
def test_all_runs_of_a_side_decide_what_changed(before, after, name, is_unsure):
    c = one(before, after)
    assert (change(c), unsure(c)) == (name, is_unsure)


def test_a_case_that_fails_now_and_then_is_flaky_on_its_side_and_not_newly_failing():
    c = one("P" * 20, "F" * 4 + "P" * 16)
    row = c.changes[c.changes["title"] == "t0"].iloc[0]
    assert (row["before_outcome"], row["after_outcome"], bool(row["flaky"])) == (
        "passed", "flaky", True,
    )  # fmt: skip
    assert (row["n_after"], row["failed_after"]) == (20, 4)


def test_totals_count_cases_once_however_many_runs_a_side_has():
    c = one("PPPPP", "FFFFF")
    assert (c.before.totals["passed"], c.before.totals["cases"]) == (30, 30)
    assert (c.after.totals["passed"], c.after.totals["failed"]) == (29, 1)
    assert c.transitions.to_numpy().sum() == 30
    assert (len(c.before_runs), len(c.after_runs)) == (5, 5)


def test_a_side_of_several_runs_shows_the_last_failure_of_a_case():
    runs = side("a", 3, {"t0": "FFP"})
    runs[1].results.loc[0, "message"] = "Error: the last one"
    c = compare(side("b", 3, {"t0": "PPP"}), runs)
    row = c.after.results[c.after.results["title"] == "t0"].iloc[0]
    assert row["message"] == "Error: the last one"


def test_many_tests_that_could_not_be_noticed_hide_none_that_can():
    c = compare(side("b", 5, {"t0": "PPPPP"}, 2000), side("a", 5, {"t0": "FFFFF"}, 2000))
    assert (change(c), unsure(c)) == ("broken", False)


def test_runs_are_given_as_they_are_and_none_is_changed():
    before, after = side("b", 3, {"t0": "PPP"}), side("a", 3, {"t0": "FFF"})
    frames = [run.results.copy() for run in [*before, *after]]
    compare(before, after)
    for run, frame in zip([*before, *after], frames, strict=True):
        assert run.results.equals(frame)


def test_a_side_without_a_run_is_refused_in_words():
    with pytest.raises(SchemaError, match="before is empty"):
        compare([], [make_run("a", {"t": "passed"})])


@pytest.mark.parametrize(("n", "unsure", "needed"), [(3, True, 4), (2, True, 4), (5, False, None)])
def test_a_change_that_may_be_chance_says_how_many_runs_would_tell(n, unsure, needed):
    before = [make_run(f"a{i}", {"x": "passed", "y": "passed"}) for i in range(n)]
    after = [make_run(f"b{i}", {"x": "failed", "y": "passed"}) for i in range(n)]
    for sides in ((before, after), (after, before)):
        c = compare(*sides)
        row = c.changes.set_index("case_id").loc["a.spec.ts › x"]
        assert bool(row["unsure"]) is unsure
        assert (None if row["runs_needed"] is pd.NA else row["runs_needed"]) == needed
        assert ("4 runs a side would" in c.verdict) is unsure
