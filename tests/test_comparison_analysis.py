from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fictures_reports.analysis import confidence
from fictures_reports.analysis.causes import cluster_flow
from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.confidence import paired
from fictures_reports.analysis.durations import files, over_runs, worker_time
from fictures_reports.analysis.projection import projection, shortest_way, skips
from fictures_reports.analysis.rates import decomposition, rates
from fictures_reports.analysis.renames import renamed, suggestions
from fictures_reports.failures import clusters
from fictures_reports.report.json_report import payload
from fictures_reports.schema import STATUSES

from .conftest import make_run

statuses = st.dictionaries(st.sampled_from("abcdefghij"), st.sampled_from(STATUSES))


@given(statuses, statuses)
def test_the_parts_of_a_change_sum_to_it(before, after):
    c = compare(make_run("b", before), make_run("a", after))
    parts = decomposition(c)
    if before and after:
        difference = rates(c).loc["all", "points"]
        assert parts["points"].sum() == pytest.approx(difference, abs=1e-9)
    else:
        assert parts.empty


def test_each_part_of_a_change_is_named_with_its_size():
    before = make_run("b", {"x": "failed", "y": "passed", "z": "passed", "old": "passed"})
    after = make_run("a", {"x": "passed", "y": "failed", "z": "skipped", "new": "passed"})
    parts = decomposition(compare(before, after)).set_index("part")
    third = float(100 * Fraction(1, 3))
    assert parts.loc["fixed", "points"] == pytest.approx(third)
    assert parts.loc["broken", "points"] == pytest.approx(-third)
    assert parts.loc["newly skipped or not run", "points"] == pytest.approx(-third)
    assert parts.loc["removed tests", "points"] == pytest.approx(100 * (2 / 3 - 3 / 4))
    assert parts.loc["added tests", "points"] == pytest.approx(100 * (2 / 4 - 1 / 3))


def test_rates_carry_their_denominators():
    before = make_run("b", {"x": "failed", "y": "passed", "s": "skipped"})
    after = make_run("a", {"x": "passed", "y": "passed", "n": "failed"})
    table = rates(compare(before, after))
    assert table["before_n"].to_dict() == {"all": 3, "executed": 2, "common": 2}
    assert table["after_passed"].to_dict() == {"all": 2, "executed": 2, "common": 2}


@given(statuses)
def test_nothing_is_called_a_regression_between_identical_runs(run):
    one = make_run("x", run)
    c = compare(one, one)
    assert not paired(c).is_more_than_chance
    table = confidence.over_runs(compare([one] * 10, [one] * 10))
    assert not table["verdict"].isin(["regression", "improvement"]).any()


def test_five_against_one_is_weak_evidence():
    names = "abcdefghij"
    before = make_run("b", dict.fromkeys(names[:5], "failed") | {"x": "passed"})
    after = make_run("a", dict.fromkeys(names[:5], "passed") | {"x": "failed"})
    evidence = paired(compare(before, after))
    assert evidence.p_value == pytest.approx(0.21875)
    assert "weak evidence" in evidence.sentence


def test_one_cause_is_counted_once_however_many_tests_share_it():
    names = list("abcdefghij")
    before = make_run("b", dict.fromkeys(names, "failed"), {"signature": ["down"] * 10})
    after = make_run("a", dict.fromkeys(names, "passed"))
    evidence = paired(compare(before, after))
    assert evidence.p_value < 0.01
    assert evidence.n_better_clusters == 1
    assert not evidence.is_more_than_chance


def test_several_runs_tell_a_regression_from_too_few_runs():
    good, bad = make_run("g", {"x": "passed"}), make_run("b", {"x": "failed"})
    sides = {
        "not enough runs": ([good] * 2, [bad] * 2),
        "regression": ([good] * 5, [bad] * 5),
        "improvement": ([bad] * 5, [good] * 5),
        "no change seen": ([good] * 5, [*[good] * 4, bad]),
    }
    for verdict, (before, after) in sides.items():
        assert confidence.over_runs(compare(before, after))["verdict"].tolist() == [verdict]
    assert confidence.over_runs(compare(good, bad))["verdict"].tolist() == ["not enough runs"]


CAUSES = {
    "category": ["timeout", "timeout", "network", None, None],
    "signature": ["idle", "idle", "refused", None, None],
}
ENDED = {"x": "failed", "y": "failed", "z": "failed", "p": "passed", "s": "skipped"}
RUN = make_run("a", ENDED, CAUSES)


def test_projection_counts_what_fixing_each_cause_alone_would_give():
    table = projection(RUN)
    assert table[["category", "cases", "passed_if_fixed"]].values.tolist() == [
        ["timeout", 2, 3],
        ["network", 1, 2],
    ]
    assert table["rate_if_fixed"].tolist() == [3 / 5, 2 / 5]


