"""What did not run, and whether that is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.wording import counted
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.section import LeftOut, Section
from fictures_reports.report.sections.named_cases import MOST_ROWS

if TYPE_CHECKING:
    from fictures_reports.report.report_input import ReportInput

_IDLE: Final = ("skipped", "not_run", "xfailed", "interrupted")


def values(report: ReportInput) -> list[tuple[Any, str]]:
    """Return each result that did not run, with its change; "" in a report on one run."""
    results, subject = report.last.results, report.subject
    change = subject.labels if isinstance(subject, Comparison) else {}
    idle = results[results["status"].isin(_IDLE)]
    return [(row, change.get(row.case_id, "")) for row in rows_of(idle)]


def html(rows: list[tuple[Any, str]]) -> Fragment:
    """List what did not run, with the reason."""
    return fragment("skips.html.j2", counted(len(rows), "test"), rows=rows, most=MOST_ROWS)


skips: Final = Section(
    "skips", values, html,
    markdown=LeftOut("newly skipped tests stand under their change; the others are counted"),
    json=LeftOut("each case's status stands under its change"),
)  # fmt: skip
