"""Failures that say the same, with when they were first and last seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.report.json_rows import history_rows
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.history_findings import Findings


def values(found: Findings) -> pd.DataFrame:
    """Return the clusters as `sightings` does."""
    return found.clusters


def json(rows: pd.DataFrame) -> dict[str, Any]:
    """Return every cluster."""
    return {"clusters": history_rows(rows)}


clusters: Final = Section(
    "clusters", values, LeftOut("a chart draws them, the events say what began when"),
    LeftOut("the events say what began when"), json,
)  # fmt: skip
