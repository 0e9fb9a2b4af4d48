"""The store of a history that is a folder of run files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from fictures_reports.errors import HistoryError, ReadError
from fictures_reports.history import run_folder_changes as changes
from fictures_reports.history import run_folder_packs as packs
from fictures_reports.history.result_rows import results_table
from fictures_reports.history.run_folder import FILE, RunDamaged, snapshot, steady, undisturbed
from fictures_reports.history.run_folder_results import results_of
from fictures_reports.history.tables import RESULTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    import pyarrow as pa  # type: ignore[import-untyped]
    from duckdb import DuckDBPyRelation

    from fictures_reports.classification import Rule
    from fictures_reports.history.appended import Appended
    from fictures_reports.history.run_folder import Snapshot
    from fictures_reports.run import Run


@dataclass(frozen=True)
class FolderStore:
    """The run files in a folder."""

    folder: str

    def rows(self) -> pa.Table:
        """Return the rows of the table of runs, oldest run first; the file stands beside each."""
        return self._found().rows()

    @property
    def unreadable(self) -> tuple[ReadError, ...]:
        """Why files of the folder could not be read."""
        return self._found().unreadable

    def _found(self) -> Snapshot:
        found = snapshot(self.folder)
        if found.unreadable and not found.files:
            raise HistoryError(str(found.unreadable[0]))
        if not found.files:
            hint = f"no history here – 'ingest RUN --into {self.folder}' makes one"
            raise HistoryError(f"{self.folder}: {hint}")
        return found

    def append(self, run: Run, row: dict[str, Any]) -> Appended:
        """Add a run, whose facts are `row`, unless it was there before."""
        return changes.append(self.folder, run, row)

    def read(
        self, runs: Sequence[dict[str, Any]], wanted: Any = None, columns: Any = None
    ) -> pa.Table:
        """Read the results of some runs; of files that were replaced since, from those after."""
        if not runs:
            return RESULTS.empty_table().select(columns or RESULTS.names)
        return steady(self.folder, partial(results_of, self.folder, runs, wanted, columns))

    def files(self) -> list[str]:
        """Return the Parquet files that hold the results."""
        return list(dict.fromkeys(self.rows()[FILE].to_pylist()))

    def scan(self) -> DuckDBPyRelation:
        """Return all results as a lazy DuckDB relation."""
        from fictures_reports.history.engines import relation_of_run_files

        return steady(self.folder, lambda: relation_of_run_files(self.rows()))

    def to_spark(self, session: Any) -> Any:
        """Return all results as a lazy Spark frame."""
        from fictures_reports.history.engines import spark_frame_of_run_files

        found = self._found()
        return spark_frame_of_run_files(session, found.rows(), found.shared)

    def compact(self) -> None:
        """Put the runs of each month into one file."""
        undisturbed(partial(steady, self.folder, partial(packs.compact, self.folder)), damaged=True)

    def vacuum(self, _keep: timedelta) -> list[str]:
        """Delete copies that do not count any more, and what dead writers left."""
        old = changes.drop_old_copies(self._found())
        return old + changes.drop_abandoned(self.folder)

    def reclassify(self, rules: Sequence[Rule] | None) -> int:
        """Classify all runs again; return how many changed."""
        from fictures_reports.history.reclassification import classified
        from fictures_reports.history.stored_facts import environment_of
        from fictures_reports.history.stored_results import run_from

        n = 0
        for row in self.rows().to_pylist():
            try:
                run = classified(run_from(self.read, row, self.folder), rules)
            except RunDamaged:
                continue
            if run is not None:
                facts = row | {"environment": environment_of(run.info)}
                changes.replace(self.folder, row, results_table(run, facts), facts)
                n += 1
        return n

    def amend(self, row: dict[str, Any], facts: Mapping[str, Any]) -> None:
        """Change facts of a run."""
        steady(self.folder, partial(changes.amend, self.folder, row, facts))

    def remove(self, row: dict[str, Any]) -> None:
        """Take a run away."""
        changes.remove(self.folder, row)

    def drop(self, rows: Sequence[dict[str, Any]]) -> None:
        """Delete runs; a copy that comes from elsewhere is a run again."""
        steady(self.folder, partial(packs.drop, self.folder, rows))

    def repair(self) -> int:
        """Return 0, for no version wrote run files that need it; there has to be a history."""
        self._found()
        return 0
