"""The sections of a report on many runs; each fills one notebook cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.statistics import times_off
from fictures_reports.analysis.wording import counted, listed, percent
from fictures_reports.history_analysis.case_timelines import Strip, strips
from fictures_reports.history_analysis.flakiness import STATES
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

#: Tables show so many rows; charts of cases as many.
MOST: Final = 25


def summary(
    totals: pd.DataFrame,
    degraded: pd.DataFrame,
    flakiness: pd.DataFrame,
    target: float | None = None,
) -> Fragment:
    """Say over how many runs, where things stand, and which runs were left out."""
    n_in: dict[str, int] = {state: int((flakiness["state"] == state).sum()) for state in STATES}
    said = verdict(totals, n_in, target)
    ends = rows_of(totals.iloc[[0, -1]]) if len(totals) else [None, None]
    return fragment(
        "history_summary.html.j2", said, verdict=said, n_runs=len(totals), n_in=n_in,
        first=ends[0], last=ends[1], n_cases=len(flakiness), states=STATES, day=day,
        outages=rows_of(degraded[degraded["degraded"]]),
    )  # fmt: skip


def verdict(totals: pd.DataFrame, n_in: dict[str, int], target: float | None = None) -> str:
    """Say in a sentence how the latest run ended and how many tests can be trusted."""
    if totals.empty:
        return "No runs."
    last = totals.iloc[-1]
    good = int(last["passed"] + last["flaky"] + last["xpassed"])
    text = f"In the latest run {good} of {counted(int(last['cases']), 'test')} passed"
    text += f" ({percent(good, last['cases'])})"
    if target is not None and last["cases"]:
        side = "meets" if good / last["cases"] >= target else "misses"
        text += f", which {side} the target of {percent(target, 1)}"
    return f"{text}. {_trusted(n_in, len(totals))}"


def _trusted(n_in: dict[str, int], n_runs: int) -> str:
    unsure, n = n_in["not enough runs"], sum(n_in.values())
    over = f"Over {counted(n_runs, 'run')}"
    if unsure == n:
        return f"{over} nothing can be said yet of which tests are broken or flaky."
    parts = [f"{n_in[s]} {'is' if n_in[s] == 1 else 'are'} {s}" for s in ("broken", "flaky")]
    rest = f"; for {unsure} of {n} there are too few runs to tell" if unsure else ""
    return f"{over} {listed(parts)}{rest}."


def runs(
    totals: pd.DataFrame, degraded: pd.DataFrame, incomplete: Collection[str] = ()
) -> Fragment:
    """List the latest runs with their counts, the newest first.

    `incomplete` are the ids of runs of which something is known to be missing, as `attrs` of a
    history's frame has them.
    """
    statuses = [s for s in STATUSES if totals[s].sum()]
    left_out = set(degraded.loc[degraded["degraded"], "run_id"])
    shown = rows_of(totals.iloc[::-1].head(MOST))
    rows = [(row, row.run_id in left_out, row.run_id in incomplete) for row in shown]
    return _table("runs", rows, len(totals), counted(len(totals), "run"), statuses=statuses)


def broken(flakiness: pd.DataFrame, history: pd.DataFrame | None = None) -> Fragment:
    """List the broken tests with since when they are, the longest first.

    With the rows of the `history` also what each did in the last runs.
    """
    rows = flakiness[flakiness["state"] == "broken"]
    ordered = rows.sort_values("n_broken", ascending=False, kind="stable")
    return _listing("broken", ordered, "broken test", strips=_strips(ordered, history))


def flaky(flakiness: pd.DataFrame, history: pd.DataFrame | None = None) -> Fragment:
    """List the flaky tests, the worst first; with the `history` also what each did last."""
    chosen = flakiness[flakiness["state"] == "flaky"]
    return _listing("flaky", chosen, "flaky test", strips=_strips(chosen, history))


def _strips(cases: pd.DataFrame, history: pd.DataFrame | None) -> dict[str, Strip]:
    return {} if history is None else strips(history, cases["case_id"].head(MOST))


def unstable(flakiness: pd.DataFrame) -> pd.DataFrame:
    """Return the broken and flaky tests that a heat map shows."""
    return flakiness[flakiness["state"].isin(["broken", "flaky"])].head(MOST)


def changes(since_when: pd.DataFrame) -> Fragment:
    """List since when tests, durations and clusters are the way they are, the latest first."""
    return _listing("changes", since_when[since_when["is_last"]], "change")


def clusters(sightings: pd.DataFrame) -> Fragment:
    """List clusters of failures with when they were first and last seen."""
    return _listing("clusters", sightings, "cluster")


def ages(ageing: pd.DataFrame) -> Fragment:
    """List for how many runs tests have failed or not run."""
    return _listing("ages", ageing, "test")


def slow(durations: pd.DataFrame) -> Fragment:
    """List the slowest tests; `durations` as `slowest` returns them."""
    return _listing("slow", durations, "test")


def slowest(durations: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Return the tests with the longest medians, longest first, with a name for each."""
    titles = history.drop_duplicates("case_id").set_index("case_id")
    names = titles["title"] + titles["project"].map(lambda p: f" [{p}]" if p else "")
    top = durations.nlargest(15, "median_s").reset_index(drop=True)
    return top.assign(test=top["case_id"].map(names))


def measured(history: pd.DataFrame) -> pd.DataFrame:
    """Return every number that missed its limit, oldest first, with the test's name."""
    columns = ["case_id", "title", "label", "run_at", "measured", "comparator", "limit", "unit",
               "ratio"]  # fmt: skip
    missed = history[(history["category"] == "threshold_miss") & history["measured"].notna()]
    rows = missed.sort_values(["run_at", "run_id"], kind="stable")[columns]
    return rows.rename(columns={"title": "test"}).reset_index(drop=True)


def thresholds(misses: pd.DataFrame) -> Fragment:
    """List each test that missed a limit with its latest and farthest miss; from `measured`."""
    misses = misses.assign(off=times_off(misses["ratio"]))
    by_case = misses.groupby("case_id", sort=False)
    latest = by_case.tail(1).set_index("case_id")
    farthest = (
        misses.sort_values("off", kind="stable", na_position="first").groupby("case_id").tail(1)
    )
    rows = latest.assign(
        n_runs=by_case.size(),
        farthest=farthest.set_index("case_id")["ratio"],
        off=by_case["off"].max(),
    )
    ordered = rows.sort_values(["n_runs", "off"], ascending=False).reset_index()
    return _listing("thresholds", ordered, "test")


def day(moment: Any) -> str:
    """Write the day of a moment, e.g. 2025-11-02."""
    return f"{moment:%Y-%m-%d}"


def _listing(name: str, frame: pd.DataFrame, noun: str, **values: Any) -> Fragment:
    text = counted(len(frame), noun)
    return _table(name, rows_of(frame.head(MOST)), len(frame), text, **values)


def _table(name: str, rows: list[Any], n: int, text: str, **values: Any) -> Fragment:
    more = n - len(rows)
    return fragment(f"history_{name}.html.j2", text, rows=rows, n_more=more, day=day, **values)
