"""For how many runs tests have failed or not run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import known, rows_of
from fictures_reports.analysis.wording import counted
from fictures_reports.report.history_sections.history_tables import frame_table
from fictures_reports.report.json_rows import history_rows
from fictures_reports.report.markdown_layout import table
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings


def values(found: Findings) -> pd.DataFrame:
    """Return the ages as `ageing` does."""
    return found.ageing


def html(rows: pd.DataFrame) -> Fragment:
    """List the tests, the longest first."""
    return frame_table("ages", rows, "test")


def markdown(rows: pd.DataFrame) -> str:
    """List the tests, the longest first."""
    cells = [
        (r.title, r.file, f"{r.how} for {counted(r.n_runs, 'run')}",
         f"{r.since} on {r.branch}" if known(r.branch) else r.since)
        for r in rows_of(rows)
    ]  # fmt: skip
    return table("How long already", ("test", "file", "for", "since"), cells)


def json(rows: pd.DataFrame) -> dict[str, Any]:
    """Return every test that did not pass in the latest run of its branch."""
    return {"ageing": history_rows(rows)}


ages: Final = Section("ages", values, html, markdown, json)
