"""Counts of cases by what they were before and what they are after."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def crosstab(frame: pd.DataFrame, rows: str, columns: str, order: list[str] | None) -> pd.DataFrame:
    """Count rows by two columns, one of them the index `before`, the other the columns `after`.

    Both have the words of `order`, where it is given, zeros included.
    """
    counts = frame.groupby([rows, columns]).size().unstack(fill_value=0)
    if order is not None:
        counts = counts.reindex(index=order, columns=order, fill_value=0)
    return counts.rename_axis(index="before", columns="after").astype("int64")
