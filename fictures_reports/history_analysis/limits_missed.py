"""Numbers that missed their limit, run by run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS: Final = [
    "case_id", "title", "label", "run_at", "measured", "comparator", "limit", "unit", "ratio",
]  # fmt: skip


def missed_limits(history: pd.DataFrame) -> pd.DataFrame:
    """Return every number that missed its limit, oldest first, with the test's name as `test`."""
    missed = history[(history["category"] == "threshold_miss") & history["measured"].notna()]
    ordered = missed.sort_values(["run_at", "run_id"], kind="stable")[_COLUMNS]
    return ordered.rename(columns={"title": "test"}).reset_index(drop=True)
