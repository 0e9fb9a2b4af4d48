"""The matrix of outcomes before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import nested_counts
from fictures_reports.report.section import LeftOut, Section
from fictures_reports.schema import OUTCOME_OF, OUTCOMES

if TYPE_CHECKING:
    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.report.report_input import ReportInput


def values(report: ReportInput) -> Comparison:
    """Return the comparison, which has counted its transitions."""
    return report.comparison


def html(c: Comparison) -> Fragment:
    """Show the matrix with margins that equal both runs' counts."""
    used = [o for o in OUTCOMES if c.transitions.loc[o].sum() + c.transitions[o].sum()]
    matrix = c.transitions.loc[used, used]
    # The list of cases knows statuses: where one outcome stands for several it cannot show a cell.
    several = [status for status, outcome in OUTCOME_OF.items() if status != outcome]
    exact = not any(run.totals[status] for run in (c.before, c.after) for status in several)
    text = f"{len(c.changes)} cases"
    return fragment("transitions.html.j2", text, matrix=matrix, used=used, exact=exact)


def json(c: Comparison) -> dict[str, Any]:
    """Return the counts that are not zero: before → after → cases."""
    return {"transitions": nested_counts(c.transitions)}


transitions: Final = Section(
    "transitions", values, html, LeftOut("the changes by name count the same"), json
)
