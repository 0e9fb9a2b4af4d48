"""Counts by part of the suite: per file, per area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.breakdown import breakdown, table
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from fictures_reports.report.report_input import ReportInput


@dataclass(frozen=True, eq=False)
class SuiteParts:
    """Counts as `breakdown` returns them; `per_area` is None where no areas are set."""

    per_file: pd.DataFrame
    per_area: pd.DataFrame | None
    owners: Mapping[str, str]


def values(report: ReportInput) -> SuiteParts:
    """Count the tests of all runs in each part."""
    areas = breakdown(report.runs, "area", report.areas) if report.areas else None
    return SuiteParts(breakdown(report.runs), areas, report.owners)


def html(v: SuiteParts) -> Fragment | None:
    """Show a table for each kind of part; each adds up. Nothing where there is no test."""
    if v.per_file.empty:
        return None
    parts = [v.per_file] if v.per_area is None else [v.per_file, v.per_area]
    tables = {str(part.columns[0]): table(part) for part in parts}
    runs = list(dict.fromkeys(run for part in parts for run in part["run"]))
    return fragment(
        "breakdowns.html.j2", ", ".join(tables), tables=tables, runs=runs, owners=v.owners
    )


breakdowns: Final = Section(
    "breakdowns", values, html,
    markdown=LeftOut("a table of every file is no summary"),
    json=LeftOut("rows with file and status come from `results --format json`"),
)  # fmt: skip
