"""Which cases of a report fail newly, and for how long the others have failed."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from fictures_reports.history_analysis.case_timelines import until

if TYPE_CHECKING:
    from fictures_reports.report.report_input import ReportInput


def new_failures(report: ReportInput) -> set[str]:
    """Return the cases that fail newly; none in a report on one run."""
    if not report.is_comparison:
        return set()
    changes = report.comparison.changes
    return set(changes.loc[changes["standing"] == "new", "case_id"].tolist())


def ages(report: ReportInput) -> dict[str, int]:
    """Map each failing case to the runs in a row that it has failed, as far as a history says."""
    if report.last_runs is None or not report.last.totals["failed"]:
        return {}
    results = report.last.results
    failing = results.loc[results["status"] == "failed", "case_id"]
    rows = until(report.last_runs, report.last)
    rows = rows[rows["case_id"].isin(failing)]
    return {
        str(case): len(list(takewhile(lambda status: status == "failed", reversed(list(ended)))))
        for case, ended in rows.groupby("case_id")["status"]
    }
