"""Several runs in one file of a folder of run files: put them together, take some out."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fictures_reports.history.run_file_rows import stored_rows
from fictures_reports.history.run_files import ENDING
from fictures_reports.history.run_folder import FILE, Copy, by_file, snapshot
from fictures_reports.history.run_folder_changes import add_file, delete, drop_old_copies

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def compact(folder: str) -> None:
    """Put the runs of each month into one file, and delete those that they stood in."""
    for month, copies in _by_month(snapshot(folder).counting):
        if len({copy.file for copy in copies}) > 1:
            _pack(folder, month, copies)
    drop_old_copies(snapshot(folder))


def _by_month(copies: Iterable[Copy]) -> list[tuple[str, list[Copy]]]:
    months: dict[str, list[Copy]] = {}
    for copy in copies:
        months.setdefault(f"{copy.row['run_at']:%Y-%m}", []).append(copy)
    return sorted(months.items())


def drop(folder: str, runs: Sequence[dict[str, Any]]) -> None:
    """Delete runs with all their copies; unlike after `remove`, a copy from elsewhere is a run."""
    found, ids = snapshot(folder), {row["ingest_id"] for row in runs}
    files, doomed = set(), set()
    for copies in found.copies_by_run:
        if not ids.isdisjoint(copy.row["ingest_id"] for copy in copies):
            files |= {copy.file for copy in copies}
            doomed |= {copy.row["ingest_id"] for copy in copies}
    remaining = [c for c in found.counting if c.file in files and c.row["ingest_id"] not in doomed]
    for month, copies in _by_month(remaining):
        _pack(folder, month, copies)
    for name in files:
        delete(name)


def _pack(folder: str, month: str, copies: list[Copy]) -> None:
    import pyarrow as pa  # type: ignore[import-untyped]

    copies = sorted(copies, key=lambda copy: (copy.row["run_at"], copy.row["ingest_id"]))
    grouped = by_file(copy.row | {FILE: copy.file} for copy in copies)
    parts = [
        stored_rows(file, [row["ingest_id"] for row in rows]) for file, rows in grouped.items()
    ]
    rows = pa.concat_tables(parts).sort_by(
        [(n, "ascending") for n in ("run_at", "ingest_id", "row")]
    )
    ids = "\n".join(copy.row["ingest_id"] for copy in copies)
    name = f"{month}-{len(copies)}-runs-{sha256(ids.encode()).hexdigest()[:12]}{ENDING}"
    add_file(Path(folder, name), rows, [copy.row for copy in copies])
