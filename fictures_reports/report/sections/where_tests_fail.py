"""On which variants failing tests fail: on Windows only, say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.failing_variants import failing_variants as found_in
from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.wording import counted
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import plain_rows
from fictures_reports.report.markdown_layout import MOST_ROWS, listing, shortened
from fictures_reports.report.markdown_text import text
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.report_input import ReportInput


def values(report: ReportInput) -> pd.DataFrame:
    """Return the failing tests of the last run with the variants that they fail on."""
    return found_in(report.last)


def html(found: pd.DataFrame) -> Fragment:
    """List them; nothing where there are none."""
    return fragment("variants.html.j2", counted(len(found), "test"), tests=rows_of(found))


def markdown(found: pd.DataFrame) -> str:
    """List the first; "" where there are none."""
    lines = [
        f"- {text(row.title)} ({text(row.file)}): {text(row.words)}"
        for row in rows_of(found.head(MOST_ROWS))
    ]
    return listing("Where tests fail", shortened(lines, len(found)))


def json(found: pd.DataFrame) -> dict[str, Any]:
    """Return the variants of each test by what it did there, and the words."""
    return {"failing_variants": plain_rows(found)}


failing_variants: Final = Section("failing_variants", values, html, markdown, json)
