"""Put the files of a table together, month by month."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.history import delta_log as log
from fictures_reports.history import table_files as files
from fictures_reports.history.delta_log import ATTEMPTS
from fictures_reports.history.disk_room import refuse_disk
from fictures_reports.history.tables import RUNS
from fictures_reports.history.typed_dataset import reader
from fictures_reports.history.typed_writer import rewrite

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from fictures_reports.history.location import Location

#: So many one-row files of the small table are put together by whoever appends next.
_SMALL_FILES: Final = 64


def compact(uri: str, options: dict[str, str], schema: pa.Schema) -> None:
    """Put the files of a table together, month by month; who appends meanwhile goes first."""
    for month in all_months(log.table(uri, options)):
        rewrite_month(uri, options, schema, month)


def all_months(target: Any) -> list[str | None]:
    """Return the months that a table has files of; None for a table that is not cut by month."""
    return sorted(set(files.months(target)), key=str)


def rewrite_month(
    uri: str,
    options: dict[str, str],
    schema: pa.Schema,
    month: str | None,
    keep: Any = None,
    fewest: int = 2,
) -> bool:
    """Write the rows of a month that pass the filter `keep` again, as one file if they are few.

    Nothing is done for fewer files than `fewest`. Returns False if other writers were always
    faster: whoever comes next does it.
    """
    for attempt in range(ATTEMPTS):
        target = log.table(uri, options)
        names = files.oldest_first(target, month)
        if len(names) < fewest:
            return True
        refuse_disk(target, files.n_bytes(target, month))
        where = None if month is None else f"month = '{month}'"
        try:
            rewrite(target, reader(target, names, schema, month, keep), schema, where)
        except log.Collision:
            log.pause(attempt)
        else:
            return True
    return False


def tidy_runs(place: Location, target: Any) -> None:
    """Keep the small table in few files; if that fails, the next writer does it."""
    from deltalake.exceptions import DeltaError

    with suppress(DeltaError, OSError, log.Collision):
        if len(target.file_uris()) > _SMALL_FILES:
            compact(place.runs, place.options, RUNS)
