"""The runs of a history, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.history_findings import as_found
from fictures_reports.report.history_sections.history_tables import row_table
from fictures_reports.report.json_rows import history_rows
from fictures_reports.report.section import LeftOut, Section
from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings

#: As many as the page has columns.
MOST_RUNS: Final = 40


def html(findings: Findings) -> Fragment:
    """List the latest runs with their counts, the newest first."""
    totals, outages = findings.totals, findings.outages
    statuses = [s for s in STATUSES if totals[s].sum()]
    shown = rows_of(totals.iloc[::-1].head(MOST_RUNS))
    rows = [(row, row.run_id in outages, row.run_id in findings.incomplete) for row in shown]
    several = {"branch": findings.words.several_branches, "stream": findings.words.several_streams}
    return row_table(
        "runs", rows, len(totals), counted(len(totals), "run"), statuses=statuses,
        lines=[name for name, is_so in several.items() if is_so],
    )  # fmt: skip


def json(findings: Findings) -> dict[str, Any]:
    """Return the counts of every run, in which outage it lies, and whether it is complete."""
    runs = findings.totals.assign(
        outage=findings.totals["run_id"].map(findings.outages).astype("str")
    )
    runs["complete"] = ~runs["run_id"].isin(findings.incomplete)
    return {"runs": history_rows(runs)}


runs: Final = Section("runs", as_found, html, LeftOut("the verdict is on the latest"), json)
