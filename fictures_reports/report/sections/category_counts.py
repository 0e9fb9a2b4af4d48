"""Why tests failed or did not run: counts by category, and the causes that came and went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.counts_by_category import category_counts
from fictures_reports.report.json_rows import nested_counts, plain_rows
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.report_input import ReportInput


@dataclass(frozen=True, eq=False)
class Categories:
    """Results by category: index categories, most frequent first; a column for each run."""

    counts: pd.DataFrame
    #: of a comparison, from which category to which, and its causes; None for a run
    flow: pd.DataFrame | None
    causes: pd.DataFrame | None


def values(report: ReportInput) -> Categories:
    """Count the categories of all runs; of a comparison also form the causes."""
    flow = report.comparison.category_flow if report.is_comparison else None
    return Categories(
        category_counts(report.runs), flow, report.causes.flow if report.is_comparison else None
    )


def json(v: Categories) -> dict[str, Any]:
    """Return flow and causes of a comparison; the counts stand with each run's facts."""
    if v.flow is None or v.causes is None:
        return {}
    return {"category_flow": nested_counts(v.flow), "causes": plain_rows(v.causes)}


categories: Final = Section(
    "categories", values, LeftOut("the causes are cards, and a test's reason stands beside it"),
    LeftOut("the first screen has them in a sentence"), json,
)  # fmt: skip
