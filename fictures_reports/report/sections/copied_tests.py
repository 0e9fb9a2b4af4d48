"""Tests that occur several times under one id, where other copies fail than before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.copies import copies as found_in
from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import plain_rows
from fictures_reports.report.markdown_layout import MOST_ROWS, listing, shortened
from fictures_reports.report.markdown_text import code
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.report_input import ReportInput


def values(report: ReportInput) -> pd.DataFrame:
    """Return the ids whose copies differ, as `copies` finds them."""
    return found_in(report.comparison)


def html(found: pd.DataFrame) -> Fragment:
    """List them; nothing where there are none."""
    return fragment("copies.html.j2", counted(len(found), "id"), copies=rows_of(found))


def markdown(found: pd.DataFrame) -> str:
    """List the first; "" where there are none."""
    lines = [f"- {code(row.case)}: {row.words}" for row in rows_of(found.head(MOST_ROWS))]
    return listing("Several tests of one name", shortened(lines, len(found)))


def json(found: pd.DataFrame) -> dict[str, Any]:
    """Return the counts of each side and the words."""
    return {"copies": plain_rows(found)}


copies: Final = Section("copies", values, html, markdown, json)
