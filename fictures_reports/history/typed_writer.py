"""The one way by which rows get into Parquet files: with the types of the schema, always.

deltalake's own `merge`, `delete` and `optimize` choose Arrow types themselves, and differently from
release to release (`string_view` since 1.6.1), which pyarrow then cannot filter. So no operation of
the history uses them: rows are read, changed in Arrow and written here.

Writers are optimistic: each commits to the version that it saw, and one that lost the race looks
again. The runs and labels that a commit adds stand in it as application transactions, so that two
writers of one run collide. They are kept for a day, which no writer takes: a log that named every
run would take longer to read with each.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.errors import HistoryError
from fictures_reports.history.delta_log import Collision, pause, table
from fictures_reports.history.disk_room import refuse_disk

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa  # type: ignore[import-untyped]
    from deltalake import DeltaTable, Transaction, WriterProperties

#: deltalake tries a commit again that only lost its version number; a conflict is our business.
_RETRIES: Final = 100
#: How deltalake begins to tell that it cannot look for conflicts, because the log since the table
#: was opened was deleted, as what is older than an hour is. Nothing was committed then.
_LOG_IS_GONE: Final = "Invalid table version"
#: zstd at 9 takes a few ms more per run than at 1, and a third less room.
_LEVEL: Final = 9


def append(
    target: DeltaTable, rows: pa.Table, schema: pa.Schema, marks: Sequence[str] = ()
) -> None:
    """Commit rows, all or none; `marks` must be new since the table was opened, or `Collision`.

    A mark is a word such as "run:1f3a…". `Collision` is also raised if files that were there are
    replaced meanwhile; nothing was added then.
    """
    from deltalake import Transaction

    now = int(time.time() * 1000)
    transactions = [Transaction(mark, 1, now) for mark in marks]
    _write(target, rows, schema, {"mode": "append"}, transactions)


def add(target: DeltaTable, rows: pa.Table, schema: pa.Schema, options: dict[str, str]) -> None:
    """Commit rows that nobody else adds, as often as it takes, to a table that was opened."""
    for attempt in range(_RETRIES):
        try:
            append(target, rows, schema)
        except Collision:
            pause(attempt)
            target = table(target.table_uri, options)
        else:
            return
    raise HistoryError(f"{target.table_uri}: too busy, nothing was added – try again")


def rewrite(target: DeltaTable, rows: Any, schema: pa.Schema, where: str | None = None) -> None:
    """Replace the files of a table, or of a partition, by rows that were read from that version.

    `rows` is a table or a reader. Raises `Collision` if somebody else replaced or, in a partition,
    added files meanwhile.
    """
    _write(target, rows, schema, {"mode": "overwrite", "predicate": where})


def _write(
    target: DeltaTable,
    rows: Any,
    schema: pa.Schema,
    how: dict[str, Any],
    transactions: Sequence[Transaction] = (),
) -> None:
    from deltalake import CommitProperties, write_deltalake
    from deltalake.exceptions import CommitFailedError, DeltaError

    rows = typed(rows, schema)
    refuse_disk(target, getattr(rows, "nbytes", 0))  # a reader does not know its size
    is_behind = len(target.schema().fields) < len(rows.schema)
    try:
        write_deltalake(
            target, rows, schema_mode="merge" if is_behind else None, **how,
            writer_properties=_properties(rows.schema),
            commit_properties=CommitProperties(
                app_transactions=list(transactions), max_commit_retries=_RETRIES
            ),
        )  # fmt: skip
    except CommitFailedError as error:
        raise Collision from error
    except DeltaError as error:
        if _LOG_IS_GONE not in str(error):
            raise
        raise Collision from error


def typed(rows: Any, schema: pa.Schema) -> Any:
    """Cast a table or reader to the types of a schema; columns that the rows lack stay away."""
    import pyarrow as pa

    wanted = pa.schema([schema.field(name) for name in rows.schema.names])
    return rows if rows.schema.equals(wanted) else rows.cast(wanted)


def _properties(schema: pa.Schema) -> WriterProperties:
    from deltalake import ColumnProperties, WriterProperties

    # Times and durations hardly repeat: a dictionary of them is larger than they are.
    deltas = ColumnProperties(dictionary_enabled=False, encoding="DELTA_BINARY_PACKED")
    floats = ColumnProperties(dictionary_enabled=False, encoding="BYTE_STREAM_SPLIT")
    special = {"started_at": deltas, "duration_s": floats}
    kinds = {field.name: str(field.type) for field in schema}
    return WriterProperties(
        compression="ZSTD", compression_level=_LEVEL, statistics_truncate_length=64,
        column_properties={
            name: kind for name, kind in special.items()
            if kinds[name].startswith("timestamp" if kind is deltas else "double")
        },
    )  # fmt: skip
