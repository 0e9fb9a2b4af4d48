"""Both directions of a comparison share the false finds that are let pass."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fictures_reports.analysis.statistics import attainable, discoveries, discrete_q_values
from fictures_reports.analysis.two_directions import both_directions, q_values, runs_to_notice


def draws(rng: np.random.Generator, n_runs: int, before: float, after: float):
    """Draw counts of 300 cases, of which 30 are flaky alike on both sides, and one changed."""
    failed = np.zeros((2, 300), dtype=int)
    failed[:, 1:31] = rng.binomial(n_runs, rng.uniform(0.05, 0.5, 30), (2, 30))
    failed[:, 0] = rng.binomial(n_runs, [before, after])
    return [(n_runs, int(b), n_runs, int(a)) for b, a in failed.T]


def test_false_finds_of_both_directions_together_are_held_and_what_broke_is_found():
    rng, wrong, found, n = np.random.default_rng(3), [], 0, 500
    for _ in range(n):
        worse, better = both_directions(draws(rng, 20, 0.02, 0.5))
        named = sum(worse.significant) + sum(better.significant)
        wrong.append((named - worse.significant[0]) / max(1, named))
        found += worse.significant[0]
    # Each direction at 5 % by itself would give 0.06: 0.05 and three standard errors are more.
    assert np.mean(wrong) <= 0.05
    assert found / n >= 0.78


@pytest.mark.parametrize("mended", [False, True])
@pytest.mark.parametrize(("n_before", "n_after", "needed"), [(1, 1, 4), (3, 3, 4), (1, 10, 2)])
def test_a_test_that_broke_or_was_mended_for_good_needs_few_runs(n_before, n_after, needed, mended):
    assert runs_to_notice(n_before, n_after, mended=mended) == needed
    n = max(needed, n_before), max(needed, n_after)
    failed = (n[0], 0) if mended else (0, n[1])
    worse, better = both_directions([(n[0], failed[0], n[1], failed[1])])
    assert (worse.significant, better.significant) == ([not mended], [mended])


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=30))
def test_no_case_is_both_worse_and_better(failures):
    worse, better = both_directions([(6, b, 6, a) for b, a in failures])
    assert not any(w and b for w, b in zip(worse.significant, better.significant, strict=True))


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=30))
def test_what_is_significant_has_a_q_value_below_the_bar(failures):
    counts = [(6, b, 6, a) for b, a in failures]
    worse, better = both_directions(counts)
    for q, is_worse, is_better in zip(
        q_values(counts), worse.significant, better.significant, strict=True
    ):
        assert q <= 0.05 or not (is_worse or is_better)


def test_a_case_that_one_side_did_not_try_is_neither():
    worse, better = both_directions([(0, 0, 9, 9), (9, 0, 0, 0)])
    assert worse.p_values == better.p_values == [1.0, 1.0]
    assert not any(worse.significant + better.significant)


def test_a_test_with_more_weight_is_significant_where_one_with_less_is_not():
    support = attainable(4, 4, 4)
    p_values, supports = [support[0]] * 2, [support] * 2
    assert discoveries(p_values, supports) == [True, True]
    assert discoveries(p_values, supports, weights=[1.8, 0.2]) == [True, False]
    assert discrete_q_values(p_values, supports, [1.8, 0.2])[0] < 0.05


def test_weights_of_one_change_nothing():
    support = attainable(8, 8, 6)
    p_values = [support[0], support[1], support[2], 1.0]
    assert discoveries(p_values, [support] * 4) == discoveries(
        p_values, [support] * 4, weights=[1.0] * 4
    )


@pytest.mark.parametrize(("counts", "is_worse"), [((5, 0, 6, 4), True), ((5, 0, 6, 3), False)])
def test_what_got_worse_may_be_wrong_in_eight_of_100(counts, is_worse):
    worse, better = both_directions([counts])
    assert (worse.significant, better.significant) == ([is_worse], [False])
    n_before, before, n_after, after = counts
    worse, better = both_directions([(n_after, after, n_before, before)])
    assert (worse.significant, better.significant) == ([False], [False])
