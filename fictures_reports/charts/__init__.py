"""Frame → `alt.Chart`: one function a question, for one run or two and for many.

The frame is one that its subject has, such as `Comparison.transitions`, or that the function of the
same name in `charts.frames` gives: `charts.categories(charts.frames.categories(c))`.
`thresholds` is the one for one run; that for many is `charts.many_runs.thresholds`.
"""

from fictures_reports.extras import require

require("report", "a chart")  # before altair is imported below

from fictures_reports.charts import frames, many_runs
from fictures_reports.charts.many_runs import (
    ages,
    clusters,
    counts,
    heat_map,
    pass_rates,
    rates,
    slowest,
    trend,
)
from fictures_reports.charts.notebook_output import enable
from fictures_reports.charts.one_run import (
    categories,
    durations,
    files,
    outcomes,
    phases,
    thresholds,
    transitions,
    workers,
)

__all__ = [
    "ages",
    "categories",
    "clusters",
    "counts",
    "durations",
    "enable",
    "files",
    "frames",
    "heat_map",
    "many_runs",
    "outcomes",
    "pass_rates",
    "phases",
    "rates",
    "slowest",
    "thresholds",
    "transitions",
    "trend",
    "workers",
]
