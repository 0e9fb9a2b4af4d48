"""Counts of cases by where they came from and where they went."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def crosstab(frame: pd.DataFrame, rows: str, columns: str, order: list[str] | None) -> pd.DataFrame:
    """Count the rows by two columns; `order` are the names of both axes, else those that occur."""
    counts = frame.groupby([rows, columns]).size().unstack(fill_value=0)
    if order is not None:
        counts = counts.reindex(index=order, columns=order, fill_value=0)
    return counts.rename_axis(index="before", columns="after").astype("int64")
