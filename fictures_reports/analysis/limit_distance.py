"""How far measured numbers are from their limits, each in the direction in which it missed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from fictures_reports.failures.measured_limit import times_missed

if TYPE_CHECKING:
    import pandas as pd


def times_off(misses: pd.DataFrame) -> pd.Series[float]:
    """Return how many times too large or too small each number was; 1 is just at its limit.

    `misses` has measured, comparator and limit. measured ÷ limit where the limit bounds from above,
    limit ÷ measured where it bounds from below, the larger of both for closeness (`==`). Infinite
    where zero or less was measured and more was asked for, missing where no ratio tells.
    """
    import pandas as pd

    columns = (misses[name].tolist() for name in ("measured", "comparator", "limit"))
    far = [_times_off(*row) for row in zip(*columns, strict=True)]
    return pd.Series(far, index=misses.index, dtype="float64")


def farthest_first(misses: pd.DataFrame) -> pd.DataFrame:
    """Order measurements by how far they missed; those without a ratio come last."""
    order = times_off(misses).sort_values(ascending=False, kind="stable", na_position="last")
    return misses.loc[order.index].reset_index(drop=True)


def _times_off(measured: float, comparator: str, limit: float) -> float:
    """Return it for one number.

    >>> _times_off(5, ">=", 50), _times_off(30, "<", 10), _times_off(4, "==", 8)
    (10.0, 3.0, 2.0)
    >>> _times_off(0, ">", 100), _times_off(3, "<", 0)
    (inf, nan)
    """
    if comparator == "==" and measured * limit > 0:
        return max(measured / limit, limit / measured)
    if comparator in (">", ">=") and measured <= 0 < limit:
        return math.inf
    return times_missed(measured, comparator, limit)
