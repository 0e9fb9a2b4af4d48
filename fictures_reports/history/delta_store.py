"""The store of a history that is a Delta table, in a folder or bucket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.history import delta_log as log
from fictures_reports.history import table_files as files
from fictures_reports.history.append_ids import id_at
from fictures_reports.history.delta_errors import explained
from fictures_reports.history.own_names import are_renamed
from fictures_reports.history.repair import n_broken, repair
from fictures_reports.history.stored_results import rows_of
from fictures_reports.history.stored_runs import run_rows
from fictures_reports.history.tables import RESULTS, RUNS
from fictures_reports.history.typed_dataset import dataset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa  # type: ignore[import-untyped]
    from duckdb import DuckDBPyRelation

    from fictures_reports.classification import Rule
    from fictures_reports.history.appended import Appended
    from fictures_reports.history.location import Location
    from fictures_reports.run import Run

#: A writer that died this long ago will not finish; its rows may go.
_ABANDONED: Final = timedelta(days=1)


@dataclass(frozen=True)
class DeltaStore:
    """The two tables at a place."""

    place: Location

    def rows(self) -> pa.Table:
        """Return the rows of the table of runs, oldest run first."""
        return run_rows(self.place)

    def append(self, run: Run, row: dict[str, Any]) -> Appended:
        """Add a run, whose facts are `row`, unless it was there before."""
        from fictures_reports.history.appending import append_run

        with explained(self.place.path):
            return append_run(self.place, run, row)

    def read(
        self, runs: Sequence[dict[str, Any]], wanted: Any = None, columns: Any = None
    ) -> pa.Table:
        """Read the results of some runs."""
        return rows_of(self.place, runs, wanted, columns)

    def files(self) -> list[str]:
        """Return the Parquet files that hold the results."""
        with explained(self.place.path):
            return files.all_files(log.table(self.place.results, self.place.options))

    def scan(self) -> DuckDBPyRelation:
        """Return all results as a lazy DuckDB relation."""
        from fictures_reports.history.engines import relation

        rows = run_rows(self.place)
        with explained(self.place.path):
            target = log.table(self.place.results, self.place.options)
            names = files.all_files(target)
            if self.place.is_remote:
                return relation(dataset(target, names, RESULTS), rows)
            stored, counted = files.n_rows(target), sum(rows["n_results"].to_pylist())
            return relation(names, rows, all_live=stored == counted and not are_renamed(rows))

    def to_spark(self, session: Any) -> Any:
        """Return all results as a lazy Spark frame."""
        from fictures_reports.history.engines import spark_frame

        return spark_frame(session, self.files(), run_rows(self.place))

    def compact(self) -> None:
        """Put the files of many appends together."""
        from fictures_reports.history.compaction import compact

        self.repair()
        with explained(self.place.path):
            compact(self.place.results, self.place.options, RESULTS)
            compact(self.place.runs, self.place.options, RUNS)

    def vacuum(self, keep: timedelta) -> list[str]:
        """Delete what nobody reads any more."""
        from fictures_reports.history.abandoned_rows import drop_abandoned
        from fictures_reports.history.deleted_files import delete_unused
        from fictures_reports.history.old_log_entries import drop_old_entries

        self.repair()
        with explained(self.place.path):
            drop_abandoned(self.place, id_at(datetime.now(UTC) - min(keep, _ABANDONED)))
            tables = self.place.results, self.place.runs
            hours = int(keep.total_seconds() // 3600)
            gone = [
                name
                for uri in tables
                for name in delete_unused(log.table(uri, self.place.options), hours)
            ]
            for uri in tables:
                drop_old_entries(uri, self.place.options, keep)
            return gone

    def reclassify(self, rules: Sequence[Rule] | None) -> int:
        """Classify all runs again; return how many changed."""
        from fictures_reports.history.reclassification import reclassify

        self.repair()
        return reclassify(self.place, rules)

    def amend(self, row: dict[str, Any], facts: Mapping[str, Any]) -> None:
        """Change facts of a run."""
        from fictures_reports.history.reclassification import amend

        self.repair()
        amend(self.place, row, facts)

    def remove(self, row: dict[str, Any]) -> None:
        """Take a run away."""
        self.drop([row])

    def drop(self, rows: Sequence[dict[str, Any]]) -> None:
        """Take runs away, all at one moment."""
        from fictures_reports.history.reclassification import remove

        self.repair()
        remove(self.place, rows)

    @property
    def n_broken(self) -> int:
        """How many files an earlier version wrote with column types that cannot be filtered."""
        with explained(self.place.path):
            return n_broken(self.place)

    def repair(self) -> int:
        """Refuse what a newer version wrote, and mend what an old one did."""
        run_rows(self.place)
        with explained(self.place.path):
            return repair(self.place)
