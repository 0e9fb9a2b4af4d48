"""Since when things are the way they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fictures_reports.history_analysis.changepoints import change_points
from fictures_reports.history_analysis.since_when import since_when


@pytest.mark.parametrize(
    ("before", "after", "is_found"),
    [(20, 2, True), (20, 1, False), (10, 3, True), (10, 2, False), (5, 6, True), (5, 5, False)],
)
def test_short_series_show_only_clean_steps(before, after, is_found):
    assert bool(change_points([0] * before + [1] * after)) is is_found


def test_a_streak_has_two_edges():
    found = change_points([0] * 25 + [1] * 6 + [0] * 25)
    assert [c.at for c in found] == [25, 31]
    assert all(c.low <= c.at <= c.high for c in found)
    assert [(c.before, c.after) for c in found] == [(0, 1), (1, 0)]


def test_what_follows_a_change_is_told_up_to_now():
    """Two passes at the end are no change that is sure, and no reason to say that all fails."""
    (found,) = change_points([0] * 47 + [1] * 11 + [0] * 2)
    assert (found.at, found.before) == (47, 0)
    assert found.after == pytest.approx(11 / 13)


def test_a_series_without_a_change_seldom_shows_one():
    draws = np.random.default_rng(0)
    series = [draws.random(50) < rate for rate in (0.02, 0.1, 0.3) for _ in range(60)]
    rates = [bool(change_points(one)) for one in series]
    means = [bool(change_points(draws.standard_t(3, 50), "mean")) for _ in range(60)]
    assert np.mean(rates) <= 0.03
    assert np.mean(means) <= 0.05


def test_constant_and_tiny_series_say_nothing():
    assert change_points([1] * 50) == []
    assert change_points([0, 1, 0]) == []
    assert change_points([]) == []


def test_a_long_series_is_looked_at_from_its_end():
    (found,) = change_points([0] * 700 + [1] * 20)
    assert found.at == 700


def test_slower_cases_and_broken_ones_are_dated(generate):
    quiet = {"flaky": 0, "skipped": 0, "renamed": 0, "n_outages": 0, "branches": ("main",)}
    plan = generate.Plan(n_cases=80, n_runs=60, seed=3, broken=0.1, slower=0.1, **quiet)
    made = generate.Generated(plan)
    found = since_when(made.frame())
    number = {made.label(i): i for i in range(60)}
    for case, begin in made.slower_from.items():
        rows = found[(found["what"] == "case takes") & (found["name"] == made.case_ids[case])]
        low, high = rows.iloc[0]["between"].split(" … ")
        assert number[low] < begin <= number[high]
        assert rows.iloc[0]["after"] / rows.iloc[0]["before"] == pytest.approx(1.8, rel=0.15)
    long = {c: s for c, s in made.streaks.items() if s[1] - s[0] > 5 and 10 < s[0] < s[1] < 50}
    assert long
    for case, edges in long.items():
        rows = found[(found["what"] == "case fails") & (found["name"] == made.case_ids[case])]
        assert sorted(map(number.get, rows["since"])) == list(edges)


def test_nothing_changed_gives_nothing(filled):
    assert since_when(filled.load()[:0]).empty


def test_six_values_may_show_a_change_and_five_say_nothing():
    assert change_points([1, 1, 1, 9, 9, 9], "mean")
    assert change_points([1, 1, 9, 9, 9], "mean") == []


@pytest.mark.parametrize(("before", "after"), [(3, 3), (2, 4), (3, 20), (20, 3), (20, 2)])
def test_one_clean_step_of_a_mean_is_one_change_where_it_is(before, after):
    """Also near the ends, where a run has fewer neighbours on one side."""
    (found,) = change_points([1] * before + [9] * after, "mean")
    assert (found.at, found.before, found.after) == (before, 1, 9)


@pytest.mark.parametrize("at", [0, 10, 20])
def test_one_slow_run_is_no_change_of_the_mean(at):
    assert change_points([1] * at + [9] + [1] * (20 - at), "mean") == []


def test_a_mean_that_went_up_and_down_changed_twice():
    found = change_points([1] * 10 + [9] * 10 + [1] * 10, "mean")
    assert [(c.at, c.before, c.after) for c in found] == [(10, 1, 9), (20, 9, 1)]


@pytest.mark.parametrize(("factor", "is_told"), [(1.21, True), (1.19, False)])
def test_a_test_became_slower_from_a_fifth_on(factor, is_told):
    """The later twelve of 24 runs are longer by a factor; before that they differ a little."""
    seconds = [(1 + 0.01 * (i % 3)) * (factor if i >= 12 else 1) for i in range(24)]
    names = [f"r{i}" for i in range(24)]
    frame = pd.DataFrame({
        "run_id": names, "label": names, "duration_s": seconds, "commit": "c", "branch": "main",
        "run_at": pd.date_range("2026-01-01", periods=24, tz="UTC"), "case_id": "a", "title": "a",
        "status": "passed", "category": None, "signature": None,
    })  # fmt: skip
    assert since_when(frame)["since"].tolist() == ["r12"] * is_told
