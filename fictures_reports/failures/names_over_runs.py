"""Names of causes over many runs: each of its own, and the same in every part of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.failures.cause_names import names_by_id
from fictures_reports.failures.clusters import cluster_ids, table_of

if TYPE_CHECKING:
    import pandas as pd


def names_over_runs(history: pd.DataFrame) -> dict[str, str]:
    """Map each signature of a failure in many runs to the name of its cause.

    Of the rows case_id, status, category and signature are used, and file, title and message where
    they are there: to tell causes of one name apart, and for values that all members share.
    """
    failed = history["status"].isin(["failed", "flaky"]) & history["signature"].notna()
    rows = history[failed].drop_duplicates(["case_id", "category", "signature"])
    if "message" not in rows:
        rows = rows.assign(message=None)
    ids = cluster_ids(rows)
    names = names_by_id(table_of(rows, ids))
    pairs = zip(rows["signature"], ids, strict=True)
    return {str(signature): names[cluster] for signature, cluster in pairs}
