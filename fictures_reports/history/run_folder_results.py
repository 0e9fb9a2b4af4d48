"""The results of some runs of a folder of run files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.errors import ReadError
from fictures_reports.history.run_file_rows import stored_rows, whole_runs
from fictures_reports.history.run_folder import FILE, RunChanged, by_file, runs_or_error, snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa  # type: ignore[import-untyped]


def results_of(folder: str, runs: Sequence[dict[str, Any]], wanted: Any, columns: Any) -> pa.Table:
    """Read the results of runs where they stood, or where they stand now if a file went away.

    `runs` are rows as `Snapshot.rows` gives them; `wanted` is a filter on cases or tests. Raises
    `FileNotFoundError` if a file goes away meanwhile, `RunChanged` if a run is not there as it was.
    """
    try:
        return _read(runs, wanted, columns)
    except FileNotFoundError:
        now = {copy.row["ingest_id"]: copy.file for copy in snapshot(folder).copies}
    if not now.keys() >= {row["ingest_id"] for row in runs}:
        raise RunChanged(f"{folder}: a run was changed while it was read – try again")
    return _read([row | {FILE: now[row["ingest_id"]]} for row in runs],
                 wanted, columns)  # fmt: skip


def _read(runs: Sequence[dict[str, Any]], wanted: Any, columns: Any) -> pa.Table:
    import pyarrow as pa

    whole: dict[str, dict[str, Any]] = {}
    parts = []
    for file, runs_of_file in by_file(runs).items():
        ids, in_file = [row["ingest_id"] for row in runs_of_file], runs_or_error(file)
        if in_file is None:
            raise FileNotFoundError(file)
        if isinstance(in_file, ReadError):
            raise in_file
        if len(in_file) == 1 and in_file[0]["ingest_id"] in ids:
            whole[file] = in_file[0]
        else:
            parts.append(stored_rows(file, ids, wanted, columns))
    if whole:
        parts.append(whole_runs(whole, wanted, columns))
    return pa.concat_tables(parts)
