"""The table of runs: what it holds, oldest run first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.errors import HistoryError
from fictures_reports.history import delta_log as log
from fictures_reports.history import table_files as files
from fictures_reports.history.delta_errors import explained
from fictures_reports.history.own_names import with_own_names
from fictures_reports.history.tables import RUNS, SCHEMA_VERSION
from fictures_reports.history.typed_dataset import dataset

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from fictures_reports.history.location import Location


def run_rows(place: Location) -> pa.Table:
    """Read the table of runs, oldest run first; refuse what a newer version wrote."""
    with explained(place.path):
        target = log.table(place.runs, place.options)
        refuse_newer(place, target)
        rows = dataset(target, files.all_files(target), RUNS).to_table()
    order = [(name, "ascending") for name in ("run_at", "run_id", "ingest_id")]
    return with_own_names(rows.sort_by(order))


def live_ids(place: Location) -> list[str]:
    """Return the append that each run's results are to be taken from."""
    return list(run_rows(place)["ingest_id"].to_pylist())


def refuse_newer(place: Location, target: Any) -> None:
    """Raise `HistoryError` if rows were written with a schema that this version does not know."""
    newest = files.newest_schema(target)
    if newest > SCHEMA_VERSION:
        raise HistoryError(
            f"{place.path}: written by a newer fictures-reports (schema {newest}, this one "
            f"knows {SCHEMA_VERSION}) – update fictures-reports"
        )
