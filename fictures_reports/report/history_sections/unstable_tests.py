"""The tests that are broken or flaky over many runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import known, rows_of
from fictures_reports.analysis.wording import duration, percent
from fictures_reports.history_analysis.case_timelines import strips
from fictures_reports.history_analysis.incidents import lines_of
from fictures_reports.report.history_findings import as_found
from fictures_reports.report.history_sections.history_tables import MOST, frame_table
from fictures_reports.report.json_rows import history_rows
from fictures_reports.report.markdown_layout import table
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.history_analysis.case_timelines import Strip
    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings


def unstable(found: Findings) -> pd.DataFrame:
    """Return the broken and flaky tests that a heat map shows."""
    return found.flakiness[found.flakiness["state"].isin(["broken", "flaky"])].head(MOST)


def _last_runs(found: Findings, cases: pd.DataFrame) -> dict[str, Strip]:
    """Show each case in the last runs of the branch that its state is told of."""
    shown = cases.head(MOST)
    lines = dict(lines_of(found.rows))
    return {
        case: strip
        for branch, part in shown.groupby("branch", dropna=False, sort=False)
        for case, strip in strips(lines[known(branch)], part["case_id"]).items()
    }


def broken_html(found: Findings) -> Fragment:
    """List the broken tests with since when they are, the longest first."""
    rows = found.in_state("broken").sort_values("n_broken", ascending=False, kind="stable")
    return frame_table("broken", rows, "broken test", strips=_last_runs(found, rows))


def broken_markdown(found: Findings) -> str:
    """List the broken tests with since when they are."""
    cells = [
        (r.title, r.file, f"{r.broken_since} on {r.branch}" if known(r.branch) else r.broken_since)
        for r in rows_of(found.in_state("broken"))
    ]
    return table("Broken", ("test", "file", "since"), cells)


def flaky_html(found: Findings) -> Fragment:
    """List the flaky tests with their rates, the worst first."""
    rows = found.in_state("flaky")
    return frame_table("flaky", rows, "flaky test", strips=_last_runs(found, rows))


def flaky_markdown(found: Findings) -> str:
    """List the flaky tests with their rates."""
    cells = [
        (r.title, r.file, f"{percent(r.n_events, r.n_runs)} of {r.n_runs}",
         f"{percent(r.rate_low, 1)} – {percent(r.rate_high, 1)}", duration(r.wasted_s))
        for r in rows_of(found.in_state("flaky"))
    ]  # fmt: skip
    return table("Flaky", ("test", "file", "rate, of runs", "95 % interval", "wasted"), cells)


def flaky_json(found: Findings) -> dict[str, Any]:
    """Return every case with its state and its rate."""
    return {"flakiness": history_rows(found.flakiness)}


broken: Final = Section(
    "broken", as_found, broken_html, broken_markdown,
    json=LeftOut("the section on flaky tests gives every case with its state"),
)  # fmt: skip
flaky: Final = Section("flaky", as_found, flaky_html, flaky_markdown, flaky_json)
