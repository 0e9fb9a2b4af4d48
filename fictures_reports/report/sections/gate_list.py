"""The gates: which hold, and how much the others miss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.markdown_layout import listing
from fictures_reports.report.markdown_text import text
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.analysis.gates import Gate
    from fictures_reports.report.report_input import ReportInput


def values(report: ReportInput) -> Sequence[Gate]:
    """Return the checked gates, in the order that they were given."""
    return report.gates


def html(checked: Sequence[Gate]) -> Fragment:
    """List the gates as the first screen does, which holds the same list."""
    return fragment("gates.html.j2", ", ".join(g.sentence for g in checked), gates=list(checked))


def markdown(checked: Sequence[Gate]) -> str:
    """List the gates with a mark for each."""
    return listing("Gates", [f"- {'✅' if g.holds else '❌'} {text(g.sentence)}" for g in checked])


def json(checked: Sequence[Gate]) -> dict[str, Any]:
    """Return each gate with its reading."""
    return {"gates": [gate.as_dict() for gate in checked]}


gates: Final = Section("gates", values, html, markdown, json)
