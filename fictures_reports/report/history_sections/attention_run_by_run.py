"""What each test that needs attention did, run by run, for programs: no page or text has it all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.result_summary import known
from fictures_reports.frame_rows import rows_of
from fictures_reports.history_analysis.aggregates import clusters_of
from fictures_reports.history_analysis.events import line_of
from fictures_reports.report.history_findings import as_found
from fictures_reports.report.json_rows import plain
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    from fictures_reports.history_analysis.incidents import Line
    from fictures_reports.history_analysis.standing_of_tests import HistoryTest
    from fictures_reports.report.history_findings import Findings

_WRONG: Final = ("failed", "flaky")


def json(findings: Findings) -> dict[str, Any]:
    """Return the tests that need attention, worst first, each with its results, oldest first."""
    needed = [test for test in findings.tests if test.needs_attention]
    results = _results(findings, {test.row.case_id for test in needed})
    return {"attention": [_test(test, results) for test in needed]}


def _test(test: HistoryTest, results: dict[tuple[str, Line], list[Any]]) -> dict[str, Any]:
    row = test.row
    return {
        "case_id": row.case_id, "project": row.project, "variant": test.variant, "file": row.file,
        "title": row.title, "branch": test.line.branch, "stream": test.line.stream,
        "standing": test.standing, "why": test.why or None,
        "results": results.get((row.case_id, test.line), []),
    }  # fmt: skip


def _results(findings: Findings, cases: set[str]) -> dict[tuple[str, Line], list[Any]]:
    """Return what some cases did on each line of runs: one dict per run, oldest first."""
    rows = findings.rows[findings.rows["case_id"].isin(cases)]
    rows = rows.assign(cause=_causes(findings).reindex(rows.index))
    by_line: dict[tuple[str, Line], list[Any]] = {}
    for row in rows_of(rows.sort_values(["run_at", "run_id"], kind="stable")):
        by_line.setdefault((row.case_id, line_of(row)), []).append({
            "run_id": row.run_id, "run": row.label, "status": row.status,
            "duration_s": plain(row.duration_s), "reason": reason(row) or None,
            "cause": known(row.cause),
        })  # fmt: skip
    return by_line


def _causes(findings: Findings) -> pd.Series[Any]:
    """Return the id of each failure's cluster, as the list of clusters has it."""
    rows = findings.rows
    wrong = rows[rows["status"].isin(_WRONG) & rows["signature"].notna()]
    if wrong.empty:
        return pd.Series(index=wrong.index, dtype="object")
    return wrong["signature"].map(clusters_of(wrong, wrong))


attention_run_by_run: Final = Section(
    "attention_run_by_run", as_found, LeftOut("the rows and panels of the tests show it"),
    LeftOut("the lists of broken and flaky tests say it in numbers"), json,
)  # fmt: skip
