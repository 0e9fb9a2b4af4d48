"""The evidence: for every test that did not pass its message, source lines, output, pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.wording import counted
from fictures_reports.history_analysis.case_timelines import strips, until
from fictures_reports.report.evidence import collect
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.markdown_layout import listing, shortened
from fictures_reports.report.report_input import as_given
from fictures_reports.report.section import LeftOut, Section
from fictures_reports.report.sections.named_cases import MOST_NAMES, in_markdown

if TYPE_CHECKING:
    from fictures_reports.report.report_input import ReportInput


def html(report: ReportInput) -> Fragment:
    """Show the evidence of each test, with a history also what each did in the last runs."""
    items, n_left_out = collect(report.subject)
    timelines, history = {}, report.last_runs
    if history is not None:
        timelines = strips(until(history, report.last), [item.row.case_id for item in items])
    text = counted(len(items), "test")
    return fragment("evidence.html.j2", text, items=items, n_left_out=n_left_out, strips=timelines)


def markdown(report: ReportInput) -> str:
    """Name what did not pass in a run; in a comparison it stands under its change."""
    if report.is_comparison:
        return ""
    results = report.last.results
    rows = results[results["category"].notna()]
    lines = [in_markdown(row) for row in rows_of(rows.head(MOST_NAMES))]
    return listing(f"Not passed: {len(rows)}", shortened(lines, len(rows)))


evidence: Final = Section(
    "evidence", as_given, html, markdown,
    json=LeftOut("messages stand under each change; rows come from `results --format json`"),
)  # fmt: skip
