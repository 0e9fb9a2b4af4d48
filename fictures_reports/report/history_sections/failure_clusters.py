"""Failures that say the same, with when they were first and last seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.report.history_sections.history_tables import frame_table
from fictures_reports.report.json_rows import history_rows
from fictures_reports.report.markdown_layout import table
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings

_HEADS: Final = ("failures that say the same", "category", "failures", "tests", "first", "last")


def values(found: Findings) -> pd.DataFrame:
    """Return the clusters as `sightings` does."""
    return found.clusters


def html(rows: pd.DataFrame) -> Fragment:
    """List the clusters, the most frequent first."""
    return frame_table("clusters", rows, "cluster")


def markdown(rows: pd.DataFrame) -> str:
    """List the clusters, the most frequent first."""
    cells = [
        (r.name, r.category, str(r.n_results), str(r.n_cases), r.first_label, r.last_label)
        for r in rows_of(rows)
    ]
    return table("Failures over time", _HEADS, cells)


def json(rows: pd.DataFrame) -> dict[str, Any]:
    """Return every cluster."""
    return {"clusters": history_rows(rows)}


clusters: Final = Section("clusters", values, html, markdown, json)
