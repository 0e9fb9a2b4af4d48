"""Streams: the lines of runs in one history, each a suite in one workflow and job, or a name given.

Runs without a stream belong to the only one that is named, so that a history goes on when streams
are first given; where several are named they are a stream of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.errors import NoRuns

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]


def named(streams: Iterable[str | None]) -> list[str]:
    """Return the streams that have a name, in alphabetical order, each once."""
    return sorted({name for name in streams if isinstance(name, str)})


def with_streams(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of many runs with the column stream; missing where it is not known.

    Rows without a stream get the only one that is named.
    """
    import pandas as pd

    if "stream" not in rows:
        return rows.assign(stream=pd.Series([None] * len(rows), index=rows.index, dtype="str"))
    names = named(rows["stream"].unique())
    if len(names) != 1 or not rows["stream"].isna().any():
        return rows
    return rows.assign(stream=rows["stream"].fillna(names[0]))


def rows_of_stream(rows: pa.Table, stream: str | None, path: str) -> pa.Table:
    """Keep the runs of a stream, all for None; `rows` have the column stream.

    Raises `NoRuns` with the streams that there are if it is none of them.
    """
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    if stream is None:
        return rows
    names = named(rows["stream"].to_pylist())
    if stream not in names:
        raise NoRuns(f"{path}: {unknown(stream, names)}")
    is_own = pc.equal(rows["stream"], stream)
    return rows if len(names) == 1 else rows.filter(pc.fill_null(is_own, fill_value=False))


def unknown(stream: str, names: list[str]) -> str:
    """Say that there is no such stream, and which there are."""
    known = f"streams are {', '.join(names)}" if names else "streams are not recorded"
    return f"no run of stream {stream!r} – {known}"
