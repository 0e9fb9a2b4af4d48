"""How sure: whether a change between runs is more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.statistics import fewest_to_notice, paired_exact
from fictures_reports.analysis.two_directions import q_values
from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run

#: A result this unlikely under chance is called more than chance.
ALPHA: Final = 0.05


@dataclass(frozen=True)
class Evidence:
    """The exact paired test on cases that passed on one side and failed on the other.

    `p_value` takes tests as independent, which tests with one cause are not; `cluster_p_value`
    counts each cluster of failures once.
    """

    n_worse: int
    n_better: int
    p_value: float
    n_worse_clusters: int
    n_better_clusters: int
    cluster_p_value: float

    @property
    def is_more_than_chance(self) -> bool:
        """Whether both counts, of tests and of clusters, are unlikely under chance."""
        return max(self.p_value, self.cluster_p_value) <= ALPHA

    @property
    def sentence(self) -> str:
        """Say what one run a side can tell."""
        n = self.n_worse + self.n_better
        if not n:
            return "No test passed on one side and failed on the other: nothing to weigh."
        word = "more than chance would give" if self.is_more_than_chance else "weak evidence"
        found = [(self.n_better, "fixed"), (self.n_worse, "broken")]
        finds = " against ".join(f"{n} {change}" for n, change in found if n)
        tests = f"{finds} is {word} by itself"
        clusters = counted(self.n_worse_clusters + self.n_better_clusters, "cause")
        return (
            f"{tests} (exact paired test, p = {self.p_value:.2g}; counting each of {clusters} "
            f"once, p = {self.cluster_p_value:.2g}). The test takes tests as independent, which "
            "those with one cause are not, and one run a side cannot tell a flaky test from a "
            "changed one."
        )


def paired(c: Comparison) -> Evidence:
    """Weigh the tests that changed sides between two single runs, one by one and by cluster."""
    worse, better = c.named("broken"), c.named("fixed")
    n_worse = _n_clusters(c.after, worse["case_id"])
    n_better = _n_clusters(c.before, better["case_id"])
    return Evidence(
        len(worse),
        len(better),
        paired_exact(len(worse), len(better)),
        n_worse,
        n_better,
        paired_exact(n_worse, n_better),
    )


def _n_clusters(run: Run, cases: pd.Series[str]) -> int:
    if cases.empty:
        return 0
    ids = run.cluster_ids[run.results["case_id"].isin(set(cases.tolist()))].tolist()
    named = {cluster for cluster in ids if isinstance(cluster, str)}
    # A failure without a text is a cause of its own.
    return len(named) + sum(not isinstance(cluster, str) for cluster in ids)


def over_runs(c: Comparison) -> pd.DataFrame:
    """Say what several runs a side show of each case; the same answers as `c.changes`.

    One row per case that either side tried: case_id, title, n_before and n_after (runs that tried
    it), failed_before and failed_after, drop (rise of the failure rate, 0–1), p_value (one-sided,
    for more failures after), q_value (see `two_directions.q_values`) and verdict: "regression",
    "improvement", "no change seen", or "not enough runs" where it seems to have changed and chance
    is not ruled out, or where not even failing every run after would have been noticed.
    """
    rows = c.changes[(c.changes["n_before"] > 0) | (c.changes["n_after"] > 0)]
    counts = ["n_before", "failed_before", "n_after", "failed_after"]
    frame = rows[["case_id", "title", *counts]].reset_index(drop=True)
    share = frame["failed_after"] / frame["n_after"] - frame["failed_before"] / frame["n_before"]
    return frame.assign(
        drop=share,
        p_value=rows["p_worse"].tolist(),
        q_value=q_values(list(zip(*(frame[name].tolist() for name in counts), strict=True))),
        verdict=[_verdict(row) for row in rows_of(rows)],
    )


def _verdict(row: Any) -> str:
    if row.unsure or fewest_to_notice(row.n_before, row.n_after) is None:
        return "not enough runs"
    return {"broken": "regression", "fixed": "improvement"}.get(row.change, "no change seen")
