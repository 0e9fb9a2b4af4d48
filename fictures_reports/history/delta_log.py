"""A Delta table and its log: make one, open it, and wait for other writers of it."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

from fictures_reports.history.tables import WRITER, WRITER_PROPERTY

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]
    from deltalake import DeltaTable

#: How often a commit is tried that others were faster than.
ATTEMPTS: Final = 30
#: How often opening is tried again when an entry of the log is not there any more.
_OPENINGS: Final = 5
_LONGEST_PAUSE_S: Final = 1.0


class Collision(Exception):
    """Another writer committed what this one was about to."""


def create(
    uri: str, schema: pa.Schema, options: dict[str, str], stats: str, partition: str | None = None
) -> None:
    """Create a table unless it exists; who comes second finds it.

    `stats` are the columns whose smallest and largest values its log keeps for each file.
    """
    from deltalake import DeltaTable
    from deltalake.exceptions import DeltaError

    try:
        DeltaTable.create(
            uri, schema, mode="ignore", partition_by=partition, storage_options=options,
            raise_if_key_not_exists=False,
            configuration={
                # Each commit lists the log's folder three times, so old entries go. Not sooner: a
                # writer that was paused for longer than this must begin anew.
                "delta.checkpointInterval": "10",
                "delta.logRetentionDuration": "interval 1 hours",
                "delta.setTransactionRetentionDuration": "interval 1 days",
                "delta.dataSkippingStatsColumns": stats,
                WRITER_PROPERTY: WRITER,
            },
        )  # fmt: skip
    except DeltaError:
        if not is_table(uri, options):
            raise


def is_table(uri: str, options: dict[str, str]) -> bool:
    """Tell whether there is a Delta table.

    Raises what deltalake does where a bucket cannot be asked: that it is empty is not known then.
    """
    from deltalake import DeltaTable
    from deltalake.exceptions import DeltaError

    try:
        return bool(DeltaTable.is_deltatable(uri, storage_options=options))
    except (DeltaError, OSError):
        if "://" in uri:
            raise
        return False


def table(uri: str, options: dict[str, str]) -> DeltaTable:
    """Open a table at its newest version.

    Another process may sum the log up and delete its old entries while they are read: then again.
    """
    from deltalake import DeltaTable
    from deltalake.exceptions import DeltaError, TableNotFoundError

    for attempt in range(_OPENINGS):
        try:
            return DeltaTable(uri, storage_options=options)
        except TableNotFoundError:
            raise
        except (DeltaError, FileNotFoundError) as error:
            if "not found" not in str(error):
                raise
            pause(attempt)
    return DeltaTable(uri, storage_options=options)


def pause(attempt: int) -> None:
    """Wait a little, longer each time and never as long as the next process."""
    time.sleep(random.uniform(0, min(_LONGEST_PAUSE_S, 0.01 * 2**attempt)))  # noqa: S311
