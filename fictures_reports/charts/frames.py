"""Runs, comparisons and histories → the frames that charts are drawn from.

    charts.categories(charts.frames.categories(c))
    charts.trend(charts.frames.totals(history.load()))

Charts that are not named here take a frame that their subject has: `Run.results`,
`Comparison.totals` and `.transitions`, `History.load` and `.flakiness`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.guards import needs, one_of, refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.analysis.breakdown import Areas
    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run

_ROWS = ("run_id", "label", "run_at", "commit", "branch", "stream", "case_id", "status")
_SOURCE = "History.load or read_runs(…).frame"


def categories(subject: Run | Comparison) -> pd.DataFrame:
    """Count results by category: index categories, most frequent first; a column for each run."""
    from fictures_reports.analysis.counts_by_category import category_counts

    return category_counts(_runs(subject))


def thresholds(subject: Run | Comparison) -> pd.DataFrame:
    """Return the numbers that missed a limit, farthest off first.

    Columns: run, case_id, test, measured, comparator, limit, unit, ratio (measured ÷ limit).
    """
    from fictures_reports.analysis.limit_misses import limit_misses

    return limit_misses(_runs(subject))


def files(subject: Run | Comparison, by: str = "file", areas: Areas | None = None) -> pd.DataFrame:
    """Count tests: a row per file (or other column, or "area" of `areas`), run and status.

    Columns: the one named by `by`, run, status, tests.
    """
    from fictures_reports.analysis.breakdown import breakdown

    runs = _runs(subject)
    one_of(by, "by", (*next(iter(runs.values())).results.columns, "area"))
    return breakdown(runs, by, areas)


def durations(c: Comparison) -> pd.DataFrame:
    """Return the tests that became slower or faster, the largest move first; seconds.

    Columns: case_id, test, before_s, after_s, difference_s, ratio, alone (beside what all tests
    share), before_category, after_category.
    """
    from fictures_reports.analysis.durations import changed

    if "after" not in _runs(c) or "before" not in _runs(c):
        raise refuse(c, "c", "a comparison, such as compare gives")
    return changed(c)


def phases(runs: Sequence[Run]) -> pd.DataFrame:
    """Return one row per run in the order given: label, rate (0–1, of all cases) and cases.

    The rate of a run without cases is NaN.
    """
    from fictures_reports.analysis.counts import pass_rates

    if not isinstance(runs, list | tuple):
        raise refuse(runs, "runs", "a list of runs, such as read_runs gives")
    for run in runs:
        _runs(run)
    return pass_rates(runs)


@needs(_SOURCE, *_ROWS, "duration_s")
def totals(history: pd.DataFrame) -> pd.DataFrame:
    """Count statuses in each run of a history, oldest first, for `trend` and `counts`.

    Columns: run_id, label, run_at, commit, branch, stream, cases, one per status, and duration_s
    (all results together; NaN if none is known).
    """
    from fictures_reports.history_analysis import aggregates

    return aggregates.totals(history)


@needs(_SOURCE, *_ROWS, "signature", "category")
def clusters(history: pd.DataFrame) -> pd.DataFrame:
    """Say of each cluster of failures when it was first and last seen, the most frequent first.

    Columns: cluster, name, category, n_results, n_runs, n_cases, first_seen, last_seen (UTC),
    first_label, last_label.
    """
    from fictures_reports.history_analysis import aggregates

    return aggregates.sightings(history)


@needs(_SOURCE, *_ROWS, "title", "project")
def ages(history: pd.DataFrame) -> pd.DataFrame:
    """Say for how many runs the tests have failed, or not run, that do so in the latest run.

    Columns: see `fictures_reports.history_analysis.ageing`; among them title, how, n_runs, since.
    """
    from fictures_reports.history_analysis.ageing import ageing

    return ageing(history)


@needs(_SOURCE, *_ROWS, "category", "title", "measured", "comparator", "limit", "unit", "ratio")
def missed_limits(history: pd.DataFrame) -> pd.DataFrame:
    """Return every number that missed a limit, oldest run first, for `many_runs.thresholds`.

    Columns: case_id, test, label, run_at, measured, comparator, limit, unit, ratio.
    """
    from fictures_reports.history_analysis.limits_missed import missed_limits as missed

    return missed(history)


@needs(_SOURCE, *_ROWS, "title", "project", "duration_s")
def slowest(history: pd.DataFrame, n: int = 15) -> pd.DataFrame:
    """Return the `n` tests with the longest medians when they passed, longest first; seconds.

    Columns: case_id, n, mean_s, median_s, max_s, total_s, test (its title, and its project).
    """
    from fictures_reports.history_analysis import aggregates
    from fictures_reports.history_analysis.slowest import slowest as longest

    if not isinstance(n, int):
        raise refuse(n, "n", "a number of tests")
    return longest(history, aggregates.durations(history), n)


def _runs(subject: Run | Comparison) -> dict[str, Run]:
    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run

    if isinstance(subject, Comparison):
        return {"before": subject.before, "after": subject.after}
    if isinstance(subject, Run):
        return {subject.label: subject}
    raise refuse(subject, "the subject", "a run or a comparison")
