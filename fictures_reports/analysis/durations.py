"""Where the time went: slow tests, changed tests, and workers kept busy by time-outs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.common_duration import (
    CommonChange,
    common_change,
    durations_of,
)
from fictures_reports.analysis.statistics import false_discovery

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run

#: A difference between two single runs counts only if it exceeds both; still weak evidence.
FLOOR_S: Final = 1.0
FLOOR_RATIO: Final = 1.5
#: Over several runs a side chance is ruled out by ranks: a smaller difference counts.
FLOOR_RUNS: Final = 1.2
FLOOR_RUNS_S: Final = 0.05
#: With fewer runs a side even wholly separate durations have p > 0.05 (2 of 20 orders at 3 + 3).
FEWEST_RUNS: Final = 4
#: The share of false finds among all that is named.
ALPHA: Final = 0.05


@dataclass(frozen=True)
class WorkerTime:
    """How a run's workers spent their time, in seconds; NaN where the producer does not tell."""

    n_workers: int | None
    wall_s: float
    #: all results' durations together
    busy_s: float
    #: of that, results that ended in a time-out
    timeout_s: float

    @property
    def capacity_s(self) -> float:
        """Wall time × workers: what there was to spend."""
        return self.wall_s * self.n_workers if self.n_workers else math.nan

    @property
    def ideal_s(self) -> float:
        """Wall time if every worker had been busy from the first moment to the last."""
        return self.busy_s / self.n_workers if self.n_workers else math.nan


def worker_time(run: Run) -> WorkerTime:
    """Add up how long the run's workers were busy, and how long with tests that timed out."""
    seconds, timed_out = run.results["duration_s"], run.results["category"] == "timeout"
    wall = math.nan if run.info.duration_s is None else run.info.duration_s
    return WorkerTime(
        run.info.n_workers, wall, float(seconds.sum()), float(seconds[timed_out].sum())
    )


def files(run: Run) -> pd.DataFrame:
    """Return each file's time, the slowest first: file, tests, total_s, share (0–1 of all)."""
    grouped = run.results.groupby("file")["duration_s"]
    table = grouped.agg(["size", "sum"]).set_axis(["tests", "total_s"], axis=1).reset_index()
    total = table["total_s"].sum()
    share = table["total_s"] / total if total else math.nan
    return table.assign(share=share).sort_values("total_s", ascending=False, ignore_index=True)


def slowest(run: Run, n: int = 10) -> pd.DataFrame:
    """Return the n results that took longest, longest first; unknown durations are left out."""
    return run.results.dropna(subset="duration_s").nlargest(n, "duration_s", keep="all").head(n)


def changed(c: Comparison) -> pd.DataFrame:
    """Return the cases whose duration moved beyond both floors, the largest move first.

    Cases that ran on both sides with a known duration, beside what all tests share: the durations
    after are expected to be those before times the ratio that `common_change` gives. With
    `FEWEST_RUNS` a side, the cases that `over_runs` finds.

    Columns: case_id, test, before_s, after_s, difference_s (after − before), ratio (after ÷
    before), alone (this ratio beside what all tests share), before_category, after_category.
    """
    return changed_beside(c, shared(c))


def changed_beside(c: Comparison, common: CommonChange | None) -> pd.DataFrame:
    """Return what `changed` does, where what all tests share is at hand."""
    import pandas as pd

    factor = common.ratio if common else 1.0
    if min(len(c.before_runs), len(c.after_runs)) >= FEWEST_RUNS:
        return _over_runs_of(c, factor)
    ran = c.changes[c.changes[["before_outcome", "after_outcome"]].isin(_RAN).all(axis=1)]
    before, after = ran["before_duration_s"], ran["after_duration_s"]
    rows = pd.DataFrame({
        "case_id": ran["case_id"], "test": ran["title"], "before_s": before, "after_s": after,
        "difference_s": after - before, "ratio": (after / before).where(before > 0),
        "alone": (after / factor / before).where(before > 0),
        "before_category": ran["before_category"], "after_category": ran["after_category"],
    })  # fmt: skip
    beyond = rows[
        _beyond(rows["alone"], FLOOR_RATIO) & ((after / factor - before).abs() >= FLOOR_S)
    ]
    return beyond.sort_values("difference_s", key=abs, ascending=False, ignore_index=True)


def shared(c: Comparison) -> CommonChange | None:
    """Return by how much all tests of a comparison take longer or shorter; None if they do not."""
    return common_change(durations_of(c.before_runs, c.after_runs))


def _over_runs_of(c: Comparison, factor: float) -> pd.DataFrame:
    found = over_runs(c.before_runs, c.after_runs)
    table = found.rename(columns={"title": "test"}).assign(
        alone=found["ratio"], ratio=found["ratio"] * factor,
        before_category=None, after_category=None,
    )  # fmt: skip
    return table[list(_MOVED)]


def over_runs(before: Sequence[Run], after: Sequence[Run]) -> pd.DataFrame:
    """Return the cases whose duration changed over several runs a side, the largest move first.

    Durations of passed results, each divided by the common factor of its run, are compared by rank
    (Mann, H. B. and Whitney, D. R. (1947), On a test of whether one of two random variables is
    stochastically larger than the other, Annals of Mathematical Statistics 18, 50–60), with false
    discoveries held to 5 %. A change counts only if the medians also differ by a factor of
    `FLOOR_RUNS` and by `FLOOR_RUNS_S`. Ranks of few runs could not tell one among many tests, so
    durations that are wholly apart count, too, if their medians differ by `FLOOR_RATIO`. Columns:
    case_id, title, n_before, n_after, before_s and after_s (medians of the divided durations),
    difference_s, ratio, p_value, q_value. Cases with fewer than `FEWEST_RUNS` a side are left out:
    no ranks of so few could differ by more than chance.
    """
    import pandas as pd
    from scipy.stats import mannwhitneyu

    rows = []
    for case, of_case in durations_of(before, after).groupby("case_id", sort=False):
        first, second = (
            of_case.loc[of_case["is_after"] == side, "alone_s"].tolist() for side in (False, True)
        )
        if min(len(first), len(second)) >= FEWEST_RUNS:
            p_value = float(mannwhitneyu(first, second).pvalue)
            counts = len(first), len(second)
            medians = median(first), median(second)
            apart = max(first) < min(second) or max(second) < min(first)
            rows.append((case, of_case["title"].iloc[0], *counts, *medians, p_value, apart))
    names = ["case_id", "title", "n_before", "n_after", "before_s", "after_s", "p_value", "apart"]
    table = pd.DataFrame(rows, columns=names)
    table = table.assign(
        q_value=false_discovery(table["p_value"].tolist()),
        difference_s=table["after_s"] - table["before_s"],
        ratio=(table["after_s"] / table["before_s"]).where(table["before_s"] > 0),
    )
    sure = (table["q_value"] <= ALPHA) & _beyond(table["ratio"], FLOOR_RUNS)
    apart = table["apart"].astype(bool) & _beyond(table["ratio"], FLOOR_RATIO)
    differing = table[(sure | apart) & (table["difference_s"].abs() >= FLOOR_RUNS_S)]
    differing = differing.drop(columns="apart")
    return differing.sort_values("difference_s", key=abs, ascending=False, ignore_index=True)


def _beyond(ratio: pd.Series[float], factor: float) -> pd.Series[bool]:
    return (ratio >= factor) | (ratio <= 1 / factor)


_RAN: Final = ("passed", "flaky", "failed")
_MOVED: Final = (
    "case_id", "test", "before_s", "after_s", "difference_s", "ratio", "alone", "before_category",
    "after_category",
)  # fmt: skip
