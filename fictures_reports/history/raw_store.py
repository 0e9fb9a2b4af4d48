"""A folder of raw runs as a history that is only read: one run in each subfolder or file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from fictures_reports.errors import HistoryError, ReadError
from fictures_reports.history.own_names import with_own_names
from fictures_reports.history.result_rows import results_table
from fictures_reports.history.run_files import first_id
from fictures_reports.history.stored_facts import run_row
from fictures_reports.history.tables import RESULTS, RUNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa  # type: ignore[import-untyped]

#: Where runs stand that tell neither their start nor their results'.
_UNKNOWN: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class RawRuns:
    """What a folder of raw runs holds, as the two tables."""

    runs: Any
    results: Any
    unreadable: tuple[ReadError, ...]


@dataclass(frozen=True)
class RawStore:
    """The runs in a folder, as their producers wrote them."""

    folder: str

    def rows(self) -> pa.Table:
        """Return the rows of the table of runs, oldest run first."""
        return with_own_names(self._content.runs).sort_by(
            [("run_at", "ascending"), ("run_id", "ascending")]
        )

    @property
    def unreadable(self) -> tuple[ReadError, ...]:
        """Why runs of the folder could not be read."""
        return self._content.unreadable

    def read(
        self, runs: Sequence[dict[str, Any]], wanted: Any = None, columns: Any = None
    ) -> pa.Table:
        """Read the results of some runs, as far as a filter wants them."""
        import pyarrow as pa
        import pyarrow.compute as pc  # type: ignore[import-untyped]

        ids = pa.array([row["ingest_id"] for row in runs], pa.string())
        chosen = pc.field("ingest_id").isin(ids)
        rows = self._content.results.filter(chosen if wanted is None else chosen & wanted)
        return rows.select(columns or RESULTS.names)

    @property
    def _content(self) -> RawRuns:
        from fictures_reports.readers.files.find_files import walk

        files = (path.stat() for path in walk(Path(self.folder)))
        return _read(self.folder, tuple((file.st_mtime_ns, file.st_size) for file in files))

    def refuse(self, *_: Any) -> NoReturn:
        """Raise `HistoryError`: nothing is changed in a folder of raw runs."""
        raise HistoryError(
            f"{self.folder}: a folder of raw runs is only read – "
            f"'ingest {self.folder}/* --into HISTORY' makes a history of it"
        )

    append = files = scan = to_spark = compact = vacuum = reclassify = amend = remove = refuse
    drop = repair = refuse


@lru_cache(4)
def _read(folder: str, _files: tuple[tuple[int, int], ...]) -> RawRuns:
    """Read and classify all runs of a folder; again when one of its files changed."""
    import pyarrow as pa

    from fictures_reports.classification import classify
    from fictures_reports.readers.run_folders import read_many
    from fictures_reports.run import Run

    failures: list[ReadError] = []
    facts, parts = [], [RESULTS.empty_table()]
    for results, info, ledger in read_many(folder, failures=failures):
        run = Run(classify(results, None), info, ledger)
        row = run_row(run, info, first_id(info.run_id, info.label, None), _UNKNOWN)
        facts.append(row)
        parts.append(results_table(run, row))
    facts.sort(key=lambda row: (row["run_at"], row["run_id"]))
    return RawRuns(
        pa.Table.from_pylist(facts, schema=RUNS), pa.concat_tables(parts), tuple(failures)
    )


def is_folder_of_raw_runs(folder: str) -> bool:
    """Tell whether something in a folder looks like a run."""
    from fictures_reports.readers.run_folders import places

    return Path(folder).is_dir() and any(True for _ in places(Path(folder)))
