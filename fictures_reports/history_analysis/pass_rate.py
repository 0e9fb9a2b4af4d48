"""The pass rate of whole runs, which a report without charts needs, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

#: the counts of a run's totals that are passes
PASSES: Final = ("passed", "flaky", "xpassed")


def pass_rate_of_runs(totals: pd.DataFrame) -> pd.Series[float]:
    """Return the share (0–1) of each run's cases that passed; NaN for a run without cases.

    `totals` has a row per run with its counts `cases`, `passed`, `flaky` and `xpassed`.
    """
    good = totals[list(PASSES)].sum(axis=1)
    return (good / totals["cases"]).where(totals["cases"] > 0)
