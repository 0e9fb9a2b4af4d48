"""The schemas of the two tables: `results`, a row per case and run, and `runs`, a row per run.

Lists and objects stand as JSON text, so that every engine can read them. Columns may be added in
a later version without rewriting a file: what an older file lacks reads as missing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pyarrow as pa  # type: ignore[import-untyped]

from fictures_reports.schema import COLUMN_NAMES, COLUMNS

if TYPE_CHECKING:
    import pandas as pd

#: Grows when an older package could misread what a newer one writes.
#: 1: the first.
SCHEMA_VERSION: Final = 1

#: Facts of the run that stand beside each of its results: label, start, commit, branch and stream.
#: `run_at` is when the run began; where the producer does not tell, when its first result did,
#: else when the run was put into the history.
RUN_COLUMNS: Final = ("label", "run_at", "commit", "branch", "stream")
#: The columns that `load` and `scan` give: those of one run, then those that tell the runs apart.
HISTORY_COLUMNS: Final = (*COLUMN_NAMES, *RUN_COLUMNS)

_TIME: Final = pa.timestamp("us", tz="UTC")
_TYPES: Final = {"str": pa.string(), "object": pa.string(), "float64": pa.float64(),
                 "Int64": pa.int64(), "int64": pa.int64()}  # fmt: skip
#: Which append wrote the row; sorts by time.
_APPEND: Final = pa.field("ingest_id", pa.string())
_OF_RUN: Final = [
    pa.field(name, _TIME if name == "run_at" else pa.string()) for name in RUN_COLUMNS
]
RESULTS: Final = pa.schema(
    [pa.field(c.name, _TYPES.get(c.dtype, _TIME)) for c in COLUMNS]
    # the row's place in its run, and the month of the run, which is the partition
    + [*_OF_RUN, _APPEND, pa.field("row", pa.int64()), pa.field("month", pa.string())]
)
RUNS: Final = pa.schema([
    pa.field("run_id", pa.string()), *_OF_RUN,
    pa.field("started_at", pa.float64()), pa.field("duration_s", pa.float64()),
    pa.field("producer", pa.string()), pa.field("producer_version", pa.string()),
    pa.field("n_workers", pa.int64()), pa.field("n_shards", pa.int64()),
    pa.field("environment", pa.string()), pa.field("errors", pa.string()),
    pa.field("incomplete", pa.bool_()), pa.field("n_results", pa.int64()),
    pa.field("ledger", pa.string()), pa.field("ingested_at", _TIME),
    pa.field("schema_version", pa.int64()), _APPEND,
    # what tells two runs of equal content apart: the build, and the commit as it was first given
    pa.field("build", pa.string()), pa.field("first_commit", pa.string()),
])  # fmt: skip
#: A table's property that says how its Parquet files were written, and what it says now: through
#: `typed_writer` alone. A table without it may hold files of other types; see `repair`.
WRITER_PROPERTY: Final = "fictures_reports.writer"
WRITER: Final = "typed"
#: Where a frame of many runs names those that are known to be incomplete, in its `attrs`.
INCOMPLETE: Final = "incomplete"
#: Where it has the runs that no row is of, oldest first: a dict of `RUN_COLUMNS`, run_id and why.
NO_TEST_RAN: Final = "no_test_ran"
#: Where it has the categories that the runs' rules added, see `own_categories.OwnCategory`.
OWN_CATEGORIES: Final = "own_categories"
#: Where it says which runs or files could not be read, a line each.
UNREADABLE: Final = "unreadable"


def run_at(results: pd.DataFrame, started_at: float | None, otherwise: datetime) -> datetime:
    """Return when a run began: as its file says, else with its first result, else what is given."""
    if started_at is not None:
        return datetime.fromtimestamp(started_at, UTC)
    first = results["started_at"].min() if len(results) else None
    return otherwise if first is None or first != first else first.to_pydatetime()
