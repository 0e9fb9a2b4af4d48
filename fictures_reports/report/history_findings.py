"""What a report on many runs is made from: the rows of a history, and what they show."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.failures.cause_groups import with_group_signatures
from fictures_reports.failures.names_over_runs import names_over_runs
from fictures_reports.frame_rows import rows_of
from fictures_reports.history.streams import with_streams
from fictures_reports.history.tables import INCOMPLETE, NO_TEST_RAN, OWN_CATEGORIES, UNREADABLE
from fictures_reports.history_analysis import aggregates
from fictures_reports.history_analysis.ageing import ageing
from fictures_reports.history_analysis.events import events, line_of
from fictures_reports.history_analysis.flakiness import STATES, flakiness
from fictures_reports.history_analysis.incidents import incidents
from fictures_reports.history_analysis.line_words import words_for
from fictures_reports.history_analysis.run_grid import grid_of
from fictures_reports.history_analysis.since_when import since_when
from fictures_reports.history_analysis.standing_of_tests import standings
from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from fictures_reports.history_analysis.events import Event
    from fictures_reports.history_analysis.incidents import Incident
    from fictures_reports.history_analysis.line_words import LineWords
    from fictures_reports.history_analysis.run_grid import RunGrid
    from fictures_reports.history_analysis.standing_of_tests import HistoryTest
    from fictures_reports.own_categories import OwnCategory

#: The columns of a history that a report is made from: long texts and lists that no section shows
#: would take most of the memory.
COLUMNS: Final = (
    "run_id", "run_at", "label", "commit", "branch", "stream", "case_id", "project", "variant",
    "file", "title", "status", "n_attempts", "attempts", "attempts_differ", "duration_s",
    "category", "signature", "message", "evidence", "locator", "timeout_s", "measured",
    "comparator", "limit", "unit", "ratio", "fixture", "phase", "skip_reason",
)  # fmt: skip
#: A verdict with more incidents is no sentence any more; the list of events has all.
MOST_IN_VERDICT: Final = 3


@dataclass(frozen=True, eq=False)
class Findings:
    """The rows of many runs, and what the functions named alike return of them."""

    rows: pd.DataFrame
    totals: pd.DataFrame
    incidents: list[Incident]
    flakiness: pd.DataFrame
    changes: pd.DataFrame
    clusters: pd.DataFrame
    ageing: pd.DataFrame
    durations: pd.DataFrame
    #: share of tests (0–1) that ought to pass
    target: float | None = None
    #: ids of the runs of which something is known to be missing
    incomplete: Collection[str] = ()
    #: ids of runs in which no test ran, each with why; "" where that is not known
    no_test_ran: Mapping[str, str] = field(default_factory=dict)
    #: what could not be read, a line each
    unreadable: Sequence[str] = ()
    #: file → who answers for it
    owners: Mapping[str, str] = field(default_factory=dict)
    #: name of a phase → label of its first run
    phases: Mapping[str, str] = field(default_factory=dict)
    #: categories that the rules of the runs added
    own_categories: Sequence[OwnCategory] = ()

    @property
    def states(self) -> dict[str, int]:
        """How many cases are in each state, zeros included."""
        counts = self.flakiness["state"].value_counts()
        return {state: int(counts.get(state, 0)) for state in STATES}

    @property
    def outages(self) -> dict[str, str]:
        """The ids of runs that lie in an outage, each with the outage's id."""
        return {
            run: incident.id
            for incident in self.incidents
            if incident.is_outage
            for run in incident.runs
        }

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Incidents and single changes in sentences, the latest first."""
        broken = {(row.case_id, line_of(row)) for row in rows_of(self.in_state("broken"))}
        return events(self.incidents, self.changes, self.totals, broken)

    @cached_property
    def words(self) -> LineWords:
        """How the lines of runs are named, as far as there are several."""
        return words_for(self.totals)

    @cached_property
    def grid(self) -> RunGrid:
        """What each case did in the last runs."""
        return grid_of(self.rows, self.totals)

    @cached_property
    def tests(self) -> list[HistoryTest]:
        """How each test stands, worst first."""
        return standings(self.rows, self.flakiness, self.changes, self.ageing, self.outages)

    @property
    def headlines(self) -> tuple[Event, ...]:
        """The events that the verdict names: incidents, those that go on before the others."""
        incident_events = [event for event in self.events if event.incident]
        return tuple(sorted(incident_events, key=_importance)[:MOST_IN_VERDICT])

    def in_state(self, state: str) -> pd.DataFrame:
        """Return the rows of `flakiness` in one state."""
        return self.flakiness[self.flakiness["state"] == state]


def _importance(event: Event) -> tuple[bool, bool, bool]:
    incident = event.incident
    return (incident is None or incident.is_over, incident is None or not incident.is_recurring,
            incident is None or not incident.is_outage)  # fmt: skip


def findings_of(
    rows: pd.DataFrame,
    target: float | None = None,
    owners: Mapping[str, str] | None = None,
    causes: Mapping[str, Sequence[str]] | None = None,
    phases: Mapping[str, str] | None = None,
) -> Findings:
    """Ask the rows of a history everything; `rows` as `open_history` returns them.

    `owners` maps files to who answers for them; `causes` are groups that people named; `phases`
    maps names to labels of their first runs.
    """
    empty, unreadable = (rows.attrs.get(name, ()) for name in (NO_TEST_RAN, UNREADABLE))
    rows = with_streams(with_group_signatures(rows, causes or {}))
    names = names_over_runs(rows)
    found = incidents(rows, names=names)
    return Findings(
        rows, _with_empty(aggregates.totals(rows), empty), found, flakiness(rows, found=found),
        since_when(rows, found=found, names=names),
        aggregates.sightings(rows, names=names), ageing(rows, found=found),
        aggregates.durations(rows), target, rows.attrs.get(INCOMPLETE, ()),
        {run["run_id"]: run["why"] for run in empty}, unreadable,
        owners or {}, phases or {}, rows.attrs.get(OWN_CATEGORIES, ()),
    )  # fmt: skip


def _with_empty(totals: pd.DataFrame, empty: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Add the runs in which no test ran, with zeros, to the counts of the others."""
    import pandas as pd

    if not empty:
        return totals
    counts = dict.fromkeys(("cases", *STATUSES), 0) | {"duration_s": float("nan")}
    rows = pd.DataFrame([{n: (run | counts)[n] for n in totals.columns} for run in empty])
    rows = with_streams(rows.astype(totals.dtypes.to_dict()))
    both = pd.concat([totals, rows]) if len(totals) else rows
    return with_streams(both.sort_values(["run_at", "run_id"], ignore_index=True))


def as_found(findings: Findings) -> Findings:
    """Return the findings themselves: the values of a section that works nothing out."""
    return findings
