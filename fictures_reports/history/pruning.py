"""Which runs of a history are more than are to be kept of their line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.errors import NoRuns
from fictures_reports.history.streams import rows_of_stream

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]


def surplus(
    runs: pa.Table, keep: int, *, branch: str | None, stream: str | None, path: str
) -> list[dict[str, Any]]:
    """Return the runs before the newest `keep` of each stream and branch, oldest first.

    Raises `NoRuns` for fewer than none, and for a branch or stream that there is not.
    """
    if keep < 0:
        raise NoRuns(f"keep {keep}: no number of runs, expected 0 or more")
    rows = rows_of_stream(runs, stream, path).to_pylist()
    if branch is not None:
        rows = _of_branch(rows, branch, path)
    return beyond(rows, keep)


def beyond(rows: list[dict[str, Any]], keep: int) -> list[dict[str, Any]]:
    """Return the rows before the last `keep` of each stream and branch; rows are oldest first."""
    lines: dict[tuple[Any, Any], list[dict[str, Any]]] = {}
    for row in rows:
        lines.setdefault((row["stream"], row["branch"]), []).append(row)
    old = {row["ingest_id"] for line in lines.values() for row in line[: max(0, len(line) - keep)]}
    return [row for row in rows if row["ingest_id"] in old]


def _of_branch(rows: list[dict[str, Any]], branch: str, path: str) -> list[dict[str, Any]]:
    found = [row for row in rows if row["branch"] == branch]
    if not found:
        known = ", ".join(sorted({row["branch"] for row in rows if row["branch"]}))
        raise NoRuns(
            f"{path}: no run of branch {branch!r} – branches are {known or 'not recorded'}"
        )
    return found
