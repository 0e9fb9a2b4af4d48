"""What all tests of a side take longer or shorter than on the other: a machine, or the whole suite.

A slower machine is no forty slower tests: durations are compared after each run was divided by what
its tests have in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.common_factor import common_factors, timed
from fictures_reports.analysis.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.run import Run

#: What all tests share is reported from this factor on.
FACTOR: Final = 1.2
#: From so many runs a side on, the factors of the runs also have to differ by more than chance.
FEWEST_RUNS: Final = 4
ALPHA: Final = 0.05


@dataclass(frozen=True)
class CommonChange:
    """By how much all tests take longer after (below 1: shorter), from how many tests."""

    ratio: float
    n_cases: int

    @property
    def sentence(self) -> str:
        """Say it, and what it may come from."""
        n = counted(self.n_cases, "test")
        return f"All tests take ×{self.ratio:.2g} ({n}): the machine or the whole suite."


def durations_of(before: Sequence[Run], after: Sequence[Run]) -> pd.DataFrame:
    """Return the results that passed at once with a known duration, of cases that both sides have.

    Columns: case_id, title, status, duration_s, is_after, run_id (its place among the runs),
    and alone_s, the duration divided by the common factor of its run.
    """
    import pandas as pd

    runs = [(run, False) for run in before] + [(run, True) for run in after]
    parts = [
        run.results[["case_id", "title", "status", "duration_s"]].assign(
            run_id=i, is_after=is_after
        )
        for i, (run, is_after) in enumerate(runs)
    ]
    rows = timed(pd.concat(parts, ignore_index=True))
    rows = rows[rows.groupby("case_id")["is_after"].transform("nunique") == 2]
    factors = rows["run_id"].map(common_factors(rows))
    return rows.assign(factor=factors, alone_s=rows["duration_s"] / factors)


def common_change(rows: pd.DataFrame) -> CommonChange | None:
    """Find by how much all tests changed; None if by less than `FACTOR`, or perhaps by chance.

    `rows` as `durations_of` gives them. With few cases a run has no factor, see `common_factors`.
    """
    of_runs = rows.drop_duplicates("run_id")
    before, after = (of_runs.loc[of_runs["is_after"] == side, "factor"] for side in (False, True))
    if before.empty or after.empty:
        return None
    ratio = median(after) / median(before)
    if 1 / FACTOR < ratio < FACTOR:
        return None
    if min(len(before), len(after)) >= FEWEST_RUNS:
        from scipy.stats import mannwhitneyu

        if mannwhitneyu(before, after).pvalue > ALPHA:
            return None
    return CommonChange(ratio, int(rows["case_id"].nunique()))
