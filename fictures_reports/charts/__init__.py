"""Frame → `alt.Chart`: one function a question, for one run or two and for many.

The frame is one that its subject has, such as `Comparison.transitions`, or that the function of the
same name in `charts.frames` gives: `charts.categories(charts.frames.categories(c))`.
`thresholds` is the one for one run; that for many is `charts.many_runs.thresholds`.

Each is imported when it is first used, so that a report without a chart starts without altair.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from fictures_reports.charts import frames as frames
    from fictures_reports.charts import many_runs as many_runs
    from fictures_reports.charts.many_runs import ages as ages
    from fictures_reports.charts.many_runs import clusters as clusters
    from fictures_reports.charts.many_runs import counts as counts
    from fictures_reports.charts.many_runs import heat_map as heat_map
    from fictures_reports.charts.many_runs import pass_rates as pass_rates
    from fictures_reports.charts.many_runs import rates as rates
    from fictures_reports.charts.many_runs import slowest as slowest
    from fictures_reports.charts.many_runs import trend as trend
    from fictures_reports.charts.notebook_output import enable as enable
    from fictures_reports.charts.one_run import categories as categories
    from fictures_reports.charts.one_run import durations as durations
    from fictures_reports.charts.one_run import files as files
    from fictures_reports.charts.one_run import outcomes as outcomes
    from fictures_reports.charts.one_run import phases as phases
    from fictures_reports.charts.one_run import thresholds as thresholds
    from fictures_reports.charts.one_run import transitions as transitions
    from fictures_reports.charts.one_run import workers as workers

_MANY: Final = (
    "ages", "clusters", "counts", "heat_map", "pass_rates", "rates", "slowest", "trend",
)  # fmt: skip
_ONE: Final = (
    "categories", "durations", "files", "outcomes", "phases", "thresholds", "transitions",
    "workers",
)  # fmt: skip
_MODULES: Final = ("frames", "many_runs")
_HOMES: Final = {
    "enable": "notebook_output",
    **dict.fromkeys(_MANY, "many_runs"),
    **dict.fromkeys(_ONE, "one_run"),
}
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


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from fictures_reports.extras import require

    require("report", "a chart")
    module = import_module(f"{__name__}.{_HOMES.get(name, name)}")
    value = module if name in _MODULES else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
