"""The Parquet files of a table, by what its log says of them."""

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
    root = root_of(target)
    files = []
    for path, low, high in zip(stats["path"], stats["min.ingest_id"], stats["max.ingest_id"],
                               strict=True):  # fmt: skip
        at = bisect_left(wanted, low or "")
        if at < len(wanted) and (high is None or wanted[at] <= high):
            files.append(f"{root}/{path}")
    return files


def maybe_naming(target: Any, wanted: dict[str, str]) -> list[str]:
    """Return the files that may hold rows in which any of some columns is as wanted.

    Those are left out of which the log says that they hold other values.
    """
    stats, root = _stats(target), root_of(target)
    return [
        f"{root}/{path}"
        for at, path in enumerate(stats.get("path", []))
        if any(_may_hold(stats, name, at, value) for name, value in wanted.items())
    ]


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
    root, stats = root_of(target), _stats(target)
    lows = stats.get("min.ingest_id", [None] * len(stats.get("path", [])))
    rows = zip(lows, stats.get("path", []), months(target), strict=True)
    chosen = sorted((low or "", path) for low, path, of in rows if month in (None, of))
    return [f"{root}/{path}" for _, path in chosen]


def n_bytes(target: Any, month: str | None) -> int:
    """Return how much the files of a month take (None: all)."""
    sizes = zip(_stats(target).get("size_bytes", []), months(target), strict=True)
    return sum(size for size, of in sizes if month in (None, of))


def n_rows(target: Any) -> int:
    """Count the rows of a table by its log."""
    return sum(n or 0 for n in _stats(target).get("num_records", []))


def newest_schema(target: Any) -> int:
    """Return the highest schema version that any row of the table of runs was written with."""
    return max((n or 0 for n in _stats(target).get("max.schema_version", [])), default=0)


def _stats(target: Any) -> dict[str, list[Any]]:
    import pyarrow as pa  # type: ignore[import-untyped]

    actions = pa.table(target.get_add_actions(flatten=True))
    return {name: actions[name].to_pylist() for name in actions.column_names} if actions else {}


def is_local(target: Any) -> bool:
    """Tell whether a table lies in a folder of this machine."""
    return "://" not in root_of(target)


def root_of(target: Any) -> str:
    """Return the folder or address of a table, as any engine can read it."""
    return _plain(target.table_uri).rstrip("/")


def _plain(uri: str) -> str:
    return unquote(urlsplit(uri).path) if uri.startswith("file:") else uri
