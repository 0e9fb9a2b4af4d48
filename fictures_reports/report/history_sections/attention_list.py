"""The tests that need attention: a row each, under the pass rate of the same runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.wording import MISSING, counted, listed, percent
from fictures_reports.history_analysis.standing_of_tests import STANDINGS
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.history_sections import run_columns, trend_line
from fictures_reports.report.history_sections.tests_in_rows import rows_of_tests
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from fictures_reports.report.history_findings import Findings
    from fictures_reports.report.history_sections.run_columns import DayLabel
    from fictures_reports.report.history_sections.tests_in_rows import TestRow
    from fictures_reports.report.history_sections.trend_line import TrendLine

#: More rows than this are no first screen; the list of all tests has them.
MOST: Final = 20


@dataclass(frozen=True, eq=False)
class Columns:
    """The last runs: their days and the trend above the rows."""

    runs: pd.DataFrame
    days: Sequence[DayLabel]
    trend: TrendLine
    #: how many runs are shown in all
    n_all: int
    has_branches: bool
    #: how cells may look in these runs
    looks: Sequence[str]

    @property
    def has_rate(self) -> bool:
        """Whether a test ran in the latest run."""
        return self.trend.now not in ("", MISSING)

    @property
    def width(self) -> int:
        """The width of a row's drawing."""
        return len(self.runs) * run_columns.STEP

    @property
    def runs_in_words(self) -> str:
        """Say which runs the columns are."""
        n = counted(len(self.runs), "run")
        return n if len(self.runs) == self.n_all else f"the last {n} of {self.n_all:,}"

    @property
    def trend_in_words(self) -> str:
        """Say in words what the drawing of the trend shows."""
        ends = f"{percent(self.trend.low, 1)} to {percent(self.trend.high, 1)}"
        outages = "".join(f"; outage {self.runs['label'].iloc[i]}, {rate}"
                          for i, rate in self.trend.outages)  # fmt: skip
        return f"Pass rate of {self.runs_in_words}, {self.trend.now} now, axis {ends}{outages}"


@dataclass(frozen=True, eq=False)
class Attention:
    """The first rows, the columns above them, and how many tests are not among them."""

    rows: Sequence[TestRow]
    columns: Columns
    left: Mapping[str, int]

    @property
    def other_tests(self) -> str:
        """Name the others, by how they stand; "" where there are none."""
        parts = [f"{n:,} {_REST.get(name, STANDINGS[name])}" for name, n in self.left.items()]
        return listed(parts)


_REST: Final = {
    "broken": "more broken", "failing": "more that failed when last run", "flaky": "more flaky",
    "mended": "more that were broken", "slower": "more that got slower",
    "skipped": "more skipped for long", "unsure": "with too few runs to tell",
}  # fmt: skip


#: The looks of cells, each with the statuses that a run counts for it.
_COUNTED: Final = {
    "failed": ("failed",), "flaky": ("flaky",), "passed": ("passed", "xpassed", "xfailed"),
    "skipped": ("skipped", "not_run", "interrupted"),
}  # fmt: skip


def columns_of(findings: Findings) -> Columns:
    """Return the columns of a report's last runs."""
    runs = run_columns.shown(findings.grid.runs)
    totals = findings.totals.tail(len(runs)).reset_index(drop=True)
    trend = trend_line.trend_line(totals, findings.outages, findings.target, findings.phases)
    return Columns(
        runs, run_columns.day_labels(runs), trend, len(findings.totals),
        findings.words.several_branches, _looks(findings, totals),
    )  # fmt: skip


def _looks(findings: Findings, totals: pd.DataFrame) -> list[str]:
    """Return which looks cells have in these runs, of those that a legend explains."""
    has = {name for name in _COUNTED if totals[list(_COUNTED[name])].to_numpy().any()}
    outages = totals["run_id"].isin(findings.outages)
    return [*has, *(["outage"] if outages.any() else [])]


def values(findings: Findings) -> Attention | None:
    """Choose the first tests that need attention; nothing where no test ran."""
    if not findings.totals["cases"].any():
        return None
    rows = rows_of_tests(findings, MOST)
    counts = Counter(test.standing for test in findings.tests)
    shown = Counter(row.standing for row in rows)
    left = {name: counts[name] - shown[name] for name in STANDINGS if counts[name] > shown[name]}
    return Attention(rows, columns_of(findings), left)


def html(v: Attention) -> Fragment:
    """Draw the rows under the trend."""
    text = counted(len(v.rows), "test that needs attention", "tests that need attention")
    return fragment("history_attention.html.j2", text, v=v, c=v.columns, **drawing())


def drawing() -> dict[str, Any]:
    """Return what the templates need to draw rows and trend."""
    return {
        "height": run_columns.HEIGHT,
        "step": run_columns.STEP,
        "trend_height": trend_line.HEIGHT,
    }


attention: Final = Section(
    "attention", values, html, LeftOut("the lists of broken and flaky tests name them"),
    LeftOut("the flakiness, changes and ageing of every test are there"),
)  # fmt: skip
