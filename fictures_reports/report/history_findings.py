"""What a report on many runs is made from: the rows of a history, and what they show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fictures_reports.history.tables import INCOMPLETE
from fictures_reports.history_analysis import aggregates
from fictures_reports.history_analysis.ageing import ageing
from fictures_reports.history_analysis.changepoints import since_when
from fictures_reports.history_analysis.degraded import degraded, without
from fictures_reports.history_analysis.flakiness import STATES, flakiness

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd


@dataclass(frozen=True, eq=False)
class Findings:
    """The rows of many runs, and frames as the functions named alike return them."""

    rows: pd.DataFrame
    totals: pd.DataFrame
    degraded: pd.DataFrame
    flakiness: pd.DataFrame
    changes: pd.DataFrame
    clusters: pd.DataFrame
    ageing: pd.DataFrame
    durations: pd.DataFrame
    #: share of tests (0–1) that ought to pass
    target: float | None = None
    #: ids of the runs of which something is known to be missing
    incomplete: Collection[str] = ()

    @property
    def states(self) -> dict[str, int]:
        """How many cases are in each state, zeros included."""
        counts = self.flakiness["state"].value_counts()
        return {state: int(counts.get(state, 0)) for state in STATES}

    def in_state(self, state: str) -> pd.DataFrame:
        """Return the rows of `flakiness` in one state."""
        return self.flakiness[self.flakiness["state"] == state]


def findings_of(rows: pd.DataFrame, target: float | None = None) -> Findings:
    """Ask the rows of a history everything; `rows` as `open_history` returns them."""
    outages = degraded(rows)
    usual = without(rows, outages)
    return Findings(
        rows, aggregates.totals(rows), outages, flakiness(rows), since_when(usual),
        aggregates.sightings(rows), ageing(usual), aggregates.durations(rows), target,
        rows.attrs.get(INCOMPLETE, ()),
    )  # fmt: skip


def as_found(found: Findings) -> Findings:
    """Return the findings themselves: the values of a section that works nothing out."""
    return found
