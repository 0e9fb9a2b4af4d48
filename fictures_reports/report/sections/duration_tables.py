"""Where the time went: the slowest tests and files, and of a comparison what moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis import durations as analysis
from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.wording import counted
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import plain_rows
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.report_input import ReportInput
    from fictures_reports.run import Run

_MOST_FILES: Final = 10


@dataclass(frozen=True, eq=False)
class Durations:
    """The run whose time is looked at, and the cases that moved; None in a report on one run."""

    run: Run
    changed: pd.DataFrame | None


def values(report: ReportInput) -> Durations:
    """Find the durations that moved from one side to the other."""
    changed = analysis.changed(report.comparison) if report.is_comparison else None
    return Durations(report.last, changed)


def html(v: Durations) -> Fragment:
    """List what moved, the slowest files and the slowest tests."""
    rows = rows_of(analysis.slowest(v.run))
    return fragment(
        "slow.html.j2", counted(len(rows), "test"), rows=rows, moved=v.changed, time=analysis,
        files=rows_of(analysis.files(v.run).head(_MOST_FILES)), spent=analysis.worker_time(v.run),
    )  # fmt: skip


def json(v: Durations) -> dict[str, Any]:
    """Return the durations that moved; those of a run stand in its rows."""
    return {} if v.changed is None else {"durations": plain_rows(v.changed)}


durations: Final = Section(
    "durations", values, html, LeftOut("the first screen has the wall times"), json
)
