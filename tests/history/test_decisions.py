"""What a history concludes from kinds of pasts whose truth is known, in every form that it has."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from fictures_reports.history import frame_of
from fictures_reports.report.history_findings import Findings, findings_of
from fictures_reports.report.history_report import as_json, as_markdown
from fictures_reports.run import Run

from ..conftest import make_run

REFUSED = "ConnectionRefusedError: connection refused"
POOL = "OperationalError: connection pool exhausted"
UNDEFINED = "TypeError: 'NoneType' object is not subscriptable"
SPINNER = "the spinner is still there"
Fails = Callable[[int, int], str | None]


def passing(_k: int, _j: int) -> None:
    """Let every test pass in every run."""


def a_run(k: int, n_tests: int, fails: Fails, *, at: int | None = None, **info: object) -> Run:
    """Draw run k: each test passes, but where `fails` gives a message."""
    texts = [fails(k, j) for j in range(n_tests)]
    seconds = info.pop("seconds", None) or [1.0] * n_tests
    columns = {
        "message": texts, "signature": texts, "duration_s": seconds, "n_attempts": [1] * n_tests,
        "category": ["assertion" if text else None for text in texts],
    }  # fmt: skip
    statuses = {f"test {j}": "failed" if text else "passed" for j, text in enumerate(texts)}
    label = str(info.pop("label", f"run-{k:02}"))
    columns["run_id"] = [label] * n_tests
    return make_run(label, statuses, columns, started_at=1e9 + 1e5 * (k if at is None else at),
                    **info)  # fmt: skip


def judged(n_tests: int, n_runs: int, fails: Fails, **info: object) -> Findings:
    runs = [a_run(k, n_tests, fails, commit=f"c{k}", branch="main", **info) for k in range(n_runs)]
    return findings_of(frame_of(runs))


def states(found: Findings) -> dict[str, str]:
    return dict(zip(found.flakiness["title"], found.flakiness["state"], strict=True))


def document(found: Findings) -> dict:
    return json.loads(as_json(found))


def pushes(main: int, feature: int) -> Findings:
    """Draw pushes to two branches in turn: main always passes test 0, feature always fails it."""
    runs = []
    for k in range(max(main, feature)):
        for branch, n, at in (("main", main, 2 * k), ("feature", feature, 2 * k + 1)):
            if k < n:
                text = UNDEFINED if branch == "feature" else None
                runs.append(
                    a_run(k, 10, lambda _, j, t=text: t if j == 0 else None, at=at, branch=branch,
                          label=f"{branch}-{k + 1}", commit=f"{branch}{k}")
                )  # fmt: skip
    return findings_of(frame_of(runs))


def test_a_bug_on_a_branch_is_broken_there_in_everything_that_is_said():
    found = pushes(main=5, feature=4)
    (row,) = [row for row in document(found)["flakiness"] if row["title"] == "test 0"]
    assert (row["state"], row["branch"], row["broken_since"]) == ("broken", "feature", "feature-1")
    (age,) = document(found)["ageing"]
    assert (age["n_runs"], age["branch"], age["is_whole_time"]) == (4, "feature", True)
    assert document(found)["changes"] == []
    assert "feature-1 on feature" in as_markdown(found)


def test_the_row_of_a_broken_test_fades_the_runs_of_other_branches():
    from fictures_reports.report import history_sections as show

    found = pushes(main=5, feature=4)
    one = next(one for one in found.tests if one.standing == "broken")
    assert (one.row.branch, one.short) == ("feature", "broken, 4 runs")
    row = show.tests(found).html.partition('<li class="row"')[2].partition("</li>")[0]
    assert row.count('class="passed beside"') == 1
    assert row.count('class="failed"') == 1
    assert "failed in 4" in row


def test_failures_in_a_row_on_one_commit_are_a_step_and_interleaved_ones_are_flaky():
    switch = [a_run(k, 12, lambda k, j: SPINNER if j == 0 and k >= 30 else None, commit="abc")
              for k in range(37)]  # fmt: skip
    found = findings_of(frame_of(switch))
    row = found.flakiness.iloc[0]
    assert (row["state"], row["broken_since"]) == ("broken", "run-30")
    mixed = [a_run(k, 12, lambda k, j: SPINNER if j == 0 and "PFPFPPF"[k] == "F" else None,
                   commit="abc") for k in range(7)]  # fmt: skip
    assert states(findings_of(frame_of(mixed)))["test 0"] == "flaky"


@pytest.mark.parametrize(
    ("n_tests", "n_runs", "bad"), [(4, 40, (3, 9, 14, 20, 27, 31, 37)), (1, 30, (4, 9, 15, 21, 26))]
)
def test_a_flaky_test_of_a_small_suite_is_no_outage(n_tests, n_runs, bad):
    found = judged(n_tests, n_runs, lambda k, j: SPINNER if k in bad and j == 0 else None)
    row = found.flakiness.iloc[0]
    assert (row["state"], row["n_events"], row["n_runs"]) == ("flaky", len(bad), n_runs)
    assert document(found)["incidents"] == []
    assert not any(run["outage"] for run in document(found)["runs"])


def test_a_fixture_that_fails_again_and_again_is_told_once_with_its_cases_and_their_number():
    bad = (5, 16, 24, 33, 44)
    found = judged(30, 50, lambda k, j: POOL if k in bad and j < 7 else None)
    said = document(found)
    (one,) = said["incidents"]
    assert (one["recurring"], one["outage"], one["n_occurrences"]) == (True, False, 5)
    assert (one["since"]["run"], one["until"]) == ("run-05", "run-44")
    assert one["cases"] == [f"a.spec.ts › test {j}" for j in range(7)]
    assert as_markdown(found).count("pool exhausted") == 1
    assert f"7 tests fail together, 5 times: {POOL}; from run-05 to run-44." in said["verdict"]
    assert said["states"]["flaky"] == 7
    assert said["states"]["stable"] == 23
    assert said["changes"] == []


def test_a_bad_commit_is_one_event_that_goes_on_and_no_outage():
    found = judged(30, 23, lambda k, j: UNDEFINED if k >= 20 and j < 8 else None)
    said = document(found)
    (one,) = said["incidents"]
    assert one["since"] == {"run": "run-20", "commit": "c20"}
    assert (one["commit_before"], one["until"], one["outage"]) == ("c19", None, False)
    assert (
        f"8 tests broken since run-20, 3 runs, going on: {UNDEFINED}; commits c19…c20."
        in (said["verdict"])
    )
    assert said["states"]["broken"] == 8
    assert said["changes"] == []
    assert [event.text for event in found.events] == [found.headlines[0].text]


def test_an_outage_that_is_over_is_named_with_both_its_runs_and_excuses_its_failures():
    found = judged(30, 30, lambda k, j: REFUSED if k in (14, 15) and j < 27 else None)
    said = document(found)
    (one,) = said["incidents"]
    assert (one["outage"], one["since"]["run"], one["until"]) == (True, "run-14", "run-15")
    assert [run["label"] for run in said["runs"] if run["outage"] == one["id"]] == [
        "run-14", "run-15",
    ]  # fmt: skip
    assert (
        f"Outage in run-14 and run-15, over: 27 tests failed together: {REFUSED}."
        in (said["verdict"])
    )
    assert said["states"]["stable"] + said["states"]["not enough runs"] == 30


def test_an_outage_that_goes_on_is_said_to():
    found = judged(30, 30, lambda k, j: REFUSED if k >= 28 and j < 27 else None)
    assert "Outage since run-28, going on: 27 tests failed together" in document(found)["verdict"]


def test_a_verdict_names_three_incidents_and_counts_the_others():
    def fails(k: int, j: int) -> str | None:
        return f"Error: {'abcde'[k // 8]} is gone" if k % 8 == 4 and j // 6 == k // 8 else None

    found = judged(30, 40, fails)
    assert len(found.incidents) == 5
    verdict = document(found)["verdict"]
    assert verdict.count("tests broken in") == 3
    assert verdict.endswith("And 2 incidents more.")
    assert as_markdown(found).count("tests broken in") == 5


def test_a_test_that_is_gone_is_counted_apart_and_has_no_age():
    runs = [a_run(k, 3 if k < 30 else 2, lambda k, j: SPINNER if j == 2 and k > 20 else None)
            for k in range(32)]  # fmt: skip
    said = document(findings_of(frame_of(runs)))
    assert said["states"]["gone"] == 1
    assert said["verdict"].endswith("; 1 is gone.")
    (row,) = [row for row in said["flakiness"] if row["state"] == "gone"]
    assert row["last_seen"] == "run-29"
    assert said["ageing"] == []


def test_runs_without_a_branch_are_said_to_be_judged_as_one_line():
    runs = [a_run(k, 3, passing, branch="main" if k > 2 else None) for k in range(6)]
    assert "3 runs have no branch: judged as one line." in as_markdown(findings_of(frame_of(runs)))
    assert "judged as one line" not in as_markdown(findings_of(frame_of(runs[3:])))


def test_interrupted_is_not_not_run(run_of):
    ends = ["passed", "not_run", "interrupted", "interrupted"]
    runs = [run_of(f"r{i}", {"a": end, "b": "passed"}, started_at=1e9 + i)
            for i, end in enumerate(ends)]  # fmt: skip
    said = document(findings_of(frame_of(runs)))
    (age,) = said["ageing"]
    assert (age["how"], age["n_runs"], age["since"]) == ("interrupted", 2, "r2")
    assert "; 1 was interrupted." in said["verdict"]


def timed(factor: Callable[[int, int], float], n_tests: int = 20) -> Findings:
    """Draw 40 runs; every test has its own duration, every run its own load, and `factor`."""
    rng = np.random.default_rng(5)
    runs = []
    for k in range(40):
        load = rng.lognormal(0, 0.05)
        seconds = [
            float((0.4 + 0.3 * j) * factor(k, j) * load * rng.lognormal(0, 0.03))
            for j in range(n_tests)
        ]
        runs.append(a_run(k, n_tests, passing, seconds=seconds, branch="main"))
    return findings_of(frame_of(runs))


def slower(found: Findings) -> list[tuple[str, str, str, float]]:
    return [
        (row.what, row.title, row.since, round(row.after / row.before, 1))
        for row in found.changes.itertuples()
    ]


ALL = ("all take", "all tests", "run-20", 1.5)


def test_a_slower_machine_is_one_sentence_and_no_slower_test():
    found = timed(lambda k, _: 1.5 if k >= 20 else 1.0)
    assert slower(found) == [ALL]
    assert "- All tests ×1.5 since run-20: the machine or the whole suite" in as_markdown(found)


def test_a_slower_test_is_that_one_alone():
    found = timed(lambda k, j: 1.5 if k >= 20 and j == 4 else 1.0)
    assert slower(found) == [("case takes", "test 4", "run-20", 1.5)]
    assert "- test 4 became slower since run-20: " in as_markdown(found)


def test_a_test_that_is_slower_than_its_slower_machine_is_told_beside_it():
    found = timed(lambda k, j: (3.0 if j == 4 else 1.5) if k >= 20 else 1.0)
    assert sorted(slower(found)) == [ALL, ("case takes", "test 4", "run-20", 2.0)]
    assert "- All tests ×1.5 since run-20" in as_markdown(found)
    assert "- test 4 became slower since run-20: " in as_markdown(found)


def test_few_tests_have_no_common_factor():
    found = timed(lambda k, _: 1.5 if k >= 20 else 1.0, n_tests=4)
    assert [what for what, *_ in slower(found)] == ["case takes"] * 4


def test_a_single_broken_test_is_told_once_and_where_it_passes():
    text = as_markdown(pushes(main=5, feature=4))
    assert text.count("feature-1") == 1
    assert "feature-1 on feature; passes on main" in text
    one = as_markdown(judged(5, 30, lambda k, j: UNDEFINED if k > 19 and j == 0 else None))
    assert one.partition("## Time lost")[0].count("test 0") == 1
    assert "What happened" not in one


def test_a_flaky_test_is_told_with_its_runs():
    found = judged(4, 40, lambda k, j: SPINNER if j == 2 and k % 6 == 3 else None)
    assert "| 7 of 40 (17.5 %) |" in as_markdown(found)


def test_a_test_that_is_gone_is_listed_with_its_last_run():
    runs = [a_run(k, 3 if k < 5 else 2, passing, branch="main", commit=f"c{k}") for k in range(8)]
    text = as_markdown(findings_of(frame_of(runs)))
    assert "## Gone" in text
    assert "| test 2 | a.spec.ts | run-04 | passed |" in text
