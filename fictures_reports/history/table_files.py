"""The Parquet files of a table: which ones hold an append, and a dataset over them."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence


def all_files(target: Any) -> list[str]:
    """Return the live files of a table, as any engine can read them."""
    # Not `file_uris`: deltalake (1.6) leaves blanks and umlauts of a local path encoded there.
    return oldest_first(target, None)


def holding(target: Any, ids: Sequence[str]) -> list[str]:
    """Return the table's files that may hold rows of these appends, by what its log says."""
    wanted = sorted(ids)
    stats = _stats(target)
    if not wanted or not stats:
        return []
    root = _plain(target.table_uri).rstrip("/")
    kept = []
    for path, low, high in zip(stats["path"], stats["min.ingest_id"], stats["max.ingest_id"],
                               strict=True):  # fmt: skip
        at = bisect_left(wanted, low or "")
        if at < len(wanted) and (high is None or wanted[at] <= high):
            kept.append(f"{root}/{path}")
    return kept


def naming(target: Any, wanted: dict[str, str], schema: Any) -> Any:
    """Read the rows in which any of some columns is as wanted; these columns alone.

    Only files are opened of which the log does not say that they hold other values.
    """
    from functools import reduce
    from operator import or_

    import pyarrow.compute as pc  # type: ignore[import-untyped]

    stats, root = _stats(target), _plain(target.table_uri).rstrip("/")
    names = [
        f"{root}/{path}"
        for at, path in enumerate(stats.get("path", []))
        if any(_may_hold(stats, name, at, value) for name, value in wanted.items())
    ]
    if not names:
        return schema.empty_table().select(list(wanted))
    condition = reduce(or_, (pc.field(name) == value for name, value in wanted.items()))
    return dataset(target, names, schema).to_table(list(wanted), filter=condition)


def _may_hold(stats: dict[str, list[Any]], name: str, at: int, value: str) -> bool:
    unknown = [None] * (at + 1)
    low, high = (stats.get(f"{end}.{name}", unknown)[at] for end in ("min", "max"))
    return (low is None or low <= value) and (high is None or value <= high)


def months(target: Any) -> list[str | None]:
    """Return the month of each file; None where the table is not cut by month."""
    stats = _stats(target)
    return list(stats.get("partition.month", [None] * len(stats.get("path", []))))


def oldest_first(target: Any, month: str | None) -> list[str]:
    """Return the files of a month (None: all), in the order in which their rows were added."""
    root, stats = _plain(target.table_uri).rstrip("/"), _stats(target)
    lows = stats.get("min.ingest_id", [None] * len(stats.get("path", [])))
    rows = zip(lows, stats.get("path", []), months(target), strict=True)
    chosen = sorted((low or "", path) for low, path, of in rows if month in (None, of))
    return [f"{root}/{path}" for _, path in chosen]


def reader(target: Any, names: Sequence[str], schema: Any, month: str | None) -> Any:
    """Stream the rows of some files, with their month, which stands in the files' names only."""
    import pyarrow.compute as pc

    columns = {name: pc.field(name) for name in schema.names if name != "month"}
    if month is not None:
        columns["month"] = pc.scalar(month)
    return dataset(target, names, schema).scanner(columns=columns).to_reader()


def n_rows(target: Any) -> int:
    """Count the rows of a table by its log."""
    return sum(n or 0 for n in _stats(target).get("num_records", []))


def newest_schema(target: Any) -> int:
    """Return the highest schema version that any row of the table of runs was written with."""
    return max((n or 0 for n in _stats(target).get("max.schema_version", [])), default=0)


def _stats(target: Any) -> dict[str, list[Any]]:
    import pyarrow as pa

    actions = pa.table(target.get_add_actions(flatten=True))
    return {name: actions[name].to_pylist() for name in actions.column_names} if actions else {}


def dataset(target: Any, files: Sequence[str], schema: Any) -> Any:
    """Lay a dataset over files of a table; columns that a file lacks are missing.

    Local files are opened by pyarrow itself; those in a bucket with the table's own credentials.
    """
    import pyarrow.dataset as ds  # type: ignore[import-untyped]

    if "://" not in _plain(target.table_uri):
        return ds.dataset(list(files), schema, format="parquet")
    from fictures_reports.history.bucket import Remote

    return Remote(target, files, schema)


def _plain(uri: str) -> str:
    return unquote(urlsplit(uri).path) if uri.startswith("file:") else uri
