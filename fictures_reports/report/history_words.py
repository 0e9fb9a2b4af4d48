"""What a report says of a history beside the standings, which tell it of every failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.analysis.compare import Comparison


@overload
def without_judged(c: Comparison, past: pd.DataFrame) -> pd.DataFrame: ...
@overload
def without_judged(c: Comparison, past: None) -> None: ...
def without_judged(c: Comparison, past: pd.DataFrame | None) -> pd.DataFrame | None:
    """Leave out of a `past` frame what the standings say already.

    Where a base branch is known they say what it did of every case that fails; what is left are
    new passes. Without a base nothing is left out. None stays None.
    """
    if past is None or c.base is None:
        return past
    judged = c.changes.loc[c.changes["standing"].notna(), "case_id"]
    return past[~past["case_id"].isin(judged)]
