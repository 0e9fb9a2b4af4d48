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
from fictures_reports.history.repair import is_repaired, repair
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
        known, results = _ready(place)
        namesakes = _namesakes(place, row, known)
        if there := _known_as(row, namesakes):
            return Appended(there, is_new=False)
        named = row | {"label": _free(row, namesakes, known), "ingest_id": new_id()}
        add(results, results_table(run, named), RESULTS, place.options)
        try:
            added = _publish(place, named, known)
        except _LabelTaken:
            log.pause(attempt)
        else:
            tidy_runs(place, known)
            return Appended(named["label"], is_new=added)
    raise HistoryError(f"{place.path}: too busy, {row['label']!r} was not added – try again")


def _ready(place: Location) -> tuple[Any, Any]:
    """Open the tables of runs and results, made or repaired if need be.

    Each is opened once for an append: reading its log is what takes longer in a long history.
    """
    known, results = _opened(place)
    refuse_newer(place, known)
    if is_repaired(known) and is_repaired(results):
        return known, results
    repair(place)
    return _opened(place)


def _opened(place: Location) -> tuple[Any, Any]:
    """Open both tables; make them if that of runs, which is made last, is not there."""
    from deltalake.exceptions import TableNotFoundError

    try:
        known = log.table(place.runs, place.options)
    except TableNotFoundError:
        create(place)
        known = log.table(place.runs, place.options)
    return known, log.table(place.results, place.options)


def create(place: Location) -> None:
    """Make both tables, unless they are there."""
    if not place.is_remote:
        Path(place.path).mkdir(parents=True, exist_ok=True)
    log.create(place.results, RESULTS, place.options, "ingest_id", "month")
    log.create(place.runs, RUNS, place.options, "schema_version,run_id,label")


def _namesakes(place: Location, row: dict[str, Any], target: Any) -> list[dict[str, Any]]:
    """Return the rows of the table of runs that have the run's id or its label.

    They are read once for both questions: reading 10,000 rows takes as long as adding one.
    """
    refuse_newer(place, target)
    wanted = {name: str(row[name]) for name in ("run_id", "label")}
    beside = ["build", "first_commit", "stream"]
    names = files.maybe_naming(target, wanted)
    return list(naming(target, names, wanted, RUNS, beside).to_pylist())


def _known_as(row: dict[str, Any], namesakes: list[dict[str, Any]]) -> str | None:
    """Return the label of the run if it is there."""
    same_runs = (namesake for namesake in namesakes if namesake["run_id"] == row["run_id"])
    return next((str(namesake["label"]) for namesake in same_runs if is_same(namesake, row)), None)


def _has_label(row: dict[str, Any], namesakes: list[dict[str, Any]]) -> bool:
    wanted = row["label"], row.get("stream")
    return any((namesake["label"], namesake["stream"]) == wanted for namesake in namesakes)


def _free(row: dict[str, Any], namesakes: list[dict[str, Any]], target: Any) -> str:
    """Return the run's label, or one with more added if it is taken in its stream."""
    if not _has_label(row, namesakes):
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
            namesakes = _namesakes(place, row, known)
            if _known_as(row, namesakes):  # another process was faster with the same run
                return row["ingest_id"] in live_ids(place)
            if _has_label(row, namesakes):
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
