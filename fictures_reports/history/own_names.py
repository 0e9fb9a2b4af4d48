"""Ids and labels that runs have in a history, put beside their results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa  # type: ignore[import-untyped]

from fictures_reports.history.run_identity import CONTENT, told_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What a run may have another of in the history than where its results are stored.
NAMES: Final = ("run_id", "label")


def with_own_names(rows: pa.Table) -> pa.Table:
    """Tell the rows of the table of runs apart, oldest first; `CONTENT` keeps the stored ids."""
    ids = rows["run_id"].to_pylist()
    with_ids = rows.append_column(CONTENT, rows["run_id"])
    if len(set(ids)) == len(ids):
        return with_ids
    return pa.Table.from_pylist(told_apart(with_ids.to_pylist()), schema=with_ids.schema)


def are_renamed(runs: pa.Table) -> bool:
    """Tell whether runs have other ids here than where their results are stored."""
    return bool(runs["run_id"] != runs[CONTENT])


def named_in(results: pa.Table, runs: Sequence[dict[str, Any]]) -> pa.Table:
    """Give results the ids and labels of their runs; `ingest_id` tells which run that is."""
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    names = [name for name in NAMES if name in results.column_names]
    if not names or not len(results):
        return results
    known = pa.array([run["ingest_id"] for run in runs], pa.string())
    at = pc.index_in(results["ingest_id"], known)
    for name in names:
        values = pa.array([run[name] for run in runs], pa.string())
        field = results.schema.field(name)
        results = results.set_column(results.column_names.index(name), field, values.take(at))
    return results
