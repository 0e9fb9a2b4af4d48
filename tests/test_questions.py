"""Questions that people ask of fifty runs, each answered in at most five lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import fictures_reports as fr

from .conftest import ROOT

N = 50
BEGAN = datetime(2025, 9, 1, 6, tzinfo=UTC)
TITLES = ("adds", "pays", "blinks", "ships", "waits", "prints", "returns")


def status(title: str, project: str, day: int) -> str:
    """`pays` breaks in run 40, `blinks` is flaky, `prints` is skipped since run 10."""
    if title == "pays" and day >= 40:
        return "failed"
    if title == "blinks" and day % 7 == 3 and project == "firefox":
        return "flaky"
    if title == "prints" and day >= 10:
        return "skipped"
    return "failed" if title == "returns" and project == "firefox" and day == N - 1 else "passed"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> fr.History:
    from tests.conftest import make_run

    filled = fr.History(tmp_path_factory.mktemp("questions") / "history")
    for day in range(N):
        pairs = [(t, p) for t in TITLES for p in ("chromium", "firefox")]
        states = {f"{t} {p}": status(t, p, day) for t, p in pairs}
        durations = [{"ships": 40.0, "waits": 1.0 + day / 5}.get(t, 2.0) for t, _ in pairs]
        failed = [state in ("failed", "flaky") for state in states.values()]
        columns = {
            "title": [t for t, _ in pairs],
            "project": [p for _, p in pairs],
            "test_id": [f"shop/{t}.spec.ts › {t}" for t, _ in pairs],
            "case_id": [f"shop/{t}.spec.ts › {t} [{p}]" for t, p in pairs],
            "file": [f"shop/{t}.spec.ts" for t, _ in pairs],
            "duration_s": durations,
            "n_attempts": [2 if s == "flaky" else 1 for s in states.values()],
            "message": ["Error: 402 payment required" if f else None for f in failed],
            "signature": ["Error: payment required" if f else None for f in failed],
        }
        began = BEGAN + timedelta(days=day)
        run = make_run(f"r{day}", states, columns, started_at=began.timestamp(), commit=f"c{day}")
        filled.append(run, branch="main")
    return filled


def test_which_tests_are_flaky_on_main(history):
    table = history.flakiness(branch="main")
    assert table.loc[table["state"] == "flaky", "title"].tolist() == ["blinks"]


def test_what_is_broken_and_since_which_commit(history):
    table = history.flakiness(branch="main").query("state == 'broken'")
    runs = history.runs().set_index("label")["commit"]
    since = table.set_index("case_id")["broken_since"].map(runs)
    assert since["shop/pays.spec.ts › pays [chromium]"] == "c40"


def test_what_fails_newly_this_week(history):
    week, before = history.load(last=7), history.load(last=14)
    failed = week.loc[week["status"] == "failed", "case_id"].unique()
    known = before[~before["run_id"].isin(week["run_id"]) & (before["status"] == "failed")]
    assert set(failed) - set(known["case_id"]) == {"shop/returns.spec.ts › returns [firefox]"}


def test_which_tests_are_the_dearest(history):
    spent = history.load().groupby("test_id")["duration_s"].sum()
    assert spent.idxmax() == "shop/ships.spec.ts › ships"


def test_which_test_grows_the_most(history):
    rows = history.load()
    means = rows.groupby(["title", rows["run_at"].dt.month])["duration_s"].mean().unstack()
    assert (means.iloc[:, -1] / means.iloc[:, 0]).idxmax() == "waits"


def test_what_is_skipped_the_longest(history):
    rows = history.load()
    last = rows[rows["status"] != "skipped"].groupby("test_id")["run_at"].max()
    assert last.idxmin() == "shop/prints.spec.ts › prints"
    assert last.min() == BEGAN + timedelta(days=9)


def test_where_chrome_and_firefox_differ(history):
    run = history.run("latest")
    c = fr.compare(run.where(project="chromium"), run.where(project="firefox"), by="project")
    assert c.named("broken")["title"].tolist() == ["returns"]


def test_one_test_over_time(history):
    rows = history.timeline("pays").query("project == 'chromium'")
    assert rows["status"].value_counts().to_dict() == {"passed": 40, "failed": 10}
    assert rows.loc[rows["status"] == "failed", "label"].iloc[0] == "r40"


def test_what_the_top_causes_are(history):
    rows = history.load(last=10)
    top = rows.loc[rows["status"] == "failed", "signature"].value_counts()
    assert top.to_dict() == {"Error: payment required": 21}


def test_whose_failures_are_open(history):
    areas = {"payment": {"patterns": ["*pay*"], "owner": "kim"}}
    part = history.run("latest").where(area="payment", areas=areas, status="failed")
    assert part.results["project"].tolist() == ["chromium", "firefox"]


def test_the_script_of_the_examples_on_fifty_runs(history, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    from weekly import main

    assert main(history.path, tmp_path / "weekly.md") == 2
    lines = (tmp_path / "weekly.md").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("Worse (7 runs before, 1 after)") or "fail" in lines[0]
    assert "r49 · status=failed: 3" in lines
    assert any(line.startswith("blinks: ") for line in lines)
    assert fr.read_run(tmp_path / "weekly.xml").totals["failed"] == 4
