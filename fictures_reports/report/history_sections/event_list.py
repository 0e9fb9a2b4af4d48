"""What happened and since when: incidents and single changes in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.wording import counted
from fictures_reports.report.history_findings import as_found
from fictures_reports.report.history_sections.history_tables import MOST, row_table
from fictures_reports.report.json_rows import history_rows
from fictures_reports.report.markdown_layout import MOST_ROWS, listing, shortened
from fictures_reports.report.markdown_text import text
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    from fictures_reports.history_analysis.incidents import Incident
    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings


def html(found: Findings) -> Fragment:
    """List what happened, the latest first."""
    n = len(found.events)
    return row_table("events", list(found.events[:MOST]), n, counted(n, "event"))


def markdown(found: Findings) -> str:
    """List what the verdict has not named already, the latest first."""
    more = [event for event in found.events if event not in found.headlines]
    lines = [f"- {text(event.text)}" for event in more[:MOST_ROWS]]
    title = "What else happened" if found.headlines else "What happened"
    return listing(title, shortened(lines, len(more)))


def json(found: Findings) -> dict[str, Any]:
    """Return every incident, and every change that is not part of one."""
    return {
        "incidents": [_incident(one) for one in found.incidents],
        "changes": history_rows(found.changes),
    }


def _incident(one: Incident) -> dict[str, Any]:
    before, first = one.commits
    return {
        "id": one.id, "cause": one.cause, "name": one.name, "branch": one.branch,
        "stream": one.stream, "cases": list(one.cases),
        "since": {"run": one.since, "commit": first},
        "commit_before": before, "until": one.until, "n_occurrences": one.n_occurrences,
        "outage": one.is_outage, "recurring": one.is_recurring,
    }  # fmt: skip


events: Final = Section("events", as_found, html, markdown, json)