def test_the_shortest_way_takes_the_largest_causes_until_the_gate_is_reached():
    assert len(shortest_way(RUN, 3)) == 1
    assert shortest_way(RUN, 4)["passed_so_far"].tolist() == [3, 4]
    assert shortest_way(RUN, 99)["kind"].tolist() == ["failure", "failure", "skip"]
    assert shortest_way(RUN, 1).empty


def test_skips_add_a_range_at_their_files_pass_rate():
    row = skips(RUN).iloc[0]
    assert (row["least"], row["likely"], row["most"]) == (0, 0.25, 1)


def test_a_renamed_test_is_suggested_with_its_evidence_and_joined_only_when_accepted():
    before = make_run("b", {"logs the user in": "passed", "other": "passed"})
    after = make_run("a", {"logs a user in": "failed", "other": "passed"})
    c = compare(before, after)
    assert c.counts["lost"] == c.counts["arrived_failing"] == 1
    pair = suggestions(c).iloc[0]
    assert "same file" in pair["evidence"]
    joined = compare(renamed(before, {pair["before"]: pair["after"]}), after)
    assert joined.counts["broken"] == 1
    assert joined.counts["lost"] == 0


def test_tests_with_unlike_titles_are_not_suggested():
    before = make_run("b", {"pays by card": "passed"})
    after = make_run("a", {"exports the report": "passed"})
    assert suggestions(compare(before, after)).empty


def timed(seconds: float):
    return make_run("r", {"x": "passed", "y": "passed"}, {"duration_s": [seconds, 5.0]})


def test_durations_over_several_runs_are_told_only_beyond_chance_and_a_fifth():
    before = [timed(2.0 + i / 10) for i in range(6)]
    slower, barely = (
        [timed(8.0 + i / 10) for i in range(6)],
        [timed(2.1 + i / 10) for i in range(6)],
    )
    told = over_runs(before, slower)
    assert told["title"].tolist() == ["x"]
    assert told.loc[0, "ratio"] == pytest.approx(8.25 / 2.25)
    assert over_runs(before, barely).empty
    assert over_runs(before[:3], slower[:3]).empty


def test_a_test_that_is_much_slower_in_each_of_few_runs_is_told_among_many():
    names = [f"t{k}" for k in range(30)]

    def took(run: int, factor: float):
        seconds = [(1 + k / 10) * (1 + (run * k % 7) / 100) for k in range(30)]
        seconds[3] *= factor
        return make_run("r", dict.fromkeys(names, "passed"), {"duration_s": seconds})

    before, slower = [took(i, 1.0) for i in range(4)], [took(i + 4, 2.0) for i in range(4)]
    assert over_runs(before, slower)["title"].tolist() == ["t3"]
    assert over_runs(before, [took(i + 4, 1.3) for i in range(4)]).empty


def test_files_share_the_time_and_the_ideal_wall_time_is_busy_time_over_workers():
    run = make_run("r", {"x": "passed", "y": "passed"}, {"duration_s": [30.0, 90.0]})
    assert files(run)[["tests", "total_s", "share"]].values.tolist() == [[2, 120.0, 1.0]]
    assert worker_time(run).ideal_s == 60.0


def test_each_cause_is_new_stayed_or_gone_with_its_tests_on_both_sides():
    def run(label, signatures):
        statuses = dict.fromkeys("xyz"[: len(signatures)], "failed")
        return make_run(label, statuses, {"signature": signatures})

    flow = cluster_flow(
        compare(run("b", ["idle", "idle", "refused"]), run("a", ["idle", "broken"]))
    )
    assert flow[["name", "before", "after", "state"]].values.tolist() == [
        ["broken", 0, 1, "new"],
        ["idle", 2, 1, "stayed"],
        ["refused", 1, 0, "gone"],
    ]


def test_the_numbers_of_a_comparison_form_the_clusters_of_each_side_once(monkeypatch):
    before, after = (
        make_run(label, {"x": "failed", "y": "flaky", "z": "failed"}, {"signature": signatures})
        for label, signatures in (
            ("b", ["idle", "shaky", "slow"]),
            ("a", ["idle", "shaky", "fast"]),
        )
    )
    formed, whole = [], clusters.cluster_ids

    def counting(results, known=None):
        formed.append(len(results))
        return whole(results, known)

    # What else asks for clusters asks the run, which keeps them.
    assert before.cluster_ids.notna().sum() + after.cluster_ids.notna().sum() == 6
    monkeypatch.setattr(clusters, "cluster_ids", counting)
    said = payload(compare(before, after))
    assert formed.count(2) == 2
    by_case = {case["title"]: case for case in said["changes"]["still_failing"]}
    names = {cause["name"]: cause["cluster"] for cause in said["causes"]}
    assert by_case["x"]["before"]["cluster"] == by_case["x"]["after"]["cluster"] == names["idle"]
    assert by_case["z"]["before"]["cluster"] == names["slow"]
    assert by_case["z"]["after"]["cluster"] == names["fast"]


def test_two_runs_without_failures_have_no_causes():
    run = make_run("a", {"x": "passed"})
    assert cluster_flow(compare(run, run)).empty
