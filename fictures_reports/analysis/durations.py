"""Where the time went: slow tests, changed tests, and workers kept busy by time-outs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.runs import Run

#: A difference between two single runs counts only if it exceeds both; still weak evidence.
FLOOR_S: Final = 1.0
FLOOR_RATIO: Final = 1.5


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


_RAN: Final = ("passed", "flaky", "failed")
