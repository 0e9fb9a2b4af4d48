"""What a script asks first: can the sides be compared, are they whole, and what is the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.history_analysis.incidents_between import incidents_after

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.history_analysis.incidents import Incident
    from fictures_reports.run import Run


def conclusion(c: Comparison) -> dict[str, Any]:
    """Return how many runs each side has, what kind the verdict is, and errors of the runs."""
    return {
        "sides": {"before": len(c.before_runs), "after": len(c.after_runs)},
        "comparable": c.comparable,
        "reason": c.why_not_comparable or None,
        "complete": c.complete,
        "verdict_kind": c.verdict_kind,
        "run_errors": {"before": _errors(c.before_runs), "after": _errors(c.after_runs)},
        "incidents": [_incident(incident) for incident in incidents_after(c)],
        "missing": {
            "variants": list(c.missing_variants),
            "sources": [
                {"source": source, "cases_before": n} for source, n in c.missing_sources.items()
            ],
        },
        "moved": None
        if c.moved is None
        else {
            "kind": c.moved.kind,
            "from": c.moved.old,
            "to": c.moved.new,
            "cases": len(c.moved.ids),
        },
    }


def _incident(incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.id,
        "cause": incident.cause,
        "name": incident.name,
        "cases": list(incident.cases),
        "since": {"run": incident.since, "commit": incident.commits[1]},
        "until": incident.until,
        "outage": incident.is_outage,
        "recurring": incident.is_recurring,
    }


def _errors(runs: Sequence[Run]) -> list[dict[str, Any]]:
    return [error for run in runs for error in errors_of(run)]


def errors_of(run: Run) -> list[dict[str, Any]]:
    """Return the errors of a run that belong to no test; what is not known is None."""
    names = ("message", "category", "phase", "file")
    rows = run.errors[list(names)].itertuples(index=False, name=None)
    return [
        {n: value if isinstance(value, str) else None for n, value in zip(names, row, strict=True)}
        for row in rows
    ]
