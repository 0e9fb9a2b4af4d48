"""The cases that were perhaps renamed or moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.renames import suggestions
from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.wording import counted
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import plain_rows
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.report_input import ReportInput


def values(report: ReportInput) -> pd.DataFrame:
    """Return pairs of old and new ids, as `suggestions` finds them."""
    return suggestions(report.comparison)


def html(pairs: pd.DataFrame) -> Fragment:
    """List the pairs; nothing where there are none."""
    return fragment("renames.html.j2", counted(len(pairs), "pair"), renames=rows_of(pairs))


def json(pairs: pd.DataFrame) -> dict[str, Any]:
    """Return the pairs with what speaks for them."""
    return {"renames": plain_rows(pairs)}


renames: Final = Section(
    "renames", values, html, LeftOut("a question to who keeps the settings, not a finding"), json
)
