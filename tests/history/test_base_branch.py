"""The base branch: what a change is held against never holds the change, nor an outage."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.gates import check
from fictures_reports.errors import NoRuns
from fictures_reports.history import History
from fictures_reports.history_analysis.base_branch import base_branch, base_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)
REFUSED, OWN = "Error: connection refused", "TypeError: x is no function"


@pytest.fixture
def history(tmp_path, run_of):
    """Fill a history with runs of branches: a letter for each test, oldest run first."""

    def fill(**branches):
        words = {"P": "passed", "F": "failed", "R": "failed", "N": "not_run", "S": "skipped"}
        store = History(tmp_path / "h")
        for branch, runs in branches.items():
            for i, letters in enumerate(runs):
                store.append(drawn(run_of, f"{branch}-{i}", letters, 1e9 + 3600 * i, branch, words))
        return store.path

    return fill


def drawn(run_of, label, letters, start, branch=None, words=None):
    words = words or {"P": "passed", "F": "failed", "R": "failed", "S": "skipped"}
    statuses = {f"t{k}": words[letter] for k, letter in enumerate(letters)}
    texts = [{"F": OWN, "R": REFUSED}.get(letter) for letter in letters]
    return run_of(label, statuses, {"signature": texts}, started_at=start, branch=branch)


def pull(run_of, letters):
    return drawn(run_of, "pull", letters, 1e9 + 9e6)


def judged(path, after, branch="main"):
    run, base = base_branch(path, branch, after, now=NOW)
    c = compare(run, after, base=base)
    rows = c.changes[c.changes["standing"].notna()]
    found = {row.title: (row.standing, row.standing_words) for row in rows.itertuples()}
    return run, base, found


def test_an_outage_is_no_baseline_and_the_sentence_says_so(history, run_of):
    path = history(main=["PPPPP"] * 5 + ["RRRRR"])
    run, base, standings = judged(path, pull(run_of, "FFPPP"))
    assert run.label == "main-4"
    assert base.sentence == (
        "Compared with main-4, the last of 6 runs of main but for main-5, an outage (5 tests: "
        "connection refused)."
    )
    assert standings == {
        "t0": ("new", "passed in all 5 runs on main, outages left out"),
        "t1": ("new", "passed in all 5 runs on main, outages left out"),
    }


def test_what_fails_on_the_base_since_some_runs_is_told_with_its_first_run(history, run_of):
    path = history(main=["PPP"] * 5 + ["FPP"] * 3)
    _, _, standings = judged(path, pull(run_of, "FPF"))
    assert standings == {
        "t0": ("failing_on_base", "fails on main, too, since main-5"),
        "t2": ("new", "passed in all 8 runs on main"),
    }


def test_runs_of_other_branches_are_no_excuse(history, run_of):
    path = history(main=["PPP"] * 6, feature=["FPP"] * 5)
    _, _, standings = judged(path, pull(run_of, "FPP"))
    assert standings == {"t0": ("new", "passed in all 6 runs on main")}


def test_a_test_that_was_not_carried_out_has_its_last_result_before(history, run_of):
    path = history(main=["PPP", "PPP", "PNP"])
    run, base, _ = judged(path, pull(run_of, "PPP"))
    assert run.results.set_index("title")["status"].to_dict() == dict.fromkeys(
        ["t0", "t1", "t2"], "passed"
    )
    assert base.sentence.endswith("; 1 test with an earlier result.")


def test_a_skip_on_the_base_is_a_decision_and_stays_one(history, run_of):
    run, _, _ = judged(history(main=["PPP", "PSP"]), pull(run_of, "PSP"))
    assert run.results["status"].tolist() == ["passed", "skipped", "passed"]


def test_runs_dated_in_the_future_and_the_run_itself_do_not_count(history, run_of, tmp_path):
    path = history(main=["PPP"] * 3)
    after = drawn(run_of, "after", "FPP", 1e9 + 9e6, "main")
    History(path).append(drawn(run_of, "future", "FFF", 4e9, "main"))
    History(path).append(after)
    run, _, standings = judged(path, after)
    assert run.label == "main-2"
    assert standings == {"t0": ("new", "passed in all 3 runs on main")}


def test_a_branch_of_which_no_run_counts_is_said(history, run_of):
    path = history(main=["PPP"])
    early = drawn(run_of, "early", "PPP", 1e8)
    with pytest.raises(NoRuns, match="no run of branch 'main'"):
        base_branch(path, "main", early, now=NOW)


def test_what_broke_after_the_run_compared_with_is_new_and_its_own_streak_no_excuse(
    history, run_of
):
    path = history(main=["PP"] * 30 + ["FP"] * 6)
    after = drawn(run_of, "after", "FP", 1e9 + 9e6, "main")
    c = compare(History(path).run("main-29"), after, base=base_of(path, "main", after, now=NOW))
    row = c.changes.iloc[0]
    assert row["standing"] == "new"
    assert row["standing_words"].startswith("has failed on main since main-30")


def test_a_history_without_an_earlier_run_says_so_and_gates_on_flaky_tests_fail(history, run_of):
    path = history(main=["PP", "PF"])
    after = drawn(run_of, "older", "FP", 1e9 - 3600)
    c = compare(History(path).run("main-0"), after, base=base_of(path, "main", after, now=NOW))
    assert c.base.sentence == (
        "No whole run of main in the history is from before the run after and its build, so none"
        " tells how tests failed before."
    )
    (gate,) = check(c, ["new_failures_not_flaky <= 5"])
    assert not gate.holds
    assert "not known without an earlier run in the history" in gate.sentence
