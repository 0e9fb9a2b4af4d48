"""The slowest tests over many runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.history_analysis.slowest import slowest as longest
from fictures_reports.report.history_findings import as_found
from fictures_reports.report.history_sections.history_tables import frame_table
from fictures_reports.report.json_rows import history_rows
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings


def slowest(findings: Findings) -> pd.DataFrame:
    """Return the tests with the longest medians, longest first, with a name for each."""
    return longest(findings.rows, findings.durations)


def html(findings: Findings) -> Fragment:
    """List the slowest tests."""
    return frame_table("slow", slowest(findings), "test")


def json(findings: Findings) -> dict[str, Any]:
    """Return the durations of every test."""
    return {"durations": history_rows(findings.durations)}


durations: Final = Section(
    "durations", as_found, html, LeftOut("slow is not wrong; the page has them"), json
)
