"""What the durations of a run have in common: another machine, or a suite that is slower."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

#: From so many cases on a run has a factor; of fewer a single slow one could make it.
LEAST_CASES: Final = 10


def timed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the results that passed at once with a known duration: others took other ways."""
    return rows[(rows["status"] == "passed") & (rows["duration_s"] > 0)]


def common_factors(line: pd.DataFrame) -> pd.Series[float]:
    """Return by how much each run of one line was slower than usual: run_id → factor.

    `line` has the columns run_id, case_id, status and duration_s. The factor is the median, over
    the cases that are `timed`, of the duration ÷ the case's own median over all runs; 1 where fewer
    than `LEAST_CASES` are. Runs without any are missing.
    """
    rows = timed(line)
    usual = rows.groupby("case_id")["duration_s"].transform("median")
    ratios = (rows["duration_s"] / usual).groupby(rows["run_id"])
    factors: pd.Series[float] = ratios.median().where(ratios.size() >= LEAST_CASES, 1.0)
    return factors
