"""Our statistics against those of scipy and statsmodels, imported where used: they take 2 s."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fictures_reports.analysis.statistics import (
    false_discovery,
    fewest_to_notice,
    fisher_more,
    paired_exact,
    power_of_drop,
    wilson,
)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_statsmodels(pair):
    from statsmodels.stats.proportion import proportion_confint

    k, n = pair
    assert wilson(k, n) == pytest.approx(proportion_confint(k, n, method="wilson"), abs=1e-9)


def test_an_interval_over_nothing_is_not_a_number():
    assert np.isnan(wilson(0, 0)).all()


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_paired_test_agrees_with_statsmodels(worse, better):
    from statsmodels.stats.contingency_tables import mcnemar

    if worse + better:
        theirs = mcnemar([[0, worse], [better, 0]], exact=True).pvalue
        assert paired_exact(worse, better) == pytest.approx(theirs)


@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_fishers_test_agrees_with_scipy(n_before, n_after, data):
    from scipy.stats import fisher_exact

    failed_before = data.draw(st.integers(0, n_before))
    failed_after = data.draw(st.integers(0, n_after))
    table = [[failed_after, n_after - failed_after], [failed_before, n_before - failed_before]]
    theirs = fisher_exact(table, alternative="greater").pvalue
    assert fisher_more(failed_before, n_before, failed_after, n_after) == pytest.approx(theirs)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_false_discovery_control_agrees_with_statsmodels(p_values):
    from statsmodels.stats.multitest import multipletests

    theirs = multipletests(p_values, method="fdr_bh")[1]
    assert false_discovery(p_values) == pytest.approx(list(theirs))


def test_power_is_what_a_simulation_finds():
    rng = np.random.default_rng(7)
    n, draws = 20, 4000
    before, after = rng.binomial(n, 0.1, draws), rng.binomial(n, 0.5, draws)
    found = np.mean([fisher_more(b, n, a, n) <= 0.05 for b, a in zip(before, after, strict=True)])
    assert power_of_drop(n, 0.9, 0.5) == pytest.approx(found, abs=0.03)


@pytest.mark.parametrize(("n", "fewest"), [(1, None), (2, None), (3, 3), (5, 4), (20, 5)])
def test_too_few_runs_can_notice_nothing(n, fewest):
    assert fewest_to_notice(n, n) == fewest
    if fewest:
        assert fisher_more(0, n, fewest, n) <= 0.05 < fisher_more(0, n, fewest - 1, n)
