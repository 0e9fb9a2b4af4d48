"""Numbers that missed their limit, over many runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.limit_distance import farthest_first, times_off
from fictures_reports.analysis.reasons.limit_sentence import how_far
from fictures_reports.analysis.wording import counted
from fictures_reports.history_analysis.limits_missed import missed_limits
from fictures_reports.report.history_sections.history_tables import MOST, row_table
from fictures_reports.report.limit_bars import limit_bars
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings


#: What marks the rows of the latest misses.
LATEST: Final = "latest"


def values(findings: Findings) -> pd.DataFrame:
    """Return every number that missed its limit, oldest first, with the test's name."""
    return missed_limits(findings.rows)


def html(misses: pd.DataFrame) -> Fragment:
    """Show each test that missed a limit: its latest miss and its farthest on one scale."""
    bars = limit_bars(_latest_and_farthest(misses), LATEST)
    return row_table(
        "thresholds", bars[:MOST], len(bars), counted(len(bars), "test"), how_far=how_far
    )


def _latest_and_farthest(misses: pd.DataFrame) -> pd.DataFrame:
    """Return two rows of each test, told apart by `run`; with `n_runs`, those that miss most first.

    Both are of the limit that was missed last: a test may have several.
    """
    import pandas as pd

    by_case = misses.groupby("case_id", sort=False)
    worst = by_case.size().to_frame("n_runs").assign(off=misses.assign(
        off=times_off(misses)).groupby("case_id")["off"].max())  # fmt: skip
    latest = by_case.tail(1).set_index("case_id").join(worst)
    latest = latest.sort_values(["n_runs", "off"], ascending=False).reset_index()
    same = misses.merge(latest[["case_id", "comparator", "limit"]])
    farthest = farthest_first(same).groupby("case_id").head(1)
    both = [farthest.assign(run="farthest", n_runs=0, off=0.0), latest.assign(run=LATEST)]
    return pd.concat(both, ignore_index=True)


thresholds: Final = Section(
    "thresholds", values, html,
    markdown=LeftOut("broken and flaky tests are named, whatever they failed by"),
    json=LeftOut("measurements come with each run's own JSON"),
)  # fmt: skip
