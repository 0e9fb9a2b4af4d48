"""Runs that say more about the surroundings than about the tests: outages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.wording import percent
from fictures_reports.history_analysis.aggregates import RAN

if TYPE_CHECKING:
    import pandas as pd

#: Share of the cases that ran and failed from which a run may be degraded.
SHARE: Final = 0.2
#: … if that is also so many times the usual share, and most failures are of one cluster;
TIMES_USUAL: Final = 3.0
IN_ONE_CLUSTER: Final = 0.5
#: or if it exceeds the usual by `SHARE` and by so many standard deviations (1.4826 × the median
#: absolute deviation, Rousseeuw and Croux 1993), which needs so many runs to compare with.
DEVIATIONS: Final = 6.0
ENOUGH_RUNS: Final = 5
#: More of them in a row are no outage but how things are.
LONGEST: Final = 3


def degraded(history: pd.DataFrame) -> pd.DataFrame:
    """Tell which runs are degraded: most failures of one cluster, or far more than usual.

    `history` is a frame as `History.load` gives it. One row per run, oldest first: run_id, label,
    run_at, n_ran, n_failed, share (0–1, NaN if nothing ran), cluster_share (of the failures in the
    largest cluster), degraded, and why in words ("" if it is not).
    """
    import pandas as pd

    order = ["run_at", "run_id"]
    runs = history[["run_id", "label", "run_at"]].drop_duplicates("run_id").sort_values(order)
    ran = history[history["status"].isin(RAN)]
    failed = ran[ran["status"] == "failed"]
    table = runs.set_index("run_id")
    table["n_ran"] = ran.groupby("run_id").size().reindex(table.index, fill_value=0)
    table["n_failed"] = failed.groupby("run_id").size().reindex(table.index, fill_value=0)
    table["share"] = (table["n_failed"] / table["n_ran"]).where(table["n_ran"] > 0)
    in_cluster = failed.assign(cluster=_clusters(failed)).groupby(["run_id", "cluster"]).size()
    largest = in_cluster.groupby("run_id").max().reindex(table.index, fill_value=0)
    table["cluster_share"] = (largest / table["n_failed"]).where(table["n_failed"] > 0)
    why = pd.Series(_reasons(table), index=table.index, dtype="str")
    table["degraded"] = _short(why != "")
    table["why"] = why.where(table["degraded"], "")
    return table.reset_index()


def without(history: pd.DataFrame, degraded: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a history without its degraded runs; `degraded` as its function's."""
    left_out = degraded.loc[degraded["degraded"], "run_id"]
    return history[~history["run_id"].isin(left_out)]


def _clusters(failed: pd.DataFrame) -> pd.Series[Any]:
    """Name each failure's cluster by the core of its text, or else by its category."""
    from fictures_reports.failures.clusters import core_of

    ids = {text: core_of(text).id for text in failed["signature"].dropna().unique()}
    return failed["signature"].map(ids).astype("str").fillna(failed["category"]).fillna("?")


def _reasons(table: pd.DataFrame) -> list[str]:
    shares = table["share"].dropna()
    usual = float(shares.median()) if len(shares) else 0.0
    spread = 1.4826 * float((shares - usual).abs().median()) if len(shares) else 0.0
    far = usual + max(SHARE, DEVIATIONS * spread)
    return [
        _reason(failed, ran, share, in_one, usual, far if len(shares) > ENOUGH_RUNS else 2.0)
        for failed, ran, share, in_one in zip(
            table["n_failed"], table["n_ran"], table["share"], table["cluster_share"], strict=True
        )
    ]


def _reason(failed: int, ran: int, share: float, in_one: float, usual: float, far: float) -> str:
    counts = f"{failed} of {ran} failed, usually {percent(usual, 1)}"
    if share >= max(SHARE, TIMES_USUAL * usual) and in_one >= IN_ONE_CLUSTER:
        return f"{counts}; {percent(in_one, 1)} of the failures are one cluster"
    return counts if share >= far else ""


def _short(flags: pd.Series[bool]) -> pd.Series[bool]:
    """Take the flag from stretches that last longer than an outage."""
    stretch = (flags != flags.shift()).cumsum()
    return flags & (flags.groupby(stretch).transform("size") <= LONGEST)
