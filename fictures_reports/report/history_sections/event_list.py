"""What happened and since when: incidents and single changes in sentences, under their days."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.wording import counted
from fictures_reports.report.evidence import anchor
from fictures_reports.report.fragment import fragment
from fictures_reports.report.history_sections.run_dates import dates_of
from fictures_reports.report.json_rows import history_rows
from fictures_reports.report.markdown_layout import MOST_ROWS, listing, shortened
from fictures_reports.report.markdown_text import text
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.history_analysis.events import Event
    from fictures_reports.history_analysis.incidents import Incident
    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings

#: The page lists so many events; the JSON has all.
MOST: Final = 100


@dataclass(frozen=True)
class ShownEvent:
    """One event of a day: at what time, of what kind, about which test ("" where of none)."""

    clock: str
    kind: str
    address: str
    #: the test that the sentence begins with, and the rest of it
    title: str
    text: str


@dataclass(frozen=True)
class EventDay:
    """A day with its events, the latest first; the day is "" where runs do not tell it."""

    day: str
    events: Sequence[ShownEvent]


def days_of(events: Sequence[Event], findings: Findings) -> list[EventDay]:
    """Put events, the latest first, under their days."""
    dates = dates_of(findings.totals)
    listed = {test.row.case_id for test in findings.tests}
    days = groupby(events, lambda event: dates.day(event.run_at))
    return [EventDay(day, [_shown(event, listed) for event in group]) for day, group in days]


def _shown(event: Event, listed: set[str]) -> ShownEvent:
    is_known = event.case_id in listed and event.text.startswith(event.title)
    title = event.title if is_known else ""
    clock = f"{event.run_at:%H:%M}" if event.run_at.year > 1970 else ""
    address = anchor(event.case_id) if is_known else ""
    return ShownEvent(clock, event.kind, address, title, event.text[len(title) :])


@dataclass(frozen=True, eq=False)
class Happened:
    """All events with those that the page lists."""

    found: Findings
    days: Sequence[EventDay]


def values(findings: Findings) -> Happened:
    """Put the latest events under their days."""
    return Happened(findings, days_of(findings.events[:MOST], findings))


def html(v: Happened) -> Fragment:
    """List what happened, the latest first."""
    n = len(v.found.events)
    return fragment(
        "history_events.html.j2",
        counted(n, "event"),
        days=v.days,
        n=n,
        most=MOST,
        has_durations=any(event.kind in ("slower", "faster") for event in v.found.events),
    )


def markdown(v: Happened) -> str:
    """List what the verdict has not named already, the latest first."""
    more = [event for event in v.found.events if event not in v.found.headlines]
    lines = [f"- {text(event.text)}" for event in more[:MOST_ROWS]]
    title = "What else happened" if v.found.headlines else "What happened"
    return listing(title, shortened(lines, len(more)))


def json(v: Happened) -> dict[str, Any]:
    """Return every event in words, every incident, and every change that is not part of one."""
    return {
        "events": [_event(event) for event in v.found.events],
        "incidents": [_incident(incident) for incident in v.found.incidents],
        "changes": history_rows(v.found.changes),
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "text": event.text, "kind": event.kind, "run_at": f"{event.run_at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "incident": event.incident.id if event.incident else None, "case_id": event.case_id or None,
    }  # fmt: skip


def _incident(incident: Incident) -> dict[str, Any]:
    before, first = incident.commits
    return {
        "id": incident.id, "cause": incident.cause, "name": incident.name,
        "branch": incident.branch, "stream": incident.stream, "cases": list(incident.cases),
        "since": {"run": incident.since, "commit": first},
        "commit_before": before, "until": incident.until, "n_occurrences": incident.n_occurrences,
        "outage": incident.is_outage, "recurring": incident.is_recurring,
    }  # fmt: skip


events: Final = Section("events", values, html, markdown, json)
