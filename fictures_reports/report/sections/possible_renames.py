"""The cases that were perhaps renamed or moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.renames import suggestions
from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import plain_rows
from fictures_reports.report.markdown_layout import listing, shortened
from fictures_reports.report.markdown_text import text
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.report_input import ReportInput

#: Pairs in Markdown; the rest is counted.
MOST: Final = 30


def values(report: ReportInput) -> pd.DataFrame:
    """Return pairs of old and new ids, as `suggestions` finds them."""
    return suggestions(report.comparison)


def html(pairs: pd.DataFrame) -> Fragment:
    """List the pairs; nothing where there are none."""
    return fragment("renames.html.j2", counted(len(pairs), "pair"), renames=rows_of(pairs))


def json(pairs: pd.DataFrame) -> dict[str, Any]:
    """Return the pairs with what speaks for them."""
    return {"renames": plain_rows(pairs)}


def markdown(pairs: pd.DataFrame) -> str:
    """List the pairs: without them a reader takes a new name for a test that is gone."""
    lines = [
        f"- {text(row.before)} → {text(row.after)} ({text(row.evidence)})" for row in rows_of(pairs)
    ]
    title = f"Perhaps renamed: {len(lines)} (say so in the settings, below renames)"
    return listing(title, shortened(lines[:MOST], len(lines)))


renames: Final = Section("renames", values, html, markdown, json)
