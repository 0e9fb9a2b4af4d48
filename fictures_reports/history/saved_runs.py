"""A run file as a run again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fictures_reports.errors import ReadError
from fictures_reports.history.result_rows import frame_from
from fictures_reports.history.run_file_footer import runs_in
from fictures_reports.history.run_file_rows import stored_rows
from fictures_reports.history.run_files import ENDING, REMOVED
from fictures_reports.history.stored_facts import info_from, ledger_from

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from fictures_reports.run import Run

_MAGIC = b"PAR1"


def is_run_file(path: str | Path) -> bool:
    """Tell whether a path is that of a Parquet file; whether it holds a run is seen on reading."""
    place = Path(path)
    if place.suffix == ENDING:
        return place.is_file()
    try:
        with place.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def read_saved(path: str | Path) -> Run:
    """Read the one run of a run file.

    Raises `ReadError` for another Parquet file, a damaged one, and one with several runs.
    """
    found = [row for row in runs_in(path) if not row.get(REMOVED)]
    if len(found) != 1:
        folder = Path(path).absolute().parent
        hint = f"name one of them, such as {folder}@{found[-1]['label']}" if found else ""
        raise ReadError(path, f"holds {len(found) or 'no'} runs, expected one", hint)
    rows = stored_rows(path, [found[0]["ingest_id"]], None)
    return run_of(rows, found[0], str(path))


def run_of(rows: pa.Table, row: dict[str, Any], source: str) -> Run:
    """Make a run of its stored results and its row of the table of runs."""
    from fictures_reports.run import Run
    from fictures_reports.schema import COLUMN_NAMES

    results = frame_from(rows.sort_by("row"), COLUMN_NAMES)
    return Run(results, info_from(row), ledger_from(row), (source,))
