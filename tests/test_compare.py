from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fictures_reports.analysis.changes import CHANGE_OF
from fictures_reports.analysis.compare import compare
from fictures_reports.errors import SchemaError
from fictures_reports.schema import CHANGES, OUTCOMES, STATUSES

from .conftest import make_run

statuses = st.dictionaries(st.sampled_from("abcdefghij"), st.sampled_from(STATUSES))


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("passed", "failed", "broken"),
        ("flaky", "failed", "broken"),
        ("failed", "passed", "fixed"),
        ("failed", "flaky", "fixed"),
        ("failed", "failed", "still_failing"),
        ("failed", "skipped", "masked"),
        ("failed", "not_run", "masked"),
        ("failed", "interrupted", "masked"),
        ("failed", "xfailed", "declared"),
        ("passed", "xfailed", "declared"),
        ("skipped", "xfailed", "declared"),
        ("xfailed", "xfailed", "still_declared"),
        ("xfailed", "skipped", "masked"),
        ("passed", "skipped", "lost"),
        ("passed", "not_run", "lost"),
        ("skipped", "failed", "unmasked"),
        ("not_run", "failed", "unmasked"),
        ("xfailed", "failed", "undeclared"),
        ("skipped", "passed", "gained"),
        ("xfailed", "passed", "fixed"),
        ("passed", "passed", "still_passing"),
        ("passed", "xpassed", "still_passing"),
        ("skipped", "not_run", "still_skipped"),
    ],
)
def test_a_case_in_both_runs_is_named_after_both_of_its_statuses(before, after, change):
    c = compare(make_run("b", {"t": before}), make_run("a", {"t": after}))
    assert list(c.changes["change"]) == [change]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ({"t": "failed"}, {}, "vanished"),
        ({"t": "passed"}, {}, "lost"),
        ({"t": "skipped"}, {}, "left"),
        ({"t": "xfailed"}, {}, "vanished"),
        ({}, {"t": "xfailed"}, "declared"),
        ({}, {"t": "passed"}, "arrived"),
        ({}, {"t": "failed"}, "arrived_failing"),
        ({}, {"t": "skipped"}, "arrived_skipped"),
    ],
)
def test_a_case_that_one_run_lacks_is_absent_there(before, after, change):
    c = compare(make_run("b", before), make_run("a", after))
    row = c.changes.iloc[0]
    assert row["change"] == change
    assert "absent" in (row["before_outcome"], row["after_outcome"])


def test_every_pair_of_outcomes_but_absent_twice_has_a_label():
    unnamed = [pair for pair, change in CHANGE_OF.items() if change is None]
    assert unnamed == [("absent", "absent")]
    assert set(CHANGE_OF.values()) - {None} == set(CHANGES)


def test_a_retry_that_passed_is_a_mark_beside_the_label():
    c = compare(make_run("b", {"t": "failed"}), make_run("a", {"t": "flaky"}))
    assert (c.changes.loc[0, "change"], bool(c.changes.loc[0, "flaky"])) == ("fixed", True)


@given(statuses, statuses)
def test_matrix_labels_and_category_flow_count_every_case_once(before, after):
    c = compare(make_run("b", before), make_run("a", after))
    present = [o for o in OUTCOMES if o != "absent"]
    assert c.transitions.loc[present].to_numpy().sum() == len(before)
    assert c.transitions[present].to_numpy().sum() == len(after)
    assert c.transitions.loc["failed"].sum() == list(before.values()).count("failed")
    assert sum(c.counts.values()) == len(before.keys() | after.keys()) == len(c.changes)
    assert c.changes["case_id"].is_unique
    failing = {t for run in (before, after) for t, status in run.items() if status == "failed"}
    assert c.category_flow.to_numpy().sum() == len(failing)


def test_category_flow_says_where_a_failure_went():
    before = make_run("b", {"x": "failed", "y": "failed"}, {"category": ["timeout", "timeout"]})
    after = make_run("a", {"x": "passed", "y": "failed"}, {"category": [None, "threshold_miss"]})
    flow = compare(before, after).category_flow
    assert flow.loc["timeout"].to_dict() == {"passed": 1, "threshold_miss": 1}


def test_comparing_changes_neither_run():
    before, after = make_run("b", {"t": "failed", "u": "passed"}), make_run("a", {"t": "passed"})
    copies = before.results.copy(), after.results.copy()
    c = compare(before, after)
    _ = c.transitions, c.category_flow, c.totals, c.verdict
    pd.testing.assert_frame_equal(before.results, copies[0])
    pd.testing.assert_frame_equal(after.results, copies[1])


def test_two_empty_runs_compare_to_nothing_rather_than_fail():
    c = compare(make_run("b", {}), make_run("a", {}))
    assert c.changes.empty
    assert c.transitions.to_numpy().sum() == 0
    assert "No test ran in either run" in c.verdict


def test_verdict_is_not_better_while_failures_only_hide_or_new_ones_appear():
    b = {"x": "failed", "y": "failed", "z": "passed"}
    fixed = compare(make_run("b", b), make_run("a", b | {"x": "passed"}))
    masked = compare(make_run("b", b), make_run("a", b | {"x": "skipped"}))
    both = compare(make_run("b", b), make_run("a", b | {"x": "passed", "z": "failed"}))
    assert fixed.verdict.startswith("Better")
    assert masked.verdict.startswith("Worse")
    assert both.verdict.startswith("Mixed")
    assert "1 test that passed now fails" in both.verdict


def test_a_misspelt_change_is_refused_with_the_word_that_was_meant():
    c = compare(make_run("b", {"a": "passed"}), make_run("a", {"a": "failed"}))
    assert len(c.named("broken", "fixed")) == 1
    with pytest.raises(SchemaError, match=r"^no change 'brokn'; did you mean 'broken'\?$"):
        c.named("fixed", "brokn")
