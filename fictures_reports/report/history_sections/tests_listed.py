"""All tests of a history: the page's list, and tables of those that are broken, flaky or gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import counted, duration, percent
from fictures_reports.frame_rows import rows_of
from fictures_reports.history_analysis.events import line_of
from fictures_reports.history_analysis.incidents import lines_of
from fictures_reports.history_analysis.line_words import in_order
from fictures_reports.report.fragment import fragment
from fictures_reports.report.history_findings import as_found
from fictures_reports.report.history_sections.attention_list import columns_of, drawing
from fictures_reports.report.history_sections.tests_in_rows import rows_of_tests
from fictures_reports.report.history_sections.tests_packed import packed_tests
from fictures_reports.report.json_rows import history_rows
from fictures_reports.report.markdown_layout import blocks, table
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    from collections.abc import Callable

    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings

#: Rows that are on the page without its script.
MOST: Final = 200
#: Statuses of a test that passes, and how many branches on which it does are named.
_GOOD: Final = ("passed", "flaky", "xpassed")
_NAMED: Final = 3


def _placed(findings: Findings, state: str) -> pd.DataFrame:
    """Return the tests in a state with where that is, "" where there is one line of runs.

    Of a broken test it is said, too, on which other branches it passes: " on x; passes on main".
    """
    rows = findings.in_state(state)
    where = [findings.words.where(line_of(row)) for row in rows_of(rows)]
    if state == "broken" and findings.words.several_branches:
        passing = _passing(findings, rows)
        where = [text + passing(row) for text, row in zip(where, rows_of(rows), strict=True)]
    return rows.assign(where=pd.Series(where, index=rows.index, dtype="str"))


def _passing(findings: Findings, broken: pd.DataFrame) -> Callable[[Any], str]:
    """Return what says on which other branches of its stream a broken test passed at last."""
    rows = findings.rows[findings.rows["case_id"].isin(broken["case_id"])]
    order = [line for line, _ in in_order(findings.totals)]
    ended = {line: _last_status(rows_of_line) for line, rows_of_line in lines_of(rows)}

    def place_words(row: Any) -> str:
        own_line = line_of(row)
        names = [
            line.branch or "no branch" for line in order
            if line != own_line and line.stream == own_line.stream
            and ended.get(line, {}).get(row.case_id) in _GOOD
        ]  # fmt: skip
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        return f"; passes on {', '.join(names[:_NAMED])}{more}" if names else ""

    return place_words


def _last_status(rows: pd.DataFrame) -> dict[str, str]:
    return dict(zip(rows["case_id"], rows["status"], strict=True))


def named(row: Any) -> str:
    """Name a test with its project, by which the rows of one test differ."""
    return f"{row.title} [{row.project}]" if known(row.project) else row.title


def _broken_markdown(findings: Findings) -> str:
    """List the broken tests with since when they are."""
    cells = [
        (named(r), r.file, f"{r.broken_since}{r.where}")
        for r in rows_of(_placed(findings, "broken"))
    ]
    return table("Broken", ("test", "file", "since"), cells)


def _flaky_markdown(findings: Findings) -> str:
    """List the flaky tests with their rates."""
    cells = [
        (named(r), r.file,
         f"{r.n_events} of {r.n_runs}{r.where} ({percent(r.n_events, r.n_runs)})",
         f"{percent(r.rate_low, 1)} – {percent(r.rate_high, 1)}", duration(r.wasted_s))
        for r in rows_of(_placed(findings, "flaky"))
    ]  # fmt: skip
    return table("Flaky", ("test", "file", "failed at first", "95 % interval", "wasted"), cells)


def _gone_markdown(findings: Findings) -> str:
    """List the tests that the latest run of their line lacks, with when they were last seen."""
    rows = rows_of(_placed(findings, "gone"))
    cells = [(named(r), r.file, f"{r.last_seen}{r.where}", r.last_status) for r in rows]
    return table("Gone", ("test", "file", "last seen in", "then"), cells)


def html(findings: Findings) -> Fragment:
    """List the tests; the page's script searches through all of them and opens one.

    Without it the first `MOST` are there.
    """
    rows = rows_of_tests(findings, MOST, quiet=True)
    n = len(findings.tests)
    return fragment(
        "history_tests.html.j2", counted(n, "test"), rows=rows, n_more=n - len(rows),
        data=packed_tests(findings) if n else "", c=columns_of(findings), **drawing(),
    )  # fmt: skip


def markdown(findings: Findings) -> str:
    """List the broken, flaky and gone tests, and the others that did not pass in the end."""
    return blocks(_broken_markdown(findings), _flaky_markdown(findings), _gone_markdown(findings))


def json(findings: Findings) -> dict[str, Any]:
    """Return every case with its state and its rate."""
    return {"flakiness": history_rows(findings.flakiness)}


tests: Final = Section("tests", as_found, html, markdown, json)
