"""The charts of a document, one a section at most: what a table of the section cannot show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.report.sections.phase_table import values as phases_of
from fictures_reports.report.sections.threshold_misses import values as thresholds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import altair as alt

    from fictures_reports.report.document.document_input import DocumentInput


def chart_of(d: DocumentInput, heading: str) -> alt.TopLevelMixin | None:
    """Return the chart of the section with this heading; None where it has none to show."""
    return CHARTS[heading](d) if heading in CHARTS else None


def _results(d: DocumentInput) -> alt.TopLevelMixin | None:
    """Draw the phases against the target where there are more than two: two are in the table."""
    from fictures_reports import charts

    found = phases_of(d.report)
    return charts.phases(found.rates, found.target) if found else None


def _changes(d: DocumentInput) -> alt.TopLevelMixin | None:
    """Draw from where to where tests moved, if any did."""
    from fictures_reports import charts

    moved = any(row.before_outcome != row.after_outcome for row in d.changes.values())
    return charts.transitions(d.comparison.transitions) if d.comparison and moved else None


def _performance(d: DocumentInput) -> alt.TopLevelMixin | None:
    from fictures_reports import charts

    misses = thresholds_of(d.report).misses
    return charts.thresholds(misses) if len(misses) else None


CHARTS: Final[dict[str, Callable[[DocumentInput], alt.TopLevelMixin | None]]] = {
    "Results": _results,
    "What changed": _changes,
    "Performance": _performance,
}
