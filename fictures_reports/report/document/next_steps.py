"""Recommendations in order, and what following them would give, step by step."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.changes import NEW_FAILURES
from fictures_reports.analysis.counts import passed_of
from fictures_reports.analysis.projection import ASSUMPTIONS
from fictures_reports.analysis.wording import percent
from fictures_reports.report.document.author_places import place
from fictures_reports.report.document.document_layout import aligned, numbered, section
from fictures_reports.report.document.phase_readiness import ordered_steps
from fictures_reports.report.markdown_text import text

if TYPE_CHECKING:
    from fictures_reports.report.document.document_input import DocumentInput

_MOST: Final = 15
_RULE_OF_SKIPS: Final = "Make what its tests look for be there, then run them"


def recommendations(d: DocumentInput) -> str:
    """Say what to do first, by priority, and where to look."""
    first: dict[str, str] = {}
    new = Counter(
        d.cause_of.get(row.case_id) for row in d.changes.values() if row.change in NEW_FAILURES
    )
    lines = []
    for priority, step in ordered_steps(d)[:_MOST]:
        advice = _advice(step)
        same = first.setdefault(advice, step.name)
        said = advice if same == step.name else f"as for “{same}”."
        fresh = f", {new[step.name]:,} newly failing" if new[step.name] else ""
        lines.append(f"**{text(step.name)}** ({priority}{fresh}): {text(said)}")
    return section("Recommendations", numbered(lines), place(d, "Recommendations", always=True))


def _advice(step: Any) -> str:
    if step.kind == "skip":
        return f"{_RULE_OF_SKIPS}."
    return step.advice or "Look at the messages of its tests."


def projection(d: DocumentInput) -> str:
    """Show how many tests would pass after each step and those before it."""
    run = d.after
    passed, n = passed_of(run.totals)
    rows = [("now", f"{passed:,}", percent(passed, n), "")]
    least = most = passed
    for _, step in ordered_steps(d)[:_MOST]:
        most += step.cases
        least += step.cases if step.kind == "failure" and step.if_fixed[0].isdigit() else 0
        rows.append((step.name, _range(least, most), percent(most, n), step.if_fixed))
    if len(rows) == 1:
        return ""
    needed = passed + d.missing
    if d.missing:
        rows.append(("target", f"{needed:,}", percent(needed, n), ""))
    table = aligned(["fixed, with all above it", "passing", "share, at most", "adds"], rows)
    return section("Projection", table, " ".join(ASSUMPTIONS))


def _range(least: int, most: int) -> str:
    return f"{most:,}" if least == most else f"{least:,} to {most:,}"
