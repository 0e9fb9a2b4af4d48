"""What is known about each run: producer, version, workers, environment, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.own_categories import stored
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import iso
from fictures_reports.report.report_input import as_given
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    from fictures_reports.report.report_input import ReportInput
    from fictures_reports.run import Run


def html(report: ReportInput) -> Fragment:
    """Show a table of facts with a column for each run."""
    return fragment("facts.html.j2", ", ".join(report.runs), runs=report.runs)


def json(report: ReportInput) -> dict[str, Any]:
    """Return each run's facts and counts."""
    return {side: _facts(run) for side, run in report.sides.items()}


def _facts(run: Run) -> dict[str, Any]:
    info = run.info
    return {
        "run_id": info.run_id,
        "label": info.label,
        "started_at": iso(info.started_at),
        "duration_s": info.duration_s,
        "producer": info.producer,
        "producer_version": info.producer_version,
        "n_workers": info.n_workers,
        "environment": info.environment,
        "errors": info.errors,
        "complete": run.is_whole,
        "totals": run.totals,
        "categories": run.categories,
        "own_categories": stored(info.own_categories),
    }


facts: Final = Section(
    "facts", as_given, html, LeftOut("the first screen has start, wall time and counts"), json
)
