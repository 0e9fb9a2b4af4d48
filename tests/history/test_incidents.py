"""Incidents: what began to fail together, since which run, and whether it is over."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fictures_reports.history_analysis.flakiness import flakiness
from fictures_reports.history_analysis.incidents import incidents

START = pd.Timestamp("2026-01-01", tz="UTC")
REFUSED, POOL, SPINNER = "Error: connection refused", "Error: pool exhausted", "the spinner stayed"


def history(n_runs: int, n_cases: int, failures: dict[tuple[int, int], str]) -> pd.DataFrame:
    """Draw runs of passing cases, but for (run, case) → the text of a failure."""
    rows = [
        {"run_id": f"r{i}", "label": f"r{i}", "run_at": START + pd.Timedelta(hours=i),
         "commit": f"c{i}", "branch": "main", "case_id": f"t{k}", "project": "", "file": "a.py",
         "title": f"t{k}", "n_attempts": 1, "duration_s": 1.0,
         "status": "failed" if (i, k) in failures else "passed",
         "category": "assertion" if (i, k) in failures else None,
         "signature": failures.get((i, k))}
        for i in range(n_runs) for k in range(n_cases)
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    return frame.astype({"category": "str", "signature": "str"})


def block(runs: range, cases: range, text: str) -> dict[tuple[int, int], str]:
    return {(i, k): text for i in runs for k in cases}


def test_an_outage_that_is_over_has_its_runs_its_cases_and_its_commits():
    (one,) = incidents(history(30, 30, block(range(14, 16), range(27), REFUSED)))
    assert (one.since, one.until, len(one.cases)) == ("r14", "r15", 27)
    assert one.commits == ("c13", "c14")
    assert (one.is_outage, one.is_over, one.is_recurring) == (True, True, False)
    assert one.runs == ("r14", "r15")


def test_a_bad_commit_goes_on_and_is_no_outage():
    (one,) = incidents(history(23, 30, block(range(20, 23), range(8), REFUSED)))
    assert (one.since, one.until, len(one.cases), one.is_outage) == ("r20", None, 8, False)


def test_a_fixture_that_comes_back_is_one_recurring_incident_and_its_cases_are_flaky():
    failures: dict[tuple[int, int], str] = {}
    for run in (5, 14, 23, 33, 44):
        failures |= block(range(run, run + 1), range(7), POOL)
    frame = history(50, 30, failures)
    (one,) = incidents(frame)
    assert (one.is_recurring, one.n_occurrences, len(one.cases)) == (True, 5, 7)
    states = flakiness(frame).set_index("case_id")["state"]
    assert {case for case, state in states.items() if state == "flaky"} == set(one.cases)
    assert set(states.drop(list(one.cases))) == {"stable"}


@pytest.mark.parametrize("runs", [(6, 20, 33, 47), (9, 30, 41, 52)])
def test_few_tests_that_fail_together_again_and_again_are_found_though_rates_hide_them(runs):
    failures: dict[tuple[int, int], str] = {}
    for run in runs:
        failures |= block(range(run, run + 1), range(3), POOL)
    (one,) = incidents(history(60, 10, failures))
    assert (one.n_occurrences, one.cases) == (4, ("t0", "t1", "t2"))


def test_two_incidents_may_overlap():
    failures = block(range(10, 15), range(8), REFUSED) | block(range(12, 16), range(10, 18), POOL)
    found = incidents(history(30, 30, failures))
    assert [(one.since, one.until, len(one.cases)) for one in found] == [
        ("r10", "r14", 8), ("r12", "r15", 8),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_thirty_flaky_tests_with_one_message_are_no_incident(seed):
    rng = np.random.default_rng(seed)
    hits = np.argwhere(rng.random((60, 30)) < 0.1)
    failures = {(int(i), int(k)): SPINNER for i, k in hits}
    assert incidents(history(60, 30, failures)) == []


def test_two_tests_of_a_suite_of_four_are_no_outage():
    found = incidents(history(40, 4, block(range(20, 21), range(2), REFUSED)))
    assert not any(one.is_outage for one in found)


def test_what_fails_from_the_first_run_on_did_not_begin_in_it():
    assert incidents(history(10, 10, block(range(10), range(8), REFUSED))) == []


def test_tests_that_were_broken_before_an_outage_did_not_begin_to_fail_after_it():
    failures = {
        (i, k): f"Error: no {k}" if k % 2 else SPINNER for k in range(10) for i in range(3 + k, 30)
    }
    failures |= block(range(14, 15), range(30), REFUSED)
    found = incidents(history(30, 30, failures))
    assert [(one.since, one.until, one.is_outage) for one in found] == [("r14", "r14", True)]


def test_branches_have_incidents_of_their_own():
    main = history(20, 10, {})
    branch = history(6, 10, block(range(4, 6), range(8), REFUSED)).assign(branch="feature")
    branch = branch.assign(run_id=branch["run_id"] + "b", label=branch["label"] + "b")
    (one,) = incidents(pd.concat([main, branch]))
    assert (one.branch, one.since, one.is_over) == ("feature", "r4b", False)


@pytest.mark.parametrize("n", [1, 2, 30, 2000])
def test_the_binomial_tail_is_that_of_scipy(n):
    from scipy.special import bdtrc

    from fictures_reports.history_analysis.incident_chance import binomial_tail

    for k in {1, 2, n // 3, n - 1, n} - {0}:
        for chance in (0.0, 1e-12, 0.003, 0.3, 0.5, 0.9999, 1.0):
            assert binomial_tail(k, n, chance) == pytest.approx(
                bdtrc(k - 1, n, chance), 1e-9, 1e-290
            )


@pytest.mark.parametrize(("n_failing", "until"), [(10, "r12"), (9, "r11")])
def test_an_incident_goes_on_while_half_of_its_cases_fail(n_failing, until):
    failures = block(range(10, 12), range(20), REFUSED)
    failures |= block(range(12, 13), range(n_failing), REFUSED)
    (incident,) = incidents(history(30, 30, failures))
    assert incident.until == until


def test_two_cases_may_be_an_incident_and_one_is_none():
    assert len(incidents(history(30, 30, block(range(15, 16), range(2), REFUSED)))) == 1
    assert incidents(history(30, 30, block(range(15, 16), range(1), REFUSED))) == []


def test_what_begins_in_the_last_run_of_an_incident_is_part_of_it():
    failures = block(range(10, 13), range(8), REFUSED)
    failures |= block(range(12, 13), range(8, 12), REFUSED)
    (incident,) = incidents(history(30, 30, failures))
    assert (incident.n_occurrences, len(incident.cases)) == (1, 12)


@pytest.mark.parametrize(("other_runs", "joins"), [((), True), ((25,), False)])
def test_a_case_joins_an_incident_if_it_never_failed_for_its_cause_otherwise(other_runs, joins):
    failures = block(range(10, 13), range(8), REFUSED)
    failures |= {(run, 8): REFUSED for run in (11, *other_runs)}
    (incident,) = incidents(history(30, 30, failures))
    assert ("t8" in incident.cases) is joins


@pytest.mark.parametrize(("n_runs", "is_found"), [(9, False), (10, True)])
def test_two_failures_together_are_no_chance_after_so_many_runs_of_passes(n_runs, is_found):
    """The rate of all cases weighs as much as ten results of a case's own."""
    frame = history(n_runs, 10, block(range(n_runs - 2, n_runs - 1), range(2), REFUSED))
    assert bool(incidents(frame)) is is_found


#: Four cases that fail together in a run, after each of them failed once for the same cause.
ALL_FOUR = block(range(8, 9), range(4), REFUSED) | {(1 + k, k): REFUSED for k in range(4)}


@pytest.mark.parametrize("n_runs", [13, 16])
def test_what_chance_gives_in_one_of_20_histories_is_no_incident(n_runs):
    once_more = {(10, 2): REFUSED, (11, 3): REFUSED}
    assert incidents(history(n_runs, 4, ALL_FOUR | once_more)) == []
