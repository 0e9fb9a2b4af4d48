"""Since when tests, durations and clusters are the way they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.report.history_sections.history_tables import frame_table
from fictures_reports.report.json_rows import history_rows
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings


def values(found: Findings) -> pd.DataFrame:
    """Return the changes as `since_when` does."""
    return found.changes


def html(rows: pd.DataFrame) -> Fragment:
    """List the last change of each, the latest first."""
    return frame_table("changes", rows[rows["is_last"]], "change")


def json(rows: pd.DataFrame) -> dict[str, Any]:
    """Return every change."""
    return {"changes": history_rows(rows)}


changes: Final = Section("changes", values, html, LeftOut("a chart's subject, long as text"), json)
