"""Neighbouring runs put together, where more of them are drawn than a chart can show.

A chart of a thousand runs is no wider than one of a hundred: several runs would share a pixel, and
the page would carry a row for each. So up to `MOST_RUNS` columns are drawn, each of equally many
neighbours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt

from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

#: So many columns of runs.
MOST_RUNS: Final = 200
#: Altair refuses more rows than 5,000 in one chart.
MOST_CELLS: Final = 4_500
#: What a cell of several runs shows: the first of these that one of them has.
_WORST_FIRST: Final = (
    "failed", "interrupted", "flaky", "xpassed", "xfailed", "passed", "skipped", "not_run",
)  # fmt: skip
#: Labels of more runs than this would cover each other.
_MOST_LABELS: Final = 40


def run_axis(runs: Iterable[int]) -> alt.Axis:
    """Number the columns of a chart, as many as have room."""
    numbers = sorted(set(runs))
    values = numbers[:: max(1, -(-len(numbers) // _MOST_LABELS))]
    return alt.Axis(labelAngle=0, values=values, title="run", labelOverlap="greedy")


def runs_per_column(n_runs: int, n_rows: int = 1) -> int:
    """Return how many neighbouring runs share a column of a chart with so many rows.

    >>> runs_per_column(100), runs_per_column(1000), runs_per_column(1000, 40)
    (1, 5, 9)
    """
    columns = max(1, min(MOST_RUNS, MOST_CELLS // max(1, n_rows)))
    return max(1, -(-n_runs // columns))


def pooled_totals(rows: pd.DataFrame, by: list[str], size: int) -> pd.DataFrame:
    """Put `size` neighbouring runs that agree in `by` together; counts are sums, oldest first.

    `rows` has a run in each row with run (its number), label, day, cases and the statuses. A
    column stands where its last run does. `n` says how many runs it is of, and where these are
    several, label and day name the first and last.
    """
    if size == 1:
        return rows.assign(n=1)
    rows = rows.assign(part=rows.groupby(by).cumcount() // size)
    grouped = rows.groupby([*by, "part"], sort=False)
    sums = grouped[["cases", *STATUSES]].sum()
    first, last = grouped[["label", "day"]].first(), grouped[["label", "day", "run"]].last()
    pooled = sums.join(last).assign(n=grouped.size())
    for name in ("label", "day"):
        pooled[name] = _span(first[name], last[name])
    return pooled.reset_index().drop(columns="part").sort_values("run", ignore_index=True)


def _span(first: pd.Series[str], last: pd.Series[str]) -> pd.Series[str]:
    return first.where(first == last, first + " – " + last)


def pooled_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """Keep one cell of each test and column: the worst, of these the first.

    `cells` has test, run (the number of the column), status, label and why. `of`, which is there
    where columns are of several runs, says how many of them ended so.
    """
    keys = ["test", "run"]
    if not cells.duplicated(keys).any():
        return cells
    rank = cells["status"].map({status: i for i, status in enumerate(_WORST_FIRST)})
    rows = cells.assign(rank=rank).sort_values([*keys, "rank"], kind="stable")
    n = rows.groupby(keys)["rank"].transform("size")
    n_same = rows.groupby([*keys, "rank"])["rank"].transform("size")
    text = n_same.astype("str") + " of " + n.astype("str") + " runs"
    return rows.assign(of=text).drop_duplicates(keys).drop(columns="rank")


def farthest_off(measured: pd.DataFrame) -> pd.DataFrame:
    """Keep of each test and of neighbouring runs the number that is farthest off its limit."""
    n_tests = measured["test"].nunique()
    size = runs_per_column(len(measured) // max(1, n_tests), n_tests)
    if len(measured) <= MOST_CELLS:
        return measured
    part = measured.groupby("test").cumcount() // size
    worst = measured["off"].groupby([measured["test"], part]).idxmax().dropna()
    return measured.loc[worst.sort_values()]
