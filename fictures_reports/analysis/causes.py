"""Causes over two runs: which are gone, which stayed, which are new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.analysis.reasons import rows_of

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.analysis.compare import Comparison


def cluster_flow(c: Comparison) -> pd.DataFrame:
    """Return one row per cluster of failures on either side: gone, stayed or new.

    Columns: cluster, name, category, before and after (failing cases in it), state. The clusters
    of `before` are known when those of `after` are formed, so near-equal texts keep their id. New
    ones first, then what stayed, each by the number of tests it holds after and before.
    """
    import pandas as pd

    from fictures_reports.clusters import clusters

    old = clusters(_failed(c.before.results))
    new = clusters(_failed(c.after.results), known=old)
    sides = [{row.cluster: row for row in rows_of(side)} for side in (old, new)]
    rows = []
    for cluster in dict.fromkeys([*sides[1], *sides[0]]):
        first, second = (side.get(cluster) for side in sides)
        shown: Any = second or first
        state = "stayed" if first and second else "new" if second else "gone"
        counts = [row.n_cases if row else 0 for row in (first, second)]
        rows.append((cluster, shown.name, shown.category, *counts, state))
    table = pd.DataFrame(rows, columns=["cluster", "name", "category", "before", "after", "state"])
    order = {"new": 0, "stayed": 1, "gone": 2}
    keys = table.assign(key=table["state"].map(order)).sort_values(
        ["key", "after", "before"], ascending=[True, False, False], kind="stable"
    )
    return table.loc[keys.index].reset_index(drop=True)


def clusters_of_sides(c: Comparison) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Return the cluster id of every failing result before and after, under `cluster_flow`'s ids.

    The index is that of the run's results; results without a text are left out.
    """
    from fictures_reports.clusters import cluster_ids, clusters

    first, second = _failed(c.before.results), _failed(c.after.results)
    old = cluster_ids(first)
    return old.dropna(), cluster_ids(second, known=clusters(first)).dropna()


def _failed(results: pd.DataFrame) -> pd.DataFrame:
    return results[results["status"] == "failed"]
