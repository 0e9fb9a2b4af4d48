"""Classify the runs of a history again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.errors import HistoryError
from fictures_reports.history import delta_log as log
from fictures_reports.history import table_files as files
from fictures_reports.history.append_ids import new_id
from fictures_reports.history.delta_errors import explained
from fictures_reports.history.result_rows import results_table
from fictures_reports.history.stored_facts import run_row
from fictures_reports.history.stored_results import run_from
from fictures_reports.history.stored_runs import run_rows
from fictures_reports.history.tables import RESULTS, RUNS
from fictures_reports.history.typed_dataset import dataset
from fictures_reports.history.typed_writer import add, rewrite

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]

    from fictures_reports.classification import Rule
    from fictures_reports.history.location import Location
    from fictures_reports.run import Run

#: What `classify` writes.
_ANSWERS: Final = (
    "category", "rule", "evidence", "signature", "measured", "comparator", "limit", "unit",
    "ratio", "timeout_s", "locator", "fixture", "skip_reason", "phase", "error_type", "location",
    "message", "attempts_differ",
)  # fmt: skip


def reclassify(place: Location, rules: Sequence[Rule] | None) -> int:
    """Write new rows for each run whose answers change, then let them count all at once."""
    moved: dict[str, str] = {}
    for row in run_rows(place).to_pylist():
        again = _classified(run_from(place, row, place.path), rules)
        if again is not None:
            moved[row["ingest_id"]] = _add_again(place, again, row)
    if moved:
        _repoint(place, moved)
    return len(moved)


def _add_again(place: Location, run: Run, row: dict[str, Any]) -> str:
    """Add the results of a run under a new id; they do not count yet."""
    new = new_id()
    facts = run_row(run, run.info, new, datetime.now(UTC)) | {"run_at": row["run_at"]}
    with explained(place.path):
        add(place.results, results_table(run, facts), RESULTS, place.options)
    return new


def _classified(run: Run, rules: Sequence[Rule] | None) -> Run | None:
    """Return the run with other answers, or None if they stay the same."""
    from dataclasses import replace

    from fictures_reports.classification import classify

    results = classify(run.results, rules)
    same = all(_equal(run.results[name], results[name]) for name in _ANSWERS)
    return None if same else replace(run, results=results)


def _equal(a: pd.Series[Any], b: pd.Series[Any]) -> bool:
    return bool(((a == b) | (a.isna() & b.isna())).all())


def _repoint(place: Location, moved: dict[str, str]) -> None:
    """Let the runs' rows name the new rows of results, in one commit."""
    for attempt in range(log.ATTEMPTS):
        with explained(place.path):
            target = log.table(place.runs, place.options)
            rows = dataset(target, files.all_files(target), RUNS).to_table()
            try:
                rewrite(target, _pointing(rows, moved), RUNS)
            except log.Collision:
                log.pause(attempt)
            else:
                return
    raise HistoryError(f"{place.path}: too busy to be classified again – try again")


def _pointing(rows: pa.Table, moved: dict[str, str]) -> pa.Table:
    import pyarrow as pa

    at = rows.schema.get_field_index("ingest_id")
    ids = [moved.get(name, name) for name in rows["ingest_id"].to_pylist()]
    return rows.set_column(at, RUNS.field("ingest_id"), pa.array(ids, pa.string()))
