"""The numbers of a report as one JSON object; `SCHEMA_VERSION` grows when a key changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.reasons import known, rows_of
from fictures_reports.schema import CHANGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.analysis.gates import Gate
    from fictures_reports.runs import Run

SCHEMA_VERSION: Final = 1
_SIDE: Final = ("status", "category", "rule", "evidence", "message", "duration_s")
_MEASURED: Final = ("case_id", "measured", "comparator", "limit", "unit", "ratio")
_LEDGER: Final = ("file", "format", "read", "salvaged", "repeated", "refused", "doubts")


def payload(subject: Comparison | Run, gates: Sequence[Gate] = ()) -> dict[str, Any]:
    """Return everything that a script needs of a comparison or a run; missing values are None."""
    if not isinstance(subject, Comparison):
        return {
            "schema_version": SCHEMA_VERSION,
            "run": _run(subject),
            "measurements": _measurements({"run": subject}),
            "gates": [gate.as_dict() for gate in gates],
            "ledger": _ledger({"run": subject}),
        }
    sides = {"before": subject.before, "after": subject.after}
    return {
        "schema_version": SCHEMA_VERSION,
        "verdict": subject.verdict,
        **{name: _run(run) for name, run in sides.items()},
        "changes": {change: _cases(subject.named(change)) for change in CHANGES},
        "transitions": _nested(subject.transitions),
        "category_flow": _nested(subject.category_flow),
        "measurements": _measurements(sides),
        "gates": [gate.as_dict() for gate in gates],
        "ledger": _ledger(sides),
    }


def rows(results: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a results frame as plain rows: missing values None, times in ISO 8601."""
    return [
        {name: _plain(value) for name, value in zip(results.columns, row, strict=True)}
        for row in results.itertuples(index=False)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, list | dict):
        return value
    value = known(value)
    if value is None or isinstance(value, str | bool | int):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    number = value.item() if hasattr(value, "item") else value
    return None if isinstance(number, float) and not math.isfinite(number) else number


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


def _cases(changes: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            **{key: _plain(getattr(row, key)) for key in ("case_id", "file", "title", "project")},
            "flaky": bool(row.flaky),
            **{
                side: {key: _plain(getattr(row, f"{side}_{key}")) for key in _SIDE}
                if getattr(row, f"{side}_outcome") != "absent"
                else {"status": "absent"} | dict.fromkeys(_SIDE[1:])
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
    from fictures_reports.measurements import all_measurements

    return [
        {"side": side} | {key: _plain(getattr(row, key)) for key in _MEASURED}
        for side, run in runs.items()
        for row in rows_of(all_measurements(run.results))
    ]


def _ledger(runs: dict[str, Run]) -> list[dict[str, Any]]:
    return [
        {"side": side} | {key: _plain(getattr(entry, key)) for key in _LEDGER}
        for side, run in runs.items()
        for entry in rows_of(run.ledger)
    ]
