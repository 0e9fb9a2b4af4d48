"""The rows of a frame as tuples whose fields have the columns' names."""

from __future__ import annotations

from collections import namedtuple
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """Return a frame's rows as tuples with the columns' names."""
    # itertuples compiles a class at every call, which costs more than small frames' rows.
    row = _row_class(tuple(map(str, frame.columns)))
    # all columns at once: one by one takes twice as long where there are few rows
    return [row._make(values) for values in frame.to_numpy(dtype=object).tolist()]


@cache
def _row_class(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)  # noqa: PYI024
