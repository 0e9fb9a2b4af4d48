"""Add a run to a history: its results first, then the row that makes them count."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fictures_reports.errors import HistoryError
from fictures_reports.history import delta_log as log
from fictures_reports.history import table_files as files
from fictures_reports.history.append_ids import new_id
from fictures_reports.history.appended import Appended
from fictures_reports.history.compaction import tidy_runs
from fictures_reports.history.repair import repair
from fictures_reports.history.result_rows import results_table
from fictures_reports.history.run_identity import free_label, is_same, labels_of_stream
from fictures_reports.history.stored_runs import live_ids, refuse_newer
from fictures_reports.history.tables import RESULTS, RUNS
from fictures_reports.history.typed_dataset import dataset, naming
from fictures_reports.history.typed_writer import add, append

if TYPE_CHECKING:
    from fictures_reports.history.location import Location
    from fictures_reports.run import Run


class _LabelTaken(Exception):
    """Another process was faster with the label."""


def append_run(place: Location, run: Run, row: dict[str, Any]) -> Appended:
    """Add a run, whose facts are `row`, once and for all, unless it was there before.

    A label that another run of its stream has gets its attempt, start or commit added.
    """
    for attempt in range(log.ATTEMPTS):
        known = _opened(place)
        if there := _known_as(place, row, known):
            return Appended(there, is_new=False)
        if repair(place):
            known = log.table(place.runs, place.options)
        named = row | {"label": _free(row, known), "ingest_id": new_id()}
        add(place.results, results_table(run, named), RESULTS, place.options)
        try:
            added = _publish(place, named, known)
        except _LabelTaken:
            log.pause(attempt)
        else:
            tidy_runs(place, known)
            return Appended(named["label"], is_new=added)
    raise HistoryError(f"{place.path}: too busy, {row['label']!r} was not added – try again")


def _opened(place: Location) -> Any:
    """Open the table of runs; make both tables if it is not there."""
    from deltalake.exceptions import TableNotFoundError

    try:
        return log.table(place.runs, place.options)
    except TableNotFoundError:
        create(place)
        return log.table(place.runs, place.options)


def create(place: Location) -> None:
    """Make both tables, unless they are there."""
    if not place.is_remote:
        Path(place.path).mkdir(parents=True, exist_ok=True)
    log.create(place.results, RESULTS, place.options, "ingest_id", "month")
    log.create(place.runs, RUNS, place.options, "schema_version,run_id,label")


def _known_as(place: Location, row: dict[str, Any], target: Any) -> str | None:
    """Return the label of the run if it is there."""
    refuse_newer(place, target)
    wanted = {"run_id": row["run_id"]}
    found = naming(
        target, files.maybe_naming(target, wanted), wanted, RUNS, ["label", "build", "first_commit"]
    )
    return next((str(one["label"]) for one in found.to_pylist() if is_same(one, row)), None)


def _has_label(row: dict[str, Any], target: Any) -> bool:
    wanted = {"label": row["label"]}
    same = naming(target, files.maybe_naming(target, wanted), wanted, RUNS, ["stream"])
    return row.get("stream") in same["stream"].to_pylist()


def _free(row: dict[str, Any], target: Any) -> str:
    """Return the run's label, or one with more added if it is taken in its stream."""
    if not _has_label(row, target):
        return str(row["label"])
    rows = dataset(target, files.all_files(target), RUNS).to_table(["label", "stream"])
    return free_label(row, labels_of_stream(rows.to_pylist(), row["stream"]))


def _publish(place: Location, row: dict[str, Any], known: Any) -> bool:
    """Commit the run's row, which is what makes its results count."""
    import pyarrow as pa  # type: ignore[import-untyped]

    rows = pa.Table.from_pylist([row], schema=RUNS)
    marks = [f"run:{row['run_id']}", f"label:{row['stream'] or ''}:{row['label']}"]
    for attempt in range(log.ATTEMPTS):
        try:
            append(known, rows, RUNS, marks)
        except log.Collision:
            known = log.table(place.runs, place.options)
            if _known_as(place, row, known):  # another process was faster with the same run
                return row["ingest_id"] in live_ids(place)
            if _has_label(row, known):
                raise _LabelTaken from None
            log.pause(attempt)
        except Exception:
            # The commit may have been made before something after it failed.
            if row["ingest_id"] not in live_ids(place):
                raise
            return True
        else:
            return True
    raise HistoryError(f"{place.path}: too busy, {row['label']!r} was not added – try again")
