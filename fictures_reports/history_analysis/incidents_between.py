"""Incidents that begin on the side after of a comparison, compared with the side before alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.history_analysis.incidents import Incident, incidents

if TYPE_CHECKING:
    from fictures_reports.analysis.compare import Comparison

_NEEDED: Final = ["case_id", "status", "category", "signature"]


def incidents_after(c: Comparison) -> list[Incident]:
    """Find what began to fail together after; the runs are one line, in the order of the sides."""
    import pandas as pd

    runs = [*c.before_runs, *c.after_runs]
    start = pd.Timestamp("2000-01-01", tz="UTC")
    parts = [
        run.results[_NEEDED].assign(
            run_id=f"{i:04}", label=run.label, commit=run.info.commit,
            run_at=start + pd.Timedelta(days=i),
        )
        for i, run in enumerate(runs)
    ]  # fmt: skip
    first_after = f"{len(c.before_runs):04}"
    return [
        incident
        for incident in incidents(pd.concat(parts, ignore_index=True))
        if incident.runs[0] >= first_after
    ]
