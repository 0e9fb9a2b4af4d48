"""How sure: whether a change between runs is more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.statistics import (
    false_discovery,
    fewest_to_notice,
    fisher_more,
    paired_exact,
)
from fictures_reports.analysis.wording import counted
from fictures_reports.schema import OUTCOME_OF

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run

#: A result this unlikely under chance is called more than chance.
ALPHA: Final = 0.05
#: A case is a regression only if its failure rate rose by this much and it failed this often.
LEAST_DROP: Final = 0.05
LEAST_FAILURES: Final = 2


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
        tests = f"{self.n_better} fixed against {self.n_worse} broken is {word} by itself"
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
    ids = run.cluster_ids[run.results["case_id"].isin(set(cases))].tolist()
    named = {cluster for cluster in ids if isinstance(cluster, str)}
    # A failure without a text is a cause of its own.
    return len(named) + sum(not isinstance(cluster, str) for cluster in ids)


def several(before: Sequence[Run], after: Sequence[Run]) -> pd.DataFrame:
    """Weigh each case over several runs a side.

    One row per case: case_id, title, n_before and n_after (runs in which it passed or failed),
    failed_before and failed_after, drop (rise of the failure rate, 0–1), p_value (Fisher's exact
    test, one-sided for more failures after), q_value (Benjamini-Hochberg over all cases that could
    have been noticed) and verdict: "regression", "improvement", "no change seen", or "not enough
    runs" where not even failing every run after would have been noticed.

    An improvement is the same test with the sides exchanged. Flaky results count as passed.
    """
    import pandas as pd

    counts = _counts(before, "before").join(_counts(after, "after"), how="outer")
    counts = counts.fillna({name: 0 for name in counts if not str(name).startswith("title")})
    rows = [
        (int(r.n_before), int(r.failed_before), int(r.n_after), int(r.failed_after))
        for r in rows_of(counts)
    ]
    able = [fewest_to_notice(nb, na) is not None for nb, _, na, _ in rows]
    worse = [fisher_more(fb, nb, fa, na) for nb, fb, na, fa in rows]
    better = [fisher_more(fa, na, fb, nb) for nb, fb, na, fa in rows]
    q_worse, q_better = _adjusted(worse, able), _adjusted(better, able)
    drops = [fa / na - fb / nb if na and nb else float("nan") for nb, fb, na, fa in rows]
    frame = pd.DataFrame(
        {
            "case_id": counts.index,
            "title": _either(counts["title_before"], counts["title_after"]),
            "n_before": [r[0] for r in rows],
            "failed_before": [r[1] for r in rows],
            "n_after": [r[2] for r in rows],
            "failed_after": [r[3] for r in rows],
            "drop": drops,
            "p_value": worse,
            "q_value": q_worse,
        }
    ).reset_index(drop=True)
    return frame.assign(
        verdict=[
            _verdict(row, drop, qw, qb, is_able=ok)
            for row, drop, qw, qb, ok in zip(rows, drops, q_worse, q_better, able, strict=True)
        ]
    )


def _verdict(
    row: tuple[int, int, int, int], drop: float, q_worse: float, q_better: float, *, is_able: bool
) -> str:
    _, failed_before, _, failed_after = row
    if not is_able:
        return "not enough runs"
    if q_worse <= ALPHA and drop >= LEAST_DROP and failed_after >= LEAST_FAILURES:
        return "regression"
    if q_better <= ALPHA and -drop >= LEAST_DROP and failed_before >= LEAST_FAILURES:
        return "improvement"
    return "no change seen"


def _adjusted(p_values: list[float], able: list[bool]) -> list[float]:
    """Adjust only what could have been noticed: hopeless tests would dilute the others."""
    adjusted = iter(false_discovery([p for p, ok in zip(p_values, able, strict=True) if ok]))
    return [next(adjusted) if ok else float("nan") for ok in able]


def _counts(runs: Sequence[Run], side: str) -> pd.DataFrame:
    import pandas as pd

    parts = [run.results[["case_id", "title", "status"]] for run in runs]
    rows = pd.concat(parts, ignore_index=True)
    outcome = rows["status"].map(OUTCOME_OF)
    ended = rows[outcome.isin(["passed", "flaky", "failed"])]
    grouped = ended.assign(failed=outcome == "failed").groupby("case_id")
    return pd.DataFrame(
        {
            f"n_{side}": grouped.size(),
            f"failed_{side}": grouped["failed"].sum(),
            f"title_{side}": grouped["title"].first(),
        }
    )


def _either(first: pd.Series[str], second: pd.Series[str]) -> pd.Series[str]:
    return first.where(first.notna(), second)
