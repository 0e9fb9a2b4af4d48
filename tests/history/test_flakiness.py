"""Flaky, broken, stable, or too early to say: against histories whose truth is known."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

import fictures_reports as fr
from fictures_reports.history import frame_of
from fictures_reports.history_analysis.ageing import ageing
from fictures_reports.history_analysis.flakiness import NEEDED, flakiness
from fictures_reports.history_analysis.incidents import incidents


def drawn(run_of, series, **info):
    """Draw a history of one case: p passed, f failed, r passed on a retry, s skipped, - absent."""
    words = {"p": "passed", "f": "failed", "r": "flaky", "s": "skipped"}
    facts = {"duration_s": [10.0], "n_attempts": [1]}
    runs = [
        run_of(f"r{i}", {"a": words[end]} if end != "-" else {},
               facts | {"n_attempts": [2 if end == "r" else 1]} if end != "-" else None,
               started_at=1e9 + i, **{name: values[i] for name, values in info.items()})
        for i, end in enumerate(series)
    ]  # fmt: skip
    return frame_of(runs)


def quickly_drawn(run_of, series):
    """Draw what `drawn` draws of runs that all have the case, from one row that is repeated."""
    words = {"p": "passed", "f": "failed", "r": "flaky", "s": "skipped"}
    n, row = len(series), drawn(run_of, "p")
    names = [f"r{i}" for i in range(n)]
    return row.loc[row.index.repeat(n)].reset_index(drop=True).assign(
        run_id=names, label=names, run_at=row["run_at"].iloc[0] + pd.to_timedelta(range(n), "s"),
        status=[words[end] for end in series], n_attempts=[1 + (end == "r") for end in series],
    )  # fmt: skip


def judged(run_of, series, **info):
    draw = drawn if info or "-" in series else quickly_drawn
    return flakiness(draw(run_of, series, **info), found=[]).iloc[0]


@pytest.mark.parametrize(
    ("series", "state"),
    [
        ("p" * 40, "stable"),
        ("p" * 5, "not enough runs"),
        ("p" * 20 + "f" + "p" * 6 + "f" + "p" * 12, "flaky"),
        ("p" * 20 + "r" + "p" * 20, "flaky"),
        ("p" * 20 + "f" * 5 + "p" * 20, "stable"),
        ("p" * 20 + "ff" + "p" * 20, "stable"),
        ("p" * 40 + "f" * 4, "broken"),
        ("fff", "broken"),
        ("ff", "not enough runs"),
        ("f", "not enough runs"),
        ("pff", "not enough runs"),
        ("ffp", "not enough runs"),
        ("ppffp", "not enough runs"),
        ("ffsff", "broken"),
        ("rff", "flaky"),
        ("p" * 40 + "ffsf", "broken"),
        ("s" * 9, "not enough runs"),
        ("pfpfpfpfpfpfpfpfpf", "flaky"),
    ],
)  # fmt: skip
def test_states(run_of, series, state):
    assert judged(run_of, series)["state"] == state


@pytest.mark.parametrize("length", range(1, 9))
def test_failures_in_a_row_are_never_flaky(length):
    """Every way to fail once or several times in a row, or always, in few runs."""
    ends = [
        ["failed" if begin <= i < end else "passed" for i in range(length)]
        for begin, end in itertools.combinations(range(length + 1), 2)
        if end - begin > 1 or length == 1
    ]
    rows = [
        (f"r{i}", pd.Timestamp(2025, 1, 1 + i, tz="UTC"), f"r{i}", None, None, None, str(case), "",
         "f.py", "t", status, 1, 1.0, None, None)
        for case, statuses in enumerate(ends) for i, status in enumerate(statuses)
    ]  # fmt: skip
    found = flakiness(pd.DataFrame(rows, columns=NEEDED), found=[])
    assert set(found["state"]) <= {"broken", "not enough runs", "stable"}


@pytest.mark.parametrize("series", ["f", "ff", "ffff", "fsf"])
def test_what_never_passed_has_no_flake_rate(run_of, series):
    row = judged(run_of, series)
    assert np.isnan(row["rate"])
    assert (row["rate_low"], row["rate_high"]) == (0.0, 1.0)
    assert (row["n_events"], row["n_runs"], row["wasted_s"]) == (0, 0, 0.0)
    assert row["n_ran"] == series.count("f")


def test_the_reference_runs_make_no_test_flaky(runs):
    both = frame_of([fr.read_run(runs / "phase2-initial"), fr.read_run(runs / "phase2-rerun")])
    assert set(flakiness(both)["state"]) == {"not enough runs"}


def test_a_failure_beside_a_pass_on_the_same_commit_is_flaky(run_of):
    series = "p" * 20 + "fp" + "p" * 10
    commits = [f"c{i}" for i in range(20)] + ["x", "x"] + [f"d{i}" for i in range(10)]
    row = judged(run_of, series, commit=commits)
    assert (row["state"], row["on_commit"], row["n_events"]) == ("flaky", 1, 1)


def test_the_time_lost_is_that_of_attempts_that_failed(run_of):
    row = judged(run_of, "p" * 20 + "rpf" + "p" * 10)
    assert row["wasted_s"] == 15.0
    assert (row["on_retry"], row["n_events"]) == (1, 2)


def test_a_rising_rate_is_named(run_of):
    assert judged(run_of, "p" * 30 + "rpprprprprprppr" * 2)["trend"] == "rising"
    assert judged(run_of, "rpprprprprprppr" * 2 + "p" * 30)["trend"] == "falling"


def test_a_broken_case_says_since_when(run_of):
    row = judged(run_of, "p" * 30 + "f" * 4)
    assert (row["broken_since"], row["n_broken"]) == ("r30", 4)


@pytest.fixture(scope="module")
def truths(generate):
    """Return four histories of 50 runs and what `flakiness` says of each."""
    plan = {"n_cases": 300, "n_runs": 50, "flaky": 0.25, "broken": 0.15, "renamed": 0}
    plan["branches"] = ("main",)
    made = [generate.Generated(generate.Plan(seed=seed, **plan)) for seed in range(4)]
    return [(m, m.frame(), flakiness(m.frame()).set_index("case_id")) for m in made]


def test_flaky_cases_are_told_from_stable_ones(truths):
    for made, _, found in truths:
        truth = made.truth.query("rate >= 0.03 or rate == 0")
        score = found["rate_low"].reindex(truth.index) + 1e-6 * found["rate"].reindex(truth.index)
        assert area_under_roc(truth["rate"] > 0, score) >= 0.95


def area_under_roc(is_true: pd.Series, score: pd.Series) -> float:
    """Return how probable it is that a true case scores above a false one (Mann–Whitney)."""
    ranks = score.rank()[is_true]
    n, m = len(ranks), int((~is_true).sum())
    return float((ranks.sum() - n * (n + 1) / 2) / (n * m))


LIMITS = ("rate_low", "rate_high")


def test_intervals_hold_what_they_say(truths):
    held = [
        made.truth["rate"].between(*(found[n].reindex(made.truth.index) for n in LIMITS))
        for made, _, found in truths
    ]
    flaky = [made.truth["rate"] > 0 for made, _, _ in truths]
    share = np.mean(np.concatenate([h[f] for h, f in zip(held, flaky, strict=True)]))
    assert 0.93 <= share <= 0.97


def test_a_broken_streak_is_never_called_flaky(truths):
    for made, _, found in truths:
        broken = made.truth.query("broken_from >= 0").index
        assert not (found["state"].reindex(broken) == "flaky").any()


def test_one_outage_is_an_incident_that_is_over_and_changes_no_state(truths):
    for made, frame, found in truths:
        outages = [one for one in incidents(frame) if one.is_outage]
        assert [one.since for one in outages] == [made.label(k) for k in made.outages]
        assert all(one.is_over for one in outages)
        with_it = flakiness(frame, found=[]).set_index("case_id")
        assert (with_it["n_ran"] > found["n_ran"].reindex(with_it.index)).any()


def lines(run_of, **branches):
    """Draw runs of branches whose pushes alternate: name → series, commits of their own."""
    runs, words = [], {"p": "passed", "f": "failed"}
    longest = max(map(len, branches.values()))
    for i in range(longest):
        for name, series in branches.items():
            if i < len(series):
                facts = {"started_at": 1e9 + 10 * i + len(name), "branch": name}
                facts["commit"] = f"{name}{i}"
                runs.append(run_of(f"{name}-{i}", {"a": words[series[i]]}, **facts))
    return frame_of(runs)


def test_what_fails_on_its_branch_and_passes_on_main_is_broken_there_and_not_flaky(run_of):
    row = flakiness(lines(run_of, main="pppppppp", feature="ffff")).iloc[0]
    assert (row["state"], row["branch"], row["broken_since"]) == ("broken", "feature", "feature-0")


def test_a_flaky_test_of_main_is_flaky_whatever_branches_do(run_of):
    series = "p" * 8 + "f" + "p" * 9 + "f" + "p" * 12
    row = flakiness(lines(run_of, main=series, feature="pp")).iloc[0]
    assert (row["state"], row["branch"], row["n_events"]) == ("flaky", "main", 2)


def test_failures_in_a_row_are_broken_though_all_runs_are_of_one_commit(run_of):
    row = judged(run_of, "p" * 30 + "f" * 7, commit=["c"] * 37)
    assert (row["state"], row["broken_since"]) == ("broken", "r30")


def test_passes_and_failures_that_interleave_on_one_commit_are_flaky(run_of):
    row = judged(run_of, "pfpfppf", commit=["c"] * 7)
    assert (row["state"], row["n_runs"]) == ("flaky", 7)


def test_a_test_that_the_latest_run_lacks_is_gone_and_says_when_it_was_seen(run_of):
    runs = [
        run_of(f"r{i}", {"b": "passed"} | ({"a": "passed"} if i < 30 else {}), started_at=1e9 + i)
        for i in range(32)
    ]
    found = flakiness(frame_of(runs)).set_index("title")
    assert found.loc["a", ["state", "last_seen"]].tolist() == ["gone", "r29"]
    assert found.loc["b", "state"] == "stable"


@pytest.mark.parametrize(
    ("n_tests", "pattern"), [(1, "pppppf" * 5), (4, "pppppf" * 7)], ids=["one", "four"]
)
def test_a_small_suite_never_loses_its_only_evidence(run_of, n_tests, pattern):
    runs = [
        run_of(f"r{i}", {"a": "failed" if end == "f" else "passed"}
               | {f"b{k}": "passed" for k in range(n_tests - 1)}, started_at=1e9 + i)
        for i, end in enumerate(pattern)
    ]  # fmt: skip
    frame = frame_of(runs)
    assert incidents(frame) == []
    found = flakiness(frame).set_index("title")["state"]
    assert found["a"] == "flaky"


def test_ages_count_runs_in_a_row(run_of):
    table = ageing(drawn(run_of, "pp" + "s" * 7))
    assert (table.iloc[0]["how"], table.iloc[0]["n_runs"], table.iloc[0]["since"]) == (
        "skipped", 7, "r2",
    )  # fmt: skip
    assert not table.iloc[0]["is_whole_time"]
    assert ageing(drawn(run_of, "fffp")).empty


def test_nothing_to_judge_gives_nothing(run_of):
    empty = drawn(run_of, "pp")[:0]
    assert flakiness(empty).empty
    assert incidents(empty) == []
    assert ageing(empty).empty


def test_arguments_are_not_changed(truths):
    _, frame, _ = truths[0]
    copy = frame.copy()
    flakiness(frame)
    incidents(frame)
    ageing(frame)
    pd.testing.assert_frame_equal(frame, copy)


@pytest.mark.parametrize(("n_passed", "state"), [(26, "not enough runs"), (27, "stable")])
def test_a_case_is_stable_after_so_many_passes_that_a_rate_of_5_percent_is_unlikely(
    run_of, n_passed, state
):
    assert judged(run_of, "p" * n_passed)["state"] == state


@pytest.mark.parametrize(("n_passed", "state"), [(4, "not enough runs"), (5, "broken")])
def test_two_failures_in_a_row_are_a_defect_if_chance_gives_less_than_one_in_20(
    run_of, n_passed, state
):
    # after n passes chance gives a quarter of 1 ÷ (n + 1) such streaks
    assert judged(run_of, "p" * n_passed + "ff")["state"] == state


@pytest.mark.parametrize(
    ("early", "late", "trend"),
    [(0, 3, None), (0, 4, "rising"), (4, 0, "falling"), (1, 5, "rising"), (2, 6, "steady")],
)  # fmt: skip
def test_a_trend_is_named_from_four_events_on_if_it_is_certain_by_95_percent(
    run_of, early, late, trend
):
    halves = ["".join("r" if i < n else "p" for i in range(20)) for n in (early, late)]
    named = judged(run_of, "".join(halves))["trend"]
    assert (None if pd.isna(named) else named) == trend
