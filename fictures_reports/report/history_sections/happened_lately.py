"""Beside the rows of the first screen: incidents, branches and such, events, the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.wording import counted
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.history_sections.event_list import days_of
from fictures_reports.report.history_sections.history_screen import HistoryScreen
from fictures_reports.report.history_sections.run_dates import dates_of
from fictures_reports.report.history_sections.where_tests_stand import where_tests_stand
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.history_analysis.events import Event
    from fictures_reports.report.history_findings import Findings
    from fictures_reports.report.history_sections.event_list import EventDay
    from fictures_reports.report.history_sections.where_tests_stand import Places

#: Of each kind so many are on the first screen.
MOST_INCIDENTS: Final = 3
MOST_EVENTS: Final = 8


@dataclass(frozen=True, eq=False)
class Lately:
    """The incidents that matter most, the latest single changes, and the line on the data."""

    incidents: Sequence[Event]
    days: Sequence[EventDay]
    n_events: int
    places: Sequence[Places]
    data: str
    is_whole: bool


def values(findings: Findings) -> Lately | None:
    """Choose what the first screen shows; nothing where there are no runs."""
    if not len(findings.totals):
        return None
    single = [event for event in findings.events if event.incident is None]
    shown = HistoryScreen("", findings)
    doubts = [
        *([f"{counted(len(shown.cut), 'run')} incomplete"] if shown.cut else []),
        *([f"no test ran in {counted(len(shown.empty), 'run')}"] if shown.empty else []),
        *([f"{counted(len(findings.unreadable), 'run')} not read"] if findings.unreadable else []),
    ]
    return Lately(
        findings.headlines[:MOST_INCIDENTS], days_of(single[:MOST_EVENTS], findings),
        len(findings.events), where_tests_stand(findings),
        f"{_runs(findings)}{''.join(f'; {doubt}' for doubt in doubts) or ', all complete'}.",
        not doubts,
    )  # fmt: skip


def _runs(findings: Findings) -> str:
    totals, dates = findings.totals, dates_of(findings.totals)
    branches = totals["branch"].nunique(dropna=False)
    of = f" of {counted(branches, 'branch', 'branches')}" if branches > 1 else ""
    first, last = (dates.day(totals["run_at"].iloc[i]) for i in (0, -1))
    days = f", {first} to {last}" if first and first != last else f", {last}" if last else ""
    return f"{counted(len(totals), 'run')}{of}{days}"


def html(v: Lately) -> Fragment:
    """Show incidents, then the latest events under their days, then the line on the data."""
    return fragment("history_lately.html.j2", v.data, v=v)


lately: Final = Section(
    "lately", values, html, LeftOut("the verdict and the list of events say it"),
    LeftOut("incidents and changes are there in full"),
)  # fmt: skip
