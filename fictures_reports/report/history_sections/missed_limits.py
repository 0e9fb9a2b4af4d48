"""Numbers that missed their limit, over many runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.limit_distance import farthest_first, times_off
from fictures_reports.analysis.reasons.limit_sentence import how_far
from fictures_reports.history_analysis.limits_missed import missed_limits
from fictures_reports.report.history_sections.history_tables import frame_table
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings


def values(found: Findings) -> pd.DataFrame:
    """Return every number that missed its limit, oldest first, with the test's name."""
    return missed_limits(found.rows)


def html(misses: pd.DataFrame) -> Fragment:
    """List each test that missed a limit with its latest and farthest miss."""
    import pandas as pd

    columns = (misses[name].tolist() for name in ("measured", "comparator", "limit"))
    how = [how_far(*row) for row in zip(*columns, strict=True)]
    misses = misses.assign(off=times_off(misses), how_far=pd.Series(how, misses.index, "str"))
    by_case = misses.groupby("case_id", sort=False)
    farthest = farthest_first(misses).groupby("case_id").head(1).set_index("case_id")["how_far"]
    latest = by_case.tail(1).set_index("case_id")
    rows = latest.assign(n_runs=by_case.size(), farthest=farthest, off=by_case["off"].max())
    worst_first = rows.sort_values(["n_runs", "off"], ascending=False).reset_index()
    return frame_table("thresholds", worst_first, "test")


thresholds: Final = Section(
    "thresholds", values, html,
    markdown=LeftOut("broken and flaky tests are named, whatever they failed by"),
    json=LeftOut("measurements come with each run's own JSON"),
)  # fmt: skip
