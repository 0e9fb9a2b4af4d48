"""One cause that took half of what ran in a run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.change_phrases import noun_of
from fictures_reports.analysis.sides import TRIED
from fictures_reports.analysis.wording import counted
from fictures_reports.failures.cause_names import names_by_id
from fictures_reports.schema import OUTCOME_OF

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.run import Run

#: An outage took at least so many tests, and half of those that ran.
LEAST_IN_OUTAGE: Final = 3


def struck(run: Run, rows: pd.Series[bool]) -> tuple[str, int, int]:
    """Return the cause that took half of what ran, how many of `rows` have it, and how many ran.

    The name is "" where no cause took so many, and at least three.
    """
    n_ran = int(run.results["status"].map(OUTCOME_OF).isin(TRIED).sum())
    causes = Counter(run.cause_ids[rows].dropna().tolist()) if rows.any() else Counter()
    cause, n = next(iter(causes.most_common(1)), ("", 0))
    if n < LEAST_IN_OUTAGE or 2 * n < n_ran:
        return "", n, n_ran
    return str(names_by_id(run.causes)[cause]), n, n_ran


def counted_rows(run: Run, n: int) -> str:
    """Count tests of a run, or cases where its tests ran in several places."""
    return counted(n, noun_of(run.results))
