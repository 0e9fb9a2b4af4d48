"""The columns of a run file: those of the table `results`, as small as they can be.

Columns without a value are left out, starts that are whole milliseconds are stored as such, and a
duration that is a whole number of them stands in `duration_ms` in place of `duration_s`: as a
number of seconds it would take 7 bytes, so 1 or 2. Nothing is lost but what other durations have
below a microsecond: they are rounded to the nearest multiple of 2**-20 s, which moves them by less
than half a microsecond. No test runner measures that well, and such a number takes 3 bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa  # type: ignore[import-untyped]

from fictures_reports.history.tables import RESULTS

if TYPE_CHECKING:
    from collections.abc import Sequence

MILLISECONDS: Final = "duration_ms"
_SECONDS: Final = "duration_s"
#: All columns that a run file may have; starts read as microseconds, however they are stored.
STORED: Final = pa.schema([*RESULTS, pa.field(MILLISECONDS, pa.int64())])
#: Durations are multiples of 2**-20 s; a float64 from 2**32 s on has no finer ones anyway.
_BITS: Final = 20
_LONG: Final = 2.0**32
#: Always there: rows are chosen by them.
_KEPT: Final = ("run_id", "case_id", "ingest_id", "row", "run_at")


def smaller(rows: pa.Table) -> pa.Table:
    """Return the rows of the table `results` with the columns that a run file gets."""
    rows = _with_milliseconds(rows)
    rows = _with_short_times(rows)
    empty = [n for n in rows.column_names if n not in _KEPT and rows[n].null_count == len(rows)]
    return rows.drop_columns(empty)


def _with_milliseconds(rows: pa.Table) -> pa.Table:
    import numpy as np

    seconds = rows[_SECONDS].to_numpy(zero_copy_only=False).astype("float64")
    with np.errstate(invalid="ignore", over="ignore"):
        whole = np.round(seconds * 1000)
        is_exact = (whole / 1000 == seconds) & (np.abs(whole) < 2**53)
    whole = np.where(is_exact, whole, 0).astype("int64")
    missing = np.isnan(seconds)
    left = pa.array(np.where(missing, 0.0, _rounded(seconds)), mask=is_exact | missing)
    rows = rows.set_column(rows.column_names.index(_SECONDS), _SECONDS, left)
    return rows.append_column(MILLISECONDS, pa.array(whole, mask=~is_exact))


def _rounded(seconds: Any) -> Any:
    import numpy as np

    short = np.where(np.abs(seconds) < _LONG, seconds, 0)
    return np.where(short == 0, seconds, np.ldexp(np.rint(np.ldexp(short, _BITS)), -_BITS))


def _with_short_times(rows: pa.Table) -> pa.Table:
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    at = rows.column_names.index("started_at")
    if pc.any(pc.not_equal(pc.microsecond(rows["started_at"]), 0)).as_py():
        return rows
    kind = pa.timestamp("ms", tz="UTC")
    return rows.set_column(at, pa.field("started_at", kind), rows["started_at"].cast(kind))


def stored(columns: Sequence[str] | None) -> list[str]:
    """Return the columns to read of a run file for columns of the table `results` (None: all)."""
    wanted = set(RESULTS.names if columns is None else columns)
    if _SECONDS in wanted:
        wanted.add(MILLISECONDS)
    return [name for name in STORED.names if name in wanted]


def restored(rows: pa.Table, columns: Sequence[str] | None = None) -> pa.Table:
    """Return rows of a run file with columns of the table `results` (None: all)."""
    fields = [field for field in RESULTS if columns is None or field.name in columns]
    return pa.table([_column(rows, field) for field in fields], schema=pa.schema(fields))


def _column(rows: pa.Table, field: Any) -> Any:
    import pyarrow.compute as pc

    has = field.name in rows.column_names
    found = rows[field.name].cast(field.type) if has else pa.nulls(len(rows), field.type)
    if field.name == _SECONDS and MILLISECONDS in rows.column_names:
        whole = rows[MILLISECONDS].cast(field.type)
        return pc.coalesce(found, pc.divide(whole, pa.scalar(1000.0)))
    return found
