"""Frames as plain rows: what JSON can hold, missing values None."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fictures_reports.analysis.result_summary import known
from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    import pandas as pd


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows as dicts: missing values None, times in ISO 8601."""
    names = [str(name) for name in frame.columns]
    columns = [plain_values(column) for _, column in frame.items()]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def plain_values(column: pd.Series[Any]) -> list[Any]:
    """Return the values of a column as `plain` does; whole columns of one kind take less time."""
    values: list[Any] = column.tolist()
    if column.dtype == "str":
        return [value if isinstance(value, str) else None for value in values]
    return values if column.dtype == "bool" else [plain(value) for value in values]


def plain(value: Any) -> Any:
    """Return one value of a frame as JSON holds it; NaN and the infinities are None."""
    if isinstance(value, list | dict):
        return value
    value = known(value)
    if value is None or isinstance(value, str | bool | int):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    number = value.item() if hasattr(value, "item") else value
    return None if isinstance(number, float) and not math.isfinite(number) else number


def iso(epoch_s: float | None) -> str | None:
    """Write a point in time (seconds since 1970) in ISO 8601, in UTC; None where it is unknown."""
    return None if epoch_s is None else datetime.fromtimestamp(epoch_s, UTC).isoformat()


def nested_counts(matrix: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return the counts of a matrix that are not zero: {row: {column: n}}."""
    return {
        str(before): {str(after): int(n) for after, n in row.items() if n}
        for before, row in matrix.iterrows()
        if row.sum()
    }


def history_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame on many runs as dicts: missing values None, times in UTC."""
    times = frame.select_dtypes("datetimetz")
    texts = {str(name): times[name].dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for name in times}
    clean = frame.assign(**texts).astype("object").where(frame.notna(), None)
    return [dict(zip(map(str, clean), cells, strict=True)) for cells in rows_of(clean)]
