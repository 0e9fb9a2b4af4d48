"""Commits to a Delta table that many processes write at once, and errors in words.

Writers are optimistic: each commits to the version that it saw, and one that lost the race looks
again. The runs and labels that a commit adds stand in it as application transactions, so that two
writers of one run collide. They are kept for a day, which no writer takes: a log that named every
run would take longer to read with each.
"""

from __future__ import annotations

import random
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import (
    CommitFailedError,
    DeltaError,
    DeltaProtocolError,
    TableNotFoundError,
)

from fictures_reports.errors import HistoryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa  # type: ignore[import-untyped]

#: deltalake tries a commit again that only lost its version number; a conflict is our business.
_RETRIES: Final = 100
#: zstd at 9 takes a few ms more per run than at 1, and a third less room.
_LEVEL: Final = 9


def create(
    uri: str, schema: pa.Schema, options: dict[str, str], stats: str, partition: str | None = None
) -> None:
    """Create a table unless it exists; who comes second finds it.

    `stats` are the columns whose smallest and largest values its log keeps for each file.
    """
    try:
        DeltaTable.create(
            uri, schema, mode="ignore", partition_by=partition, storage_options=options,
            configuration={
                # Old entries of the log are of no use here, and a folder full of them is slow.
                "delta.checkpointInterval": "20",
                "delta.logRetentionDuration": "interval 1 days",
                "delta.setTransactionRetentionDuration": "interval 1 days",
                "delta.dataSkippingStatsColumns": stats,
            },
        )  # fmt: skip
    except DeltaError:
        if not is_table(uri, options):
            raise


def is_table(uri: str, options: dict[str, str]) -> bool:
    """Tell whether there is a Delta table."""
    try:
        return bool(DeltaTable.is_deltatable(uri, storage_options=options))
    except (DeltaError, OSError):
        return False


def table(uri: str, options: dict[str, str]) -> DeltaTable:
    """Open a table at its newest version."""
    return DeltaTable(uri, storage_options=options)


def append(target: DeltaTable, rows: pa.Table, marks: Sequence[str] = ()) -> None:
    """Commit rows, all or none; `marks` must be new since the table was opened, or `Collision`.

    A mark is a word such as "run:1f3a…". `Collision` is also raised if files that were there are
    replaced meanwhile; nothing was added then.
    """
    now = int(time.time() * 1000)
    is_behind = len(target.schema().fields) < len(rows.schema)
    try:
        write_deltalake(
            target, rows, mode="append", schema_mode="merge" if is_behind else None,
            writer_properties=_properties(rows.schema),
            commit_properties=CommitProperties(
                app_transactions=[Transaction(mark, 1, now) for mark in marks],
                max_commit_retries=_RETRIES,
            ),
        )  # fmt: skip
    except CommitFailedError as error:
        raise Collision from error


def add(uri: str, rows: pa.Table, options: dict[str, str]) -> None:
    """Commit rows that nobody else adds, as often as it takes."""
    for attempt in range(_RETRIES):
        try:
            append(table(uri, options), rows)
        except Collision:
            pause(attempt)
        else:
            return
    raise HistoryError(f"{uri}: too busy, nothing was added – try again")


class Collision(Exception):
    """Another writer committed what this one was about to."""


def _properties(schema: pa.Schema) -> WriterProperties:
    from deltalake import ColumnProperties

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


def rewrite(target: DeltaTable, rows: Any, where: str | None = None) -> None:
    """Replace the files of a table, or of a partition, by rows that were read from that version.

    Raises `Collision` if somebody else replaced or, in a partition, added files meanwhile. Not
    with deltalake's `optimize`: two of these (1.6) both commit, and their rows stand twice.
    """
    try:
        write_deltalake(
            target, rows, mode="overwrite", predicate=where,
            writer_properties=_properties(rows.schema),
            commit_properties=CommitProperties(max_commit_retries=_RETRIES),
        )  # fmt: skip
    except CommitFailedError as error:
        raise Collision from error


@contextmanager
def explained(uri: str) -> Iterator[None]:
    """Turn what deltalake raises into one line that says what to do."""
    try:
        yield
    except TableNotFoundError as error:
        raise HistoryError(f"{uri}: no history here – 'ingest RUN --into {uri}' makes one") from (
            error
        )
    except DeltaProtocolError as error:
        raise HistoryError(
            f"{uri}: written by a newer Delta version than this package reads ({error}) – "
            "update fictures-reports"
        ) from error
    except (DeltaError, OSError) as error:
        raise HistoryError(f"{uri}: {_cause(error)}") from error


def _cause(error: Exception) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "a file stands there – expected a folder, or s3://BUCKET/PATH"
    text = " ".join(str(error).split())
    if "No space left" in text or "os error 28" in text or "StorageFull" in text:
        return "the disk is full; nothing was added, what was there is intact – make room"
    if (at := text.find("Generic ")) >= 0:  # as "Generic S3 error": of whatever keeps the bucket
        return f"{text[at : at + 200]} – check the address, and the credentials in the environment"
    return text[:300]


def pause(attempt: int) -> None:
    """Wait a little, longer each time and never as long as the next process."""
    time.sleep(random.uniform(0, min(1.0, 0.01 * 2**attempt)))  # noqa: S311
