"""Change runs of a Delta table: classify them again, amend their facts, remove them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.errors import HistoryError
from fictures_reports.history import delta_log as log
from fictures_reports.history import table_files as files
from fictures_reports.history.append_ids import new_id
from fictures_reports.history.delta_errors import explained
from fictures_reports.history.result_rows import results_table
from fictures_reports.history.stored_facts import environment_of
from fictures_reports.history.stored_results import rows_of, run_from
from fictures_reports.history.stored_runs import run_rows
from fictures_reports.history.tables import RESULTS, RUNS
from fictures_reports.history.typed_dataset import dataset
from fictures_reports.history.typed_writer import add, rewrite

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    moved: dict[str, dict[str, Any] | None] = {}
    for row in run_rows(place).to_pylist():
        run = classified(run_from(partial(rows_of, place), row, place.path), rules)
        if run is not None:
            facts = {"environment": environment_of(run.info)}
            moved[row["ingest_id"]] = facts | {"ingest_id": _add_again(place, run, row)}
    if moved:
        _repoint(place, moved)
    return len(moved)


def amend(place: Location, row: dict[str, Any], facts: Mapping[str, Any]) -> None:
    """Change label, commit, branch or stream of a run: its results get new rows, as above."""
    changed = row | dict(facts)
    run = run_from(partial(rows_of, place), row, place.path)
    new = _add_again(place, run, changed)
    _repoint(place, {row["ingest_id"]: dict(facts) | {"ingest_id": new}})


def remove(place: Location, rows: Sequence[dict[str, Any]]) -> None:
    """Take runs away at one moment; `vacuum` takes their results."""
    _repoint(place, {row["ingest_id"]: None for row in rows})


def _add_again(place: Location, run: Run, row: dict[str, Any]) -> str:
    """Add the results of a run under a new id; they do not count yet."""
    new = new_id()
    with explained(place.path):
        rows = results_table(run, row | {"ingest_id": new})
        add(log.table(place.results, place.options), rows, RESULTS, place.options)
    return new


def classified(run: Run, rules: Sequence[Rule] | None) -> Run | None:
    """Return the run with other answers, or None if they stay the same."""
    from dataclasses import replace

    from fictures_reports.classification import classify, with_categories_of

    results, info = classify(run.results, rules), with_categories_of(run.info, rules)
    same = all(_equal(run.results[name], results[name]) for name in _ANSWERS)
    same = same and info.own_categories == run.info.own_categories
    return None if same else replace(run, results=results, info=info)


def _equal(a: pd.Series[Any], b: pd.Series[Any]) -> bool:
    return bool(((a == b) | (a.isna() & b.isna())).all())


def _repoint(place: Location, moved: Mapping[str, dict[str, Any] | None]) -> None:
    """Change the rows of some runs in one commit, by the id of their results; None takes one away.

    Raises `HistoryError` if one is not there any more.
    """
    for attempt in range(log.ATTEMPTS):
        with explained(place.path):
            target = log.table(place.runs, place.options)
            rows = dataset(target, files.all_files(target), RUNS).to_table().to_pylist()
            if moved.keys().isdisjoint(row["ingest_id"] for row in rows):
                raise HistoryError(f"{place.path}: was changed meanwhile – try again")
            try:
                rewrite(target, _changed(rows, moved), RUNS)
            except log.Collision:
                log.pause(attempt)
            else:
                return
    raise HistoryError(f"{place.path}: too busy to be changed – try again")


def _changed(rows: list[dict[str, Any]], moved: Mapping[str, dict[str, Any] | None]) -> pa.Table:
    import pyarrow as pa

    pairs = ((row, moved.get(row["ingest_id"], {})) for row in rows)
    rows_after = [row | facts for row, facts in pairs if facts is not None]
    return pa.Table.from_pylist(rows_after, schema=RUNS)
