"""What the two tables hold: a run as Arrow rows, and Arrow rows as a run again.

Lists and objects stand as JSON text, so that every engine can read them. Columns may be added in
a later version without rewriting a file: what an older file lacks reads as missing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec
import pyarrow as pa  # type: ignore[import-untyped]

from fictures_reports.readers.rows import LedgerEntry, RunInfo
from fictures_reports.schema import COLUMN_NAMES, COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from fictures_reports.run import Run

#: Grows when an older package could misread what a newer one writes.
#: 1: the first.
SCHEMA_VERSION: Final = 1

#: Facts of the run that stand beside each of its results: label, start, commit and branch.
#: `run_at` is when the run began; where the producer does not tell, when its first result did,
#: else when the run was put into the history.
RUN_COLUMNS: Final = ("label", "run_at", "commit", "branch")
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
])  # fmt: skip
_JSON: Final = [column.name for column in COLUMNS if column.dtype == "object"]


#: Where a frame of many runs names those that are known to be incomplete, in its `attrs`.
INCOMPLETE: Final = "incomplete"
#: What the rows of results take from the row of their run.
_FACTS: Final = ("run_id", *RUN_COLUMNS, "ingest_id")


def results_table(run: Run, row: dict[str, Any]) -> pa.Table:
    """Lay a run's results out as Arrow rows; `row` is the run's own, as `run_row` gives it."""
    frame, n = run.results, len(run.results)
    month, columns = f"{row['run_at']:%Y-%m}", []
    for field in RESULTS:
        if field.name == "row":
            columns.append(pa.array(range(n), field.type))
        elif field.name == "month":
            columns.append(pa.repeat(pa.scalar(month), n))
        elif field.name in _JSON:
            values = frame[field.name].tolist()
            texts = _attempts(frame) if field.name == "attempts" else map(_listed, values)
            columns.append(pa.array(texts, field.type))
        elif field.name in _FACTS:
            columns.append(pa.repeat(pa.scalar(row[field.name], field.type), n))
        else:
            columns.append(pa.Array.from_pandas(frame[field.name], type=field.type))
    return pa.table(columns, schema=RESULTS)


def _listed(value: Any) -> str | None:
    return msgspec.json.encode(value).decode() if value else None


def _attempts(frame: pd.DataFrame) -> list[str | None]:
    """Write attempts as JSON; missing where the row says it all, which most passed rows do."""
    derived = _derived_attempts(frame)
    pairs = zip(frame["attempts"].tolist(), derived, strict=True)
    return [
        None if given == own else msgspec.json.encode(given or []).decode() for given, own in pairs
    ]


def _derived_attempts(frame: pd.DataFrame) -> list[list[dict[str, Any]]]:
    """Return what the attempts of each row are if there was one, and it said no more."""
    names = ("status", "started_at", "duration_s", "worker")
    starts = frame["started_at"].astype("int64").tolist()
    known = frame["started_at"].notna().tolist()
    rows = zip(
        frame["status"].tolist(),
        (start / 1e6 if ok else None for start, ok in zip(starts, known, strict=True)),
        (value if value == value else None for value in frame["duration_s"].tolist()),
        frame["worker"].astype("object").where(frame["worker"].notna(), None).tolist(),
        strict=True,
    )
    return [[{k: v for k, v in zip(names, r, strict=True) if v is not None}] for r in rows]


def run_row(run: Run, info: RunInfo, ingest_id: str, now: datetime) -> dict[str, Any]:
    """Lay a run's facts out as one row of the table of runs."""
    began = run_at(run.results, info.started_at, now)
    ledger = [dict(zip(run.ledger, cells, strict=True)) for cells in _cells(run.ledger)]
    facts = {name: getattr(info, name) for name in RUNS.names if hasattr(info, name)}
    return facts | {
        "run_id": run.run_id, "run_at": began, "ingested_at": now, "ingest_id": ingest_id,
        "n_results": len(run.results),
        "environment": msgspec.json.encode(info.environment).decode(),
        "errors": msgspec.json.encode(info.errors).decode(),
        "ledger": msgspec.json.encode(ledger).decode(), "schema_version": SCHEMA_VERSION,
    }  # fmt: skip


def run_at(results: pd.DataFrame, started_at: float | None, otherwise: datetime) -> datetime:
    """Return when a run began: as told, else with its first result, else what is given."""
    if started_at is not None:
        return datetime.fromtimestamp(started_at, UTC)
    first = results["started_at"].min() if len(results) else None
    return otherwise if first is None or first != first else first.to_pydatetime()


def _cells(ledger: pd.DataFrame) -> Iterable[list[Any]]:
    clean = ledger.astype("object").where(ledger.notna(), None)
    return (list(cells) for cells in zip(*(clean[name].tolist() for name in clean), strict=True))


def frame_from(table: pa.Table, columns: Sequence[str] = HISTORY_COLUMNS) -> pd.DataFrame:
    """Make a frame of stored rows with the dtypes that readers give; JSON becomes lists again."""
    frame: pd.DataFrame = table.to_pandas(types_mapper=_dtype, ignore_metadata=True)
    for column in COLUMNS:
        if column.name not in frame:
            continue
        if column.name in _JSON:
            frame[column.name] = _decoded(frame, column.name)
        else:
            frame[column.name] = frame[column.name].astype(cast("Any", column.dtype))
    return frame[[name for name in columns if name in frame]]


def _dtype(kind: pa.DataType) -> Any:
    import numpy as np
    import pandas as pd

    if kind == pa.string():
        return pd.StringDtype("pyarrow", na_value=np.nan)
    return pd.Int64Dtype() if kind == pa.int64() else None


def _decoded(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    import pandas as pd

    can_derive = name == "attempts" and {"status", "started_at", "duration_s", "worker"} <= set(
        frame
    )
    otherwise = _derived_attempts(frame) if can_derive else [[] for _ in range(len(frame))]
    values = [
        msgspec.json.decode(text) if isinstance(text, str) else own
        for text, own in zip(frame[name].tolist(), otherwise, strict=True)
    ]
    cells = pd.Series([None] * len(values), index=frame.index, dtype="object")
    cells[:] = pd.array(values, dtype="object")  # a list of lists is no matrix here
    return cells


def info_from(row: dict[str, Any]) -> RunInfo:
    """Read a run's facts off its row."""
    texts = {name: msgspec.json.decode(row[name]) for name in ("environment", "errors")}
    given: dict[str, Any] = {
        name: row.get(name) for name in RunInfo.__struct_fields__ if name in RUNS.names
    }
    return RunInfo(**given | texts | {"incomplete": bool(row["incomplete"])})


#: What `is_whole` asks of a run's row, and its name.
TOLD_OF_WHOLENESS = ["run_id", "incomplete", "n_results", "ledger"]


def is_whole(row: dict[str, Any]) -> bool:
    """Tell of a run's row what `Run.is_whole` tells of the run."""
    ledger = msgspec.json.decode(row["ledger"], type=list[LedgerEntry])
    lost = any(entry.refused is not None or entry.salvaged for entry in ledger)
    return not (row["incomplete"] or not row["n_results"] or lost)


def ledger_from(row: dict[str, Any]) -> pd.DataFrame:
    """Read a run's ledger off its row."""
    from fictures_reports.readers.read import ledger_frame

    return ledger_frame(msgspec.json.decode(row["ledger"], type=list[LedgerEntry]))
