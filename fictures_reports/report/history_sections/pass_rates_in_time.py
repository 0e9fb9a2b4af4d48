"""The pass rate of all runs on a real time axis; many runs are put together before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.wording import counted, percent
from fictures_reports.frame_rows import rows_of
from fictures_reports.history_analysis.pass_rate import pass_rate_of_runs
from fictures_reports.report.fragment import fragment
from fictures_reports.report.history_sections.run_dates import dates_of
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings

#: The drawing's own units; runs that fall on one of its columns are drawn as one.
WIDTH: Final = 400
HEIGHT: Final = 90
_FEWEST: Final = 3


@dataclass(frozen=True)
class TimeDot:
    """The runs of one column: its place, their lowest and their highest rate."""

    x: int
    top: float
    bottom: float
    is_outage: bool


@dataclass(frozen=True, eq=False)
class RatesInTime:
    """Dots over time with what stands at the ends of both axes."""

    dots: Sequence[TimeDot]
    days: Sequence[str]
    low: str
    high: str
    label: str


def values(findings: Findings) -> RatesInTime | None:
    """Lay out the runs; nothing where few of them tell when they began."""
    totals = findings.totals.assign(rate=pass_rate_of_runs(findings.totals))
    totals = totals[totals["rate"].notna() & (totals["run_at"].dt.year > 1970)]
    if len(totals) < _FEWEST or totals["run_at"].iloc[0] == totals["run_at"].iloc[-1]:
        return None
    usual = totals.loc[~totals["run_id"].isin(findings.outages), "rate"]
    low = float(usual.min()) if len(usual) else 0.0
    low = min(low, 0.99)
    dates = dates_of(totals)
    ends = totals["run_at"].iloc[[0, len(totals) // 2, -1]].tolist()
    middle = ends[0] + (ends[2] - ends[0]) / 2
    days = [dates.day(moment) for moment in (ends[0], middle, ends[2])]
    return RatesInTime(
        _dots(totals, findings.outages, low), days, percent(low, 1), percent(1, 1),
        f"Pass rate of {counted(len(totals), 'run')} by the time at which they began, "
        f"{days[0]} to {days[2]}, axis {percent(low, 1)} to {percent(1, 1)}",
    )  # fmt: skip


def _dots(totals: pd.DataFrame, outages: dict[str, str], low: float) -> list[TimeDot]:
    began = totals["run_at"]
    share = (began - began.iloc[0]) / (began.iloc[-1] - began.iloc[0])
    column = (share * (WIDTH - 4)).round().astype("int64")
    is_out = totals["run_id"].isin(outages)
    height = (1 - (totals["rate"].clip(lower=low) - low) / (1 - low)) * (HEIGHT - 6)
    placed = totals.assign(x=column, y=height.round(1), out=is_out).groupby(["x", "out"])["y"]
    ends = placed.agg(["min", "max"]).set_axis(["top", "bottom"], axis=1).reset_index()
    return [TimeDot(row.x, row.top, row.bottom, row.out) for row in rows_of(ends)]


def html(v: RatesInTime) -> Fragment:
    """Draw the rates over time."""
    return fragment("history_in_time.html.j2", v.label, v=v, width=WIDTH, height=HEIGHT)


over_time: Final = Section(
    "over_time", values, html, LeftOut("a drawing; the verdict has the latest rate"),
    LeftOut("the runs are there with their moments and counts"),
)  # fmt: skip
