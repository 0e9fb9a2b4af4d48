"""Rows of results that no run points to: left by a killed writer, or classified again since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.history import delta_log as log
from fictures_reports.history import table_files as files
from fictures_reports.history.compaction import all_months, rewrite_month
from fictures_reports.history.stored_runs import live_ids
from fictures_reports.history.tables import RESULTS
from fictures_reports.history.typed_dataset import dataset

if TYPE_CHECKING:
    from fictures_reports.history.location import Location


def drop_abandoned(place: Location, before: str) -> None:
    """Take away rows that no run points to and whose append began before that id."""
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    target = log.table(place.results, place.options)
    stored = {month: _stored_ids(target, month) for month in all_months(target)}
    # read after the rows were: what is published between the two must not look dead
    live = set(live_ids(place))
    dead = {
        month: sorted(name for name in ids - live if name < before) for month, ids in stored.items()
    }
    for month, ids in dead.items():
        if ids:
            keep = ~pc.field("ingest_id").isin(pa.array(ids, pa.string()))
            rewrite_month(place.results, place.options, RESULTS, month, keep, fewest=1)


def _stored_ids(target: Any, month: str | None) -> set[str]:
    names = files.oldest_first(target, month)
    rows = dataset(target, names, RESULTS).to_table(["ingest_id"])
    return set(rows["ingest_id"].unique().to_pylist())
