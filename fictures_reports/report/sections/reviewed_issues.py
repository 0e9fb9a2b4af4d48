"""What became of the known issues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.known_issues import issues, review
from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import plain_rows
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.report_input import ReportInput


def values(report: ReportInput) -> pd.DataFrame:
    """Return a row for each known issue, as `review` gives it."""
    judged = report.comparison.known_issues if report.is_comparison else ()
    return review(report.last, judged or issues(report.known_issues))


def html(reviewed: pd.DataFrame) -> Fragment:
    """List the issues with their state; nothing where none is known."""
    text = counted(len(reviewed), "known issue")
    return fragment("known_issues.html.j2", text, known_issues=rows_of(reviewed))


def json(reviewed: pd.DataFrame) -> dict[str, Any]:
    """Return the issues with the cases that they explain."""
    return {"known_issues": plain_rows(reviewed)}


known_issues: Final = Section(
    "known_issues", values, html, LeftOut("gates that count without them say so"), json
)
