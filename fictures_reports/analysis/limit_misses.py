"""Which numbers of runs missed their limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.limit_distance import farthest_first
from fictures_reports.failures.measurements import all_measurements

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from fictures_reports.run import Run

COLUMNS: Final = (
    "run", "case_id", "test", "measured", "comparator", "limit", "unit", "ratio",
)  # fmt: skip


def limit_misses(runs: Mapping[str, Run]) -> pd.DataFrame:
    """Return every number that missed its limit, of results in the category threshold_miss.

    `runs` maps a name such as "before" to a run. Farthest off first; columns: run, case_id, test,
    measured, comparator, limit, unit, ratio (measured ÷ limit, missing where the limit is 0).
    """
    import pandas as pd

    rows = pd.concat([_of_run(run, name) for name, run in runs.items()], ignore_index=True)
    return farthest_first(rows)[list(COLUMNS)]


def _of_run(run: Run, name: str) -> pd.DataFrame:
    missed = run.results[run.results["category"] == "threshold_miss"]
    titles = missed.set_index("case_id")["title"]
    found = all_measurements(missed)
    return found.assign(run=name, test=found["case_id"].map(titles))
