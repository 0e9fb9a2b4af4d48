"""What is counted as passed, as run, and as a new failure: once, for all who count."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.run import Run


def pass_rate(totals: dict[str, int], *, executed: bool = False) -> float:
    """Return passed ÷ cases (0–1), where flaky and unexpected passes count as passed.

    With `executed`, over the cases that ran to an end: not skipped, not_run, interrupted or
    xfailed. NaN over nothing.
    """
    good, whole = passed_of(totals, executed=executed)
    return good / whole if whole else math.nan


def passed_of(totals: dict[str, int], *, executed: bool = False) -> tuple[int, int]:
    """Return the two counts that `pass_rate` divides."""
    good = totals["passed"] + totals["flaky"] + totals["xpassed"]
    return good, good + totals["failed"] if executed else totals["cases"]


def pass_rates(runs: Sequence[Run]) -> pd.DataFrame:
    """Return label, rate (0–1, of all cases, NaN without any) and cases of each run, in order."""
    import pandas as pd

    rows = [(run.label, pass_rate(run.totals), len(run.results)) for run in runs]
    return pd.DataFrame(rows, columns=["label", "rate", "cases"])
