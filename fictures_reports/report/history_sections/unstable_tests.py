"""The tests that are broken or flaky over many runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.wording import duration, percent
from fictures_reports.history_analysis.case_timelines import strips
from fictures_reports.history_analysis.events import line_of
from fictures_reports.history_analysis.incidents import Line, lines_of
from fictures_reports.history_analysis.line_words import in_order
from fictures_reports.report.history_findings import as_found
from fictures_reports.report.history_sections.history_tables import MOST, frame_table
from fictures_reports.report.json_rows import history_rows
from fictures_reports.report.markdown_layout import table
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    from collections.abc import Callable

    from fictures_reports.history_analysis.case_timelines import Strip
    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings


#: Statuses of a test that passes, and how many branches on which it does are named.
_GOOD: Final = ("passed", "flaky", "xpassed")
_NAMED: Final = 3


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
    """Return the tests in a state with where that is, "" where there is one line of runs.

    Of a broken test it is said, too, on which other branches it passes: " on x; passes on main".
    """
    rows = found.in_state(state)
    where = [found.words.where(line_of(row)) for row in rows_of(rows)]
    if state == "broken" and found.words.several_branches:
        passing = _passing(found, rows)
        where = [text + passing(row) for text, row in zip(where, rows_of(rows), strict=True)]
    return rows.assign(where=pd.Series(where, index=rows.index, dtype="str"))


def _passing(found: Findings, broken: pd.DataFrame) -> Callable[[Any], str]:
    """Return what says on which other branches of its stream a broken test passed at last."""
    rows = found.rows[found.rows["case_id"].isin(broken["case_id"])]
    order = [line for line, _ in in_order(found.totals)]
    ended = {line: _last_status(own) for line, own in lines_of(rows)}

    def said(row: Any) -> str:
        own = line_of(row)
        names = [
            line.branch or "no branch" for line in order
            if line != own and line.stream == own.stream
            and ended.get(line, {}).get(row.case_id) in _GOOD
        ]  # fmt: skip
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        return f"; passes on {', '.join(names[:_NAMED])}{more}" if names else ""

    return said


def _last_status(rows: pd.DataFrame) -> dict[str, str]:
    return dict(zip(rows["case_id"], rows["status"], strict=True))


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
        (r.title, r.file,
         f"{r.n_events} of {r.n_runs}{r.where} ({percent(r.n_events, r.n_runs)})",
         f"{percent(r.rate_low, 1)} – {percent(r.rate_high, 1)}", duration(r.wasted_s))
        for r in rows_of(_placed(found, "flaky"))
    ]  # fmt: skip
    return table("Flaky", ("test", "file", "failed at first", "95 % interval", "wasted"), cells)


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
