"""Mend tables that earlier versions wrote: files with other column types than the table's."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from fictures_reports.history import delta_log as log
from fictures_reports.history import table_files as files
from fictures_reports.history.compaction import all_months, rewrite_month
from fictures_reports.history.tables import RESULTS, RUNS, WRITER, WRITER_PROPERTY
from fictures_reports.history.typed_dataset import column_types
from fictures_reports.history.typed_fragments import has_types

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from fictures_reports.history.location import Location

_LOG = logging.getLogger(__name__)


def repair(place: Location) -> int:
    """Write files with wrong column types again, say so, and return how many there were.

    The footers of all files are looked at, once for each table: it then says that it is right.
    """
    n = sum(_repair(place, *which) for which in _tables(place))
    if n:
        _LOG.warning(
            "%s: repaired %s that an earlier version wrote with column types that pyarrow cannot "
            "filter; no row was changed", place.path, f"{n} file{'s' * (n != 1)}",
        )  # fmt: skip
    return n


def n_broken(place: Location) -> int:
    """Count the files with wrong column types; 0 without a look where a table says it is right."""
    pairs = ((log.table(uri, place.options), schema) for uri, schema in _tables(place))
    return sum(
        _wrong_files(target, month, schema)
        for target, schema in pairs if not is_repaired(target) for month in all_months(target)
    )  # fmt: skip


def _tables(place: Location) -> tuple[tuple[str, pa.Schema], ...]:
    return (place.results, RESULTS), (place.runs, RUNS)


def is_repaired(target: Any) -> bool:
    """Tell whether all files of a table are known to have the right types."""
    return bool(target.metadata().configuration.get(WRITER_PROPERTY) == WRITER)


def _repair(place: Location, uri: str, schema: pa.Schema) -> int:
    target = log.table(uri, place.options)
    if is_repaired(target):
        return 0
    wrong = {month: _wrong_files(target, month, schema) for month in all_months(target)}
    for month, n in wrong.items():
        if n and not rewrite_month(uri, place.options, schema, month, fewest=1):
            return 0
    _say_repaired(uri, place.options)
    return sum(wrong.values())


def _wrong_files(target: Any, month: str | None, schema: pa.Schema) -> int:
    names = files.oldest_first(target, month)
    return sum(not has_types(stored, schema) for stored in column_types(target, names, schema))


def _say_repaired(uri: str, options: dict[str, str]) -> None:
    """Set the table's property; if another process changed the table meanwhile, it does."""
    from deltalake.exceptions import CommitFailedError

    for attempt in range(log.ATTEMPTS):
        target = log.table(uri, options)
        if is_repaired(target):
            return
        try:
            target.alter.set_table_properties({WRITER_PROPERTY: WRITER}, raise_if_not_exists=False)
        except CommitFailedError:
            log.pause(attempt)
