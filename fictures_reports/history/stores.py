"""The forms of a history, and which one stands at a place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from fictures_reports.errors import HistoryError, did_you_mean
from fictures_reports.extras import require
from fictures_reports.history.run_folder import is_folder_of_run_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    import pyarrow as pa  # type: ignore[import-untyped]
    from duckdb import DuckDBPyRelation

    from fictures_reports.classification import Rule
    from fictures_reports.history.appended import Appended
    from fictures_reports.history.location import Location
    from fictures_reports.run import Run

FILES: Final = "files"
DELTA: Final = "delta"
FORMATS: Final = (FILES, DELTA)


class Store(Protocol):
    """What every form of a history does; see `DeltaStore`."""

    def rows(self) -> pa.Table:
        """Return the rows of the table of runs, oldest run first."""
        ...

    def append(self, run: Run, row: dict[str, Any]) -> Appended:
        """Add a run, whose facts are `row`, unless it was there before."""
        ...

    def read(
        self, runs: Sequence[dict[str, Any]], wanted: Any = None, columns: Any = None
    ) -> pa.Table:
        """Read the results of some runs, as far as a filter wants them."""
        ...

    def files(self) -> list[str]:
        """Return the Parquet files that hold the results."""
        ...

    def scan(self) -> DuckDBPyRelation:
        """Return all results as a lazy DuckDB relation."""
        ...

    def to_spark(self, session: Any) -> Any:
        """Return all results as a lazy Spark frame."""
        ...

    def compact(self) -> None:
        """Put the files of many appends together."""
        ...

    def vacuum(self, keep: timedelta) -> list[str]:
        """Delete what nobody reads any more, and return the names."""
        ...

    def reclassify(self, rules: Sequence[Rule] | None) -> int:
        """Classify all runs again; return how many changed."""
        ...

    def amend(self, row: dict[str, Any], facts: Mapping[str, Any]) -> None:
        """Change label, commit, branch or stream of a run."""
        ...

    def remove(self, row: dict[str, Any]) -> None:
        """Take a run away."""
        ...

    def drop(self, rows: Sequence[dict[str, Any]]) -> None:
        """Delete runs for their age, not for what they are."""
        ...

    def repair(self) -> int:
        """Mend what an earlier version wrote; return how many files that were."""
        ...


def form_of(place: Location) -> str | None:
    """Return the form of the history at a place, None where there is none."""
    if place.exists:
        return DELTA
    if not place.is_remote and is_folder_of_run_files(place.path):
        return FILES
    return None


def store_at(place: Location, wished: str | None) -> Store:
    """Open the history at a place; one that is not there has the form wished for.

    Raises `HistoryError` for a form that there is not, and for another than the history has.
    """
    if wished is not None and wished not in FORMATS:
        raise HistoryError(f"format {wished!r} of a history{did_you_mean(wished, FORMATS)}")
    if place.is_remote and wished == FILES:
        raise HistoryError(f"{place.path}: run files lie in a folder; in a bucket it is 'delta'")
    # in a bucket there is only one form, and to look takes a request
    found = None if place.is_remote else form_of(place)
    if found and wished and wished != found:
        raise HistoryError(
            f"{place.path}: the history there is {found!r}, not {wished!r} – "
            "ingest it into a new one to change its form"
        )
    form = found or wished or default_form(place)
    if form == DELTA:
        require("lake", "a history as a Delta table")
        from fictures_reports.history.delta_store import DeltaStore

        return DeltaStore(place)
    from fictures_reports.history.folder_store import FolderStore

    return FolderStore(place.path)


def default_form(place: Location) -> str:
    """Return the form that a new history gets: run files, in a bucket a table."""
    return DELTA if place.is_remote or Path(place.path, "runs", "_delta_log").is_dir() else FILES
