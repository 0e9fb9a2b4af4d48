"""The tests that are broken or flaky over many runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.wording import duration, percent
from fictures_reports.history_analysis.case_timelines import strips
from fictures_reports.history_analysis.events import line_of
from fictures_reports.history_analysis.incidents import Line, lines_of
from fictures_reports.report.history_findings import as_found
from fictures_reports.report.history_sections.history_tables import MOST, frame_table
from fictures_reports.report.json_rows import history_rows
from fictures_reports.report.markdown_layout import table
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    from fictures_reports.history_analysis.case_timelines import Strip
    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings


def unstable(found: Findings) -> pd.DataFrame:
    """Return the broken and flaky tests that a heat map shows."""
    return found.flakiness[found.flakiness["state"].isin(["broken", "flaky"])].head(MOST)


def _last_runs(found: Findings, cases: pd.DataFrame) -> dict[tuple[str, str | None], Strip]:
    """Show each case, by id and stream, in the last runs of the line that its state is told of."""
    lines = dict(lines_of(found.rows))
    by_line: dict[Line, list[str]] = {}
    for row in rows_of(cases.head(MOST)):
        by_line.setdefault(line_of(row), []).append(row.case_id)
    return {
        (case, line.stream): strip
        for line, own in by_line.items()
        for case, strip in strips(lines[line], own).items()
    }


def _placed(found: Findings, state: str) -> pd.DataFrame:
    """Return the tests in a state with where that is: " on main"; "" where there is one line."""
    rows = found.in_state(state)
    where = [found.words.where(line_of(row)) for row in rows_of(rows)]
    return rows.assign(where=pd.Series(where, index=rows.index, dtype="str"))


def broken_html(found: Findings) -> Fragment:
    """List the broken tests with since when they are, the longest first."""
    rows = _placed(found, "broken").sort_values("n_broken", ascending=False, kind="stable")
    return frame_table("broken", rows, "broken test", strips=_last_runs(found, rows))


def broken_markdown(found: Findings) -> str:
    """List the broken tests with since when they are."""
    cells = [
        (r.title, r.file, f"{r.broken_since}{r.where}") for r in rows_of(_placed(found, "broken"))
    ]
    return table("Broken", ("test", "file", "since"), cells)


def flaky_html(found: Findings) -> Fragment:
    """List the flaky tests with their rates, the worst first."""
    rows = _placed(found, "flaky")
    return frame_table("flaky", rows, "flaky test", strips=_last_runs(found, rows))


def flaky_markdown(found: Findings) -> str:
    """List the flaky tests with their rates."""
    cells = [
        (r.title, r.file, f"{percent(r.n_events, r.n_runs)} of {r.n_runs}{r.where}",
         f"{percent(r.rate_low, 1)} – {percent(r.rate_high, 1)}", duration(r.wasted_s))
        for r in rows_of(_placed(found, "flaky"))
    ]  # fmt: skip
    return table("Flaky", ("test", "file", "rate, of runs", "95 % interval", "wasted"), cells)


def flaky_json(found: Findings) -> dict[str, Any]:
    """Return every case with its state and its rate."""
    return {"flakiness": history_rows(found.flakiness)}


def gone_html(found: Findings) -> Fragment | None:
    """List the tests that the latest run of their line lacks; nothing where there are none."""
    rows = _placed(found, "gone")
    return frame_table("gone", rows, "test") if len(rows) else None


def gone_markdown(found: Findings) -> str:
    """List the tests that the latest run of their line lacks, with when they were last seen."""
    rows = rows_of(_placed(found, "gone"))
    cells = [(r.title, r.file, f"{r.last_seen}{r.where}", r.last_status) for r in rows]
    return table("Gone", ("test", "file", "last seen in", "then"), cells)


broken: Final = Section(
    "broken", as_found, broken_html, broken_markdown,
    json=LeftOut("the section on flaky tests gives every case with its state"),
)  # fmt: skip
flaky: Final = Section("flaky", as_found, flaky_html, flaky_markdown, flaky_json)
gone: Final = Section(
    "gone", as_found, gone_html, gone_markdown,
    json=LeftOut("the section on flaky tests gives every case with its state and last run"),
)  # fmt: skip
