"""Causes over two runs: which are gone, which stayed, which are new."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from fictures_reports.failures.cause_names import names_by_id
from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run


class Causes(NamedTuple):
    """What `cluster_flow` says, and the cluster of every failing result before and after.

    The index of `before` and `after` is that of the run's results; results without a text are left
    out.
    """

    flow: pd.DataFrame
    before: pd.Series[Any]
    after: pd.Series[Any]


def cluster_flow(c: Comparison) -> pd.DataFrame:
    """Return one row per cause of failures or skips on either side: gone, stayed or new.

    Columns: cluster, name, category, before and after (failing or skipped cases in it), state. The
    clusters of `before` are known when those of `after` are formed, so near-equal texts keep their
    id. New ones first, then what stayed, each by the number of tests it holds after and before;
    reasons of skips stand below the failures. Groups that people named take their causes' place.
    """
    return causes(c).flow


def causes(c: Comparison) -> Causes:
    """Form the clusters of both sides once, and say of each what became of it."""
    import pandas as pd

    from fictures_reports.failures.cause_groups import grouped, names_of_groups
    from fictures_reports.failures.clusters import cluster_ids, counted_of, skip_ids, table_of

    sides = [_with_cause(run.results) for run in (c.before, c.after)]
    first, second = sides
    old_ids = cluster_ids(_failed(first)).reindex(first.index).fillna(skip_ids(first))
    old = counted_of(first, old_ids)
    new_ids = cluster_ids(_failed(second), known=old).reindex(second.index)
    new_ids = new_ids.fillna(skip_ids(second, known=old))
    groups = groups_of_both(c)
    ids = [
        grouped(rows, of_rows, groups)
        for rows, of_rows in zip(sides, (old_ids, new_ids), strict=True)
    ]
    named = names_of_groups(groups)
    # named together: a name stands for one cause in the whole report
    both = table_of(pd.concat(sides, ignore_index=True), pd.concat(ids, ignore_index=True), named)
    names = names_by_id(both)
    tables = [counted_of(rows, of_rows) for rows, of_rows in zip(sides, ids, strict=True)]
    return Causes(_flow(tables[0], tables[1], names), ids[0].dropna(), ids[1].dropna())


def groups_of_both(c: Comparison) -> dict[str, Sequence[str]]:
    """Return the groups that people named for either side: they hold for both."""
    return {**c.before.groups, **c.after.groups}


def with_groups(subject: Comparison | Run, groups: Mapping[str, Sequence[str]]) -> Comparison | Run:
    """Return a run or a comparison with groups of causes before those that it has."""
    from fictures_reports.run import Run

    if not groups:
        return subject
    if isinstance(subject, Run):
        return replace(subject, groups={**groups, **_unnamed_groups(subject.groups, groups)})
    sides = {side: with_groups(getattr(subject, side), groups) for side in ("before", "after")}
    return replace(subject, **cast("Any", sides))


def _unnamed_groups(
    groups: Mapping[str, Sequence[str]], named: Mapping[str, Sequence[str]]
) -> dict[str, Sequence[str]]:
    return {name: patterns for name, patterns in groups.items() if name not in named}


def _with_cause(results: pd.DataFrame) -> pd.DataFrame:
    return results[results["status"].isin(["failed", "skipped"])]


def _flow(old: pd.DataFrame, new: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    import pandas as pd

    sides = [{row.cluster: row for row in rows_of(side)} for side in (old, new)]
    rows = []
    for cluster in dict.fromkeys([*sides[1], *sides[0]]):
        first, second = (side.get(cluster) for side in sides)
        shown: Any = second or first
        state = "stayed" if first and second else "new" if second else "gone"
        counts = [row.n_cases if row else 0 for row in (first, second)]
        rows.append((cluster, names[cluster], shown.category, *counts, state))
    table = pd.DataFrame(rows, columns=["cluster", "name", "category", "before", "after", "state"])
    order = {"new": 0, "stayed": 1, "gone": 2}
    skip = table["category"].astype("str").str.startswith("skipped")
    keys = table.assign(key=table["state"].map(order), skip=skip).sort_values(
        ["skip", "key", "after", "before"], ascending=[True, True, False, False], kind="stable"
    )
    return table.loc[keys.index].reset_index(drop=True)


def _failed(results: pd.DataFrame) -> pd.DataFrame:
    return results[results["status"] == "failed"]
