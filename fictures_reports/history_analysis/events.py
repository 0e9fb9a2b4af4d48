"""What happened in a history: incidents and single changes, as one list of sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fictures_reports.analysis.result_summary import known, rows_of
from fictures_reports.analysis.wording import duration, percent
from fictures_reports.history_analysis.incident_words import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.history_analysis.incidents import Incident


@dataclass(frozen=True)
class Event:
    """One thing that happened, in a sentence, with the moment of the run that it is dated by."""

    text: str
    run_at: pd.Timestamp
    #: None for a change of a single test, of a cluster, or of what all tests take
    incident: Incident | None = None


def events(
    found: Sequence[Incident], changes: pd.DataFrame, runs: pd.DataFrame
) -> tuple[Event, ...]:
    """List incidents and the latest change of everything else, the latest first.

    `changes` as `since_when` gives them, `runs` with run_id, label, run_at and branch. An incident
    is as late as its last run. A branch is named where there are several.
    """
    several = len(runs["branch"].unique()) > 1
    labels = dict(zip(runs["run_id"], runs["label"], strict=True))
    moments = dict(zip(runs["run_id"], runs["run_at"], strict=True))
    told = [
        Event(sentence(one, labels, _on(one.branch, several=several)), moments[one.runs[-1]], one)
        for one in found
    ]
    told += [Event(_change(row, several=several), row.run_at) for row in _single(changes)]
    return tuple(sorted(told, key=lambda event: event.run_at, reverse=True))


def _single(changes: pd.DataFrame) -> list[Any]:
    """Return the changes that are told, without clusters that came with the failures of a test."""
    rows = rows_of(changes[changes["is_last"]])
    failing = {(row.since, known(row.branch)) for row in rows if row.what == "case fails"}
    return [
        row
        for row in rows
        if row.what != "cluster occurs" or (row.since, known(row.branch)) not in failing
    ]


def _on(branch: str | None, *, several: bool) -> str:
    if not several:
        return ""
    return f" on {branch}" if branch else " where no branch is known"


def _change(row: Any, *, several: bool) -> str:
    where = f"since {row.since}{_on(known(row.branch), several=several)}"
    if row.what == "all take":
        return f"All tests ×{_factor(row)} {where}: the machine or the whole suite"
    if row.what == "case takes":
        seconds = f"{duration(row.before)} → {duration(row.after)}"
        return f"{row.title} takes ×{_factor(row)} {where}, beside what all tests share ({seconds})"
    rates = f"{percent(row.before, 1)} → {percent(row.after, 1)} of runs"
    if row.what == "cluster occurs":
        return f"“{row.title}” occurs {_more(row)} {where} ({rates})"
    if row.before == 0 and row.after == 1:
        return f"{row.title} fails {where}"
    return f"{row.title} fails {_more(row)} {where} ({rates})"


def _factor(row: Any) -> str:
    return f"{row.after / row.before:.2g}"


def _more(row: Any) -> str:
    return "more often" if row.after > row.before else "less often"
