"""Where the time went: slow tests, changed tests, and workers kept busy by time-outs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.statistics import false_discovery

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run

#: A difference between two single runs counts only if it exceeds both; still weak evidence.
FLOOR_S: Final = 1.0
FLOOR_RATIO: Final = 1.5
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

    @property
    def timeout_share(self) -> float:
        """Share (0–1) of the capacity that time-outs took; NaN if that is not known."""
        return self.timeout_s / self.capacity_s if self.capacity_s else math.nan


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

    Cases that ran on both sides with a known duration. Columns: case_id, test, before_s, after_s,
    difference_s (after − before), ratio (after ÷ before), before_category, after_category.
    """
    import pandas as pd

    ran = c.changes[c.changes[["before_outcome", "after_outcome"]].isin(_RAN).all(axis=1)]
    before, after = ran["before_duration_s"], ran["after_duration_s"]
    rows = pd.DataFrame({
        "case_id": ran["case_id"], "test": ran["title"], "before_s": before, "after_s": after,
        "difference_s": after - before, "ratio": (after / before).where(before > 0),
        "before_category": ran["before_category"], "after_category": ran["after_category"],
    })  # fmt: skip
    far = (rows["ratio"] >= FLOOR_RATIO) | (rows["ratio"] <= 1 / FLOOR_RATIO)
    kept = rows[far & (rows["difference_s"].abs() >= FLOOR_S)]
    return kept.sort_values("difference_s", key=abs, ascending=False, ignore_index=True)


def over_runs(before: Sequence[Run], after: Sequence[Run]) -> pd.DataFrame:
    """Return the cases whose duration changed over several runs a side, the largest move first.

    Durations of passed results are compared by rank (Mann, H. B. and Whitney, D. R. (1947), On a
    test of whether one of two random variables is stochastically larger than the other, Annals of
    Mathematical Statistics 18, 50–60), with false discoveries held to 5 %. A change counts only if
    the medians also differ by both floors. Columns: case_id, title, n_before, n_after, before_s
    and after_s (medians), difference_s, ratio, p_value, q_value. Cases with fewer than
    `FEWEST_RUNS` a side are left out: no ranks of so few could differ by more than chance.
    """
    import pandas as pd
    from scipy.stats import mannwhitneyu

    sides = [_durations(runs) for runs in (before, after)]
    rows = []
    for case, (title, first) in sides[0].items():
        second = sides[1].get(case, ("", []))[1]
        if min(len(first), len(second)) >= FEWEST_RUNS:
            p_value = float(mannwhitneyu(first, second).pvalue)
            rows.append((case, title, len(first), len(second), *_medians(first, second), p_value))
    names = ["case_id", "title", "n_before", "n_after", "before_s", "after_s", "p_value"]
    table = pd.DataFrame(rows, columns=names)
    table = table.assign(
        q_value=false_discovery(table["p_value"].tolist()),
        difference_s=table["after_s"] - table["before_s"],
        ratio=(table["after_s"] / table["before_s"]).where(table["before_s"] > 0),
    )
    far = (table["ratio"] >= FLOOR_RATIO) | (table["ratio"] <= 1 / FLOOR_RATIO)
    told = table[far & (table["difference_s"].abs() >= FLOOR_S) & (table["q_value"] <= ALPHA)]
    return told.sort_values("difference_s", key=abs, ascending=False, ignore_index=True)


def _durations(runs: Sequence[Run]) -> dict[str, tuple[str, list[float]]]:
    found: dict[str, tuple[str, list[float]]] = {}
    for run in runs:
        passed = run.results[(run.results["status"] == "passed")].dropna(subset="duration_s")
        for row in rows_of(passed[["case_id", "title", "duration_s"]]):
            found.setdefault(row.case_id, (row.title, []))[1].append(row.duration_s)
    return found


def _medians(first: list[float], second: list[float]) -> tuple[float, float]:
    return median(first), median(second)


_RAN: Final = ("passed", "flaky", "failed")
