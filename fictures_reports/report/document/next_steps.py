"""Recommendations in order, and what following them would give, step by step."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.changes import NEW_FAILURES
from fictures_reports.analysis.projection import ASSUMED
from fictures_reports.analysis.reasons.human_names import category_name
from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import percent
from fictures_reports.report.document.author_places import place
from fictures_reports.report.document.document_layout import aligned, numbered, section
from fictures_reports.report.document.phase_readiness import ordered_steps
from fictures_reports.report.document.steps_so_far import steps_so_far
from fictures_reports.report.document.test_names import titles
from fictures_reports.report.markdown_text import text

if TYPE_CHECKING:
    from fictures_reports.report.document.document_input import DocumentInput

_MOST: Final = 15
_RULE_OF_SKIPS: Final = "make what its tests look for be there, then run them"
#: What the table rests on. Of skipped tests it says "up to": it takes no rate for granted.
_ASSUMED: Final = (ASSUMED["fixed_means_passing"], ASSUMED["one_cause_per_test"])


def recommendations(d: DocumentInput) -> str:
    """Say what to do first, by priority, and where to begin in it."""
    first: dict[str, str] = {}
    lines = []
    for priority, step in ordered_steps(d)[:_MOST]:
        advice = _advice(d, step)
        same = first.setdefault(advice, step.name)
        words = advice if same == step.name else f"as for “{text(same)}”"
        lines.append(f"**{text(step.name)}** ({priority})" + (f": {words}." if advice else "."))
    return section("Recommendations", numbered(lines), place(d, "Recommendations", always=True))


def _advice(d: DocumentInput, step: Any) -> str:
    """Say where to begin; what to look at is said of a cause that has a section of its own."""
    if step.kind == "skip":
        return _RULE_OF_SKIPS
    # a failure without a message is a step by itself
    rows = [r for r in d.rows if step.group == r.case_id or step.name == d.cause_of.get(r.case_id)]
    new = [row for row in rows if _change(d, row) in NEW_FAILURES]
    if new:
        broken = all(_change(d, row) == "broken" for row in new)
        ended = "passed before" if broken else "did not fail before"
        return f"begin with {titles(d, new, bold=True)}, which {ended}"
    kinds = Counter(category_name(known(row.category)) for row in rows)
    if len(kinds) > 1:
        kind, n = kinds.most_common(1)[0]
        return f"begin with “{text(kind)}” ({n:,} of {len(rows):,})"
    return "" if step.name in d.named_causes else text(step.advice.rstrip("."))


def _change(d: DocumentInput, row: Any) -> str:
    change = d.changes.get(row.case_id)
    return str(change.change) if change else ""


def projection(d: DocumentInput) -> str:
    """Show how many tests would pass after each step and those before it."""
    n = d.after.totals["cases"]
    rows = [("now", f"{d.passing:,}", percent(d.passing, n), "")]
    rows += [
        (step.name, _range(least, most), percent(most, n), step.if_fixed)
        for step, least, most in steps_so_far(d)[:_MOST]
    ]
    if len(rows) == 1:
        return ""
    if d.missing:
        rows.append(("target", f"{d.needed:,}", percent(d.needed, n), ""))
    table = aligned(["fixed, with all above it", "passing", "share, at most", "adds"], rows)
    return section("Projection", table, " ".join(_ASSUMED))


def _range(least: int, most: int) -> str:
    return f"{most:,}" if least == most else f"{least:,} to {most:,}"
