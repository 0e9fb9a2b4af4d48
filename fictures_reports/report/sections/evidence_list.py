"""What did not pass in a run, by name: the page shows it in the list of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.frame_rows import rows_of
from fictures_reports.report.markdown_entries import Listed, cause_names, entries
from fictures_reports.report.markdown_layout import listing
from fictures_reports.report.report_input import as_given
from fictures_reports.report.section import LeftOut, Section
from fictures_reports.report.sections.named_cases import MOST_NAMES

if TYPE_CHECKING:
    from fictures_reports.report.report_input import ReportInput


def markdown(report: ReportInput) -> str:
    """Name what did not pass in a run; in a comparison it stands under its change."""
    if report.is_comparison:
        return ""
    results = report.last.results
    rows = results[results["category"].notna()]
    causes = cause_names(report.last)
    cases = [Listed(row, causes.get(row.case_id, "")) for row in rows_of(rows)]
    return listing(f"Not passed: {len(rows):,}", entries(cases, MOST_NAMES))


evidence: Final = Section(
    "evidence", as_given, LeftOut("the list of tests shows it in its panel"), markdown,
    json=LeftOut("messages stand under each change; rows come from `results --format json`"),
)  # fmt: skip
