"""Which runs of a history a run is seen beside: those of its branch."""

from __future__ import annotations

from fictures_reports.analysis.compare import compare
from fictures_reports.history import frame_of
from fictures_reports.history_analysis.case_timelines import timelines_of, until
from fictures_reports.history_analysis.change_in_history import past
from fictures_reports.history_analysis.own_branch import of_own_branch

from ..conftest import make_run

CASE = "a.spec.ts › pay"


def push(branch: str | None, k: int, status: str):
    began = 1e9 + 1e5 * k + (5e4 if branch == "feature" else 0)
    statuses = {"pay": status} | {f"other {i}": "passed" for i in range(5)}
    return make_run(
        f"{branch}-{k}", statuses, started_at=began, branch=branch, commit=f"{branch}{k}"
    )


MAIN = [push("main", k, "passed") for k in range(5)]
FEATURE = [push("feature", k, "failed") for k in range(4)]
ROWS = frame_of([*MAIN, *FEATURE])


def labels(rows):
    return set(rows["label"])


def test_a_run_is_seen_beside_the_runs_of_its_branch():
    assert labels(of_own_branch(ROWS, push("feature", 9, "failed"))) == labels(frame_of(FEATURE))
    assert labels(of_own_branch(ROWS, push("main", 9, "passed"))) == labels(frame_of(MAIN))


def test_the_history_tells_the_branch_of_a_run_that_does_not():
    bare = make_run("feature-2", {"pay": "failed"})
    assert labels(of_own_branch(ROWS, bare)) == labels(frame_of(FEATURE))


def test_a_run_without_a_past_is_seen_beside_the_branch_with_the_most_runs():
    for branch in (None, "another"):
        assert labels(of_own_branch(ROWS, push(branch, 9, "failed"))) == labels(frame_of(MAIN))


def test_what_a_branch_broke_is_news_for_who_compares_with_main():
    rows = past(compare(MAIN[-1], push("feature", 9, "failed")), ROWS)
    (row,) = [row for row in rows.itertuples() if row.case_id == CASE]
    assert row.words.startswith("failed or was retried in 0 of 5 runs before")
    assert "flaky" not in set(rows["state"])


def test_a_strip_has_runs_of_one_branch():
    strip = timelines_of(until(ROWS, push("feature", 9, "failed")), [CASE])[CASE]
    assert [mark.label for mark in strip.marks] == [
        "feature-0", "feature-1", "feature-2", "feature-3", "feature-9",
    ]  # fmt: skip


def test_a_strip_tells_interrupted_from_not_run():
    ends = ["passed", "not_run", "interrupted", "failed"]
    strip = timelines_of(frame_of([push("main", k, end) for k, end in enumerate(ends)]), [CASE])[
        CASE
    ]
    assert strip.often == (
        "Failed in 1 of the last 4 runs, was skipped or not run in 1 and was interrupted in 1"
    )
