"""The numbers of a report as one JSON object; `SCHEMA_VERSION` grows when a key changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.causes import causes
from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.report import json_findings as findings
from fictures_reports.report.json_rows import plain
from fictures_reports.schema import CHANGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.analysis.causes import Causes
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.run import Run

SCHEMA_VERSION: Final = 1
_CASE: Final = ("case_id", "file", "title", "project", "line")
_SIDE: Final = ("status", "category", "rule", "evidence", "message", "duration_s")
_MEASURED: Final = ("case_id", "measured", "comparator", "limit", "unit", "ratio")
_LEDGER: Final = ("file", "format", "read", "salvaged", "repeated", "refused", "doubts")


def payload(
    subject: Comparison | Run,
    gates: Sequence[Gate] = (),
    context: findings.Context | None = None,
) -> dict[str, Any]:
    """Return everything that a script needs of a comparison or a run; missing values are None."""
    context = context or findings.Context()
    if not isinstance(subject, Comparison):
        return {
            "schema_version": SCHEMA_VERSION,
            "run": _run(subject),
            "measurements": _measurements({"run": subject}),
            "gates": [gate.as_dict() for gate in gates],
            "ledger": _ledger({"run": subject}),
            **findings.of_run(subject, gates, context),
        }
    sides = {"before": subject.before, "after": subject.after}
    formed = causes(subject)
    place = _places(subject, formed)
    return {
        "schema_version": SCHEMA_VERSION,
        "verdict": subject.verdict,
        **{name: _run(run) for name, run in sides.items()},
        "changes": {change: _cases(subject.named(change), place) for change in CHANGES},
        "transitions": _nested(subject.transitions),
        "category_flow": _nested(subject.category_flow),
        "measurements": _measurements(sides),
        "gates": [gate.as_dict() for gate in gates],
        "ledger": _ledger(sides),
        **findings.of_comparison(subject, gates, context, formed),
    }


def _run(run: Run) -> dict[str, Any]:
    info = run.info
    return {
        "run_id": info.run_id,
        "label": info.label,
        "started_at": _iso(info.started_at),
        "duration_s": info.duration_s,
        "producer": info.producer,
        "producer_version": info.producer_version,
        "n_workers": info.n_workers,
        "environment": info.environment,
        "errors": info.errors,
        "complete": run.is_whole,
        "totals": run.totals,
        "categories": run.categories,
    }


def _iso(epoch_s: float | None) -> str | None:
    from datetime import UTC, datetime

    return None if epoch_s is None else datetime.fromtimestamp(epoch_s, UTC).isoformat()


def _places(c: Comparison, formed: Causes) -> dict[str, dict[str, dict[str, str | None]]]:
    """Tell for each side where its cases failed and of which cluster they are."""
    sides = (("before", c.before.results, formed.before), ("after", c.after.results, formed.after))
    return {
        side: {
            case: {"location": plain(location), "cluster": plain(cluster)}
            for case, location, cluster in zip(
                rows["case_id"], rows["location"], ids.reindex(rows.index), strict=True
            )
        }
        for side, rows, ids in sides
    }


def _cases(
    changes: pd.DataFrame, places: dict[str, dict[str, dict[str, str | None]]]
) -> list[dict[str, Any]]:
    return [
        {
            **{key: plain(getattr(row, key)) for key in _CASE},
            "flaky": bool(row.flaky),
            **{
                side: {key: plain(getattr(row, f"{side}_{key}")) for key in _SIDE}
                | places[side][row.case_id]
                if getattr(row, f"{side}_outcome") != "absent"
                else {"status": "absent"} | dict.fromkeys((*_SIDE[1:], "location", "cluster"))
                for side in ("before", "after")
            },
        }
        for row in rows_of(changes)
    ]


def _nested(matrix: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Only what occurs: {before: {after: n}}."""
    return {
        str(before): {str(after): int(n) for after, n in row.items() if n}
        for before, row in matrix.iterrows()
        if row.sum()
    }


def _measurements(runs: dict[str, Run]) -> list[dict[str, Any]]:
    from fictures_reports.failures.measurements import all_measurements

    return [
        {"side": side} | {key: plain(getattr(row, key)) for key in _MEASURED}
        for side, run in runs.items()
        for row in rows_of(all_measurements(run.results))
    ]


def _ledger(runs: dict[str, Run]) -> list[dict[str, Any]]:
    return [
        {"side": side} | {key: plain(getattr(entry, key)) for key in _LEDGER}
        for side, run in runs.items()
        for entry in rows_of(run.ledger)
    ]
