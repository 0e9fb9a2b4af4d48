"""Lost time is counted once, by attempt, and adds up however it is grouped."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fictures_reports.history_analysis.cost import KINDS, NOBODY, cost, time_lost


def result(status: str, seconds: float | None = 10.0, attempts=(), **facts):
    """Make a row; `attempts` are pairs of status and seconds, or with a category as the third."""
    listed = [
        {k: v for k, v in zip(("status", "duration_s", "category"), one, strict=False)
         if v is not None}
        for one in attempts
    ]  # fmt: skip
    row = {
        "run_id": "r1", "run_at": pd.Timestamp(2026, 1, 1, tz="UTC"), "commit": None,
        "branch": "main", "stream": None, "case_id": "a › t", "file": "a", "title": "t",
        "category": None, "n_attempts": max(1, len(listed)),
    }  # fmt: skip
    return row | {"status": status, "duration_s": seconds, "attempts": listed} | facts


def lost(*rows) -> dict[str, float]:
    table = cost(pd.DataFrame(rows))
    return {name: float(table[name].sum()) for name in (*KINDS, "lost_s", "spent_s")}


def kinds(failures=0.0, retries=0.0, timeouts=0.0, reruns=0.0, spent=10.0):
    sums = dict(zip(KINDS, (failures, retries, timeouts, reruns), strict=True))
    return sums | {"lost_s": sum(sums.values()), "spent_s": spent}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (result("passed"), kinds()),
        (result("failed"), kinds(failures=10)),
        (result("failed", category="timeout"), kinds(timeouts=10)),
        (result("flaky", attempts=[("failed", 6), ("passed", 4)]), kinds(failures=6)),
        (result("failed", attempts=[("failed", 6), ("failed", 4)]), kinds(6, 4)),
        (result("failed", attempts=[("timedOut", 6), ("failed", 4)]), kinds(0, 4, 6)),
        (result("flaky", attempts=[("failed", 3), ("failed", 3, "timeout"), ("passed", 4)]),
         kinds(3, 0, 3)),
        (result("flaky", n_attempts=2), kinds(failures=5)),
        (result("flaky", attempts=[("failed", None), ("passed", 4)]), kinds(failures=6)),
        (result("flaky", attempts=[("failed", 12), ("passed", 8)]), kinds(12, spent=20)),
        (result("flaky", None, [("failed", 6), ("passed", 4)]), kinds(failures=6)),
        (result("failed", 0.0, [("failed", None)]), kinds(spent=0.0)),
    ],
)  # fmt: skip
def test_each_attempt_counts_as_one_kind(row, expected):
    assert lost(row) == pytest.approx(expected)


def test_what_passes_again_on_the_same_commit_is_a_rerun():
    later = {"run_id": "r2", "run_at": pd.Timestamp(2026, 1, 2, tz="UTC")}
    first, second = result("passed", commit="c"), result("passed", commit="c", **later)
    assert lost(first, second) == kinds(reruns=10, spent=20)
    for other in ({"commit": "d"}, {"branch": "x"}, {"stream": "x"}, {"case_id": "a › u"}):
        assert lost(first | {"stream": "s"}, second | {"stream": "s"} | other)["reruns_s"] == 0
    assert lost(result("passed"), result("passed", **later))["reruns_s"] == 0
    failed = result("flaky", commit="c", attempts=[("failed", 6), ("passed", 4)], **later)
    assert lost(first, failed) == kinds(failures=6, reruns=4, spent=20)


def test_a_result_whose_time_is_not_known_or_that_did_not_run_is_not_in_it():
    frame = pd.DataFrame([result("failed", None), result("skipped"), result("passed")])
    assert time_lost(frame)["spent_s"].tolist() == [10]


def test_the_dearest_come_first_and_an_owner_has_all_of_his_tests():
    rows = [
        result("failed", 5.0, case_id="a › x", file="a"),
        result("failed", 9.0, case_id="b › y", file="b"),
        result("failed", 6.0, case_id="a › z", file="a"),
    ]
    frame = pd.DataFrame(rows)
    assert cost(frame)["case_id"].tolist() == ["b › y", "a › z", "a › x"]
    assert cost(frame, "file")["file"].tolist() == ["a", "b"]
    owned = cost(frame, "owner", lambda file, _: "kim" if file == "a" else None)
    assert owned[["owner", "lost_s"]].to_numpy().tolist() == [["kim", 11.0], [NOBODY, 9.0]]


SECONDS = st.none() | st.floats(0, 1000)
ATTEMPTS = st.lists(
    st.tuples(st.sampled_from(["failed", "passed", "timedOut", "skipped", "interrupted"]), SECONDS),
    max_size=4,
)
ROWS = st.builds(
    result,
    st.sampled_from(["passed", "failed", "flaky", "skipped", "xfailed"]),
    SECONDS,
    ATTEMPTS,
    run_id=st.sampled_from(["r1", "r2"]),
    commit=st.sampled_from(["c", None]),
    case_id=st.sampled_from(["a › t", "b › t"]),
    file=st.sampled_from(["a", "b"]),
    n_attempts=st.integers(0, 4),
    category=st.sampled_from([None, "timeout"]),
)


@settings(max_examples=40)
@given(st.lists(ROWS, max_size=12))
def test_kinds_add_up_never_beyond_what_was_spent_and_alike_by_case_file_and_owner(rows):
    frame = pd.DataFrame(rows, columns=list(result("passed")))
    results = time_lost(frame)
    assert (results["lost_s"] <= results["spent_s"] * (1 + 1e-9)).all()
    for by in ("case_id", "file", "owner"):
        table = cost(frame, by)
        assert table["lost_s"].to_numpy() == pytest.approx(table[list(KINDS)].sum(axis=1))
        assert table["share"].sum() == pytest.approx(1 if results["lost_s"].sum() else 0)
        for name in (*KINDS, "lost_s", "spent_s"):
            assert table[name].sum() == pytest.approx(results[name].sum())


def test_a_generated_history_loses_as_much_as_its_failed_attempts_took(filled):
    rows = filled.load()
    wrong = rows[rows["status"].isin(["failed", "flaky"])]
    failed = sum(
        attempt["duration_s"]
        for attempts in wrong["attempts"]
        for attempt in attempts
        if attempt["status"] != "passed"
    )
    found = cost(rows)
    assert found[["failures_s", "retries_s", "timeouts_s"]].sum().sum() == pytest.approx(failed)
    assert (found["lost_s"].diff().dropna() <= 0).all()
