"""A history of runs in a folder or bucket: append, load, scan, select, keep tidy."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from fictures_reports.errors import HistoryError, NoRuns, RunExists, did_you_mean
from fictures_reports.history import table_files as files
from fictures_reports.history import tables
from fictures_reports.history.tables import HISTORY_COLUMNS, RESULTS, RUNS, SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]
    from duckdb import DuckDBPyRelation

    from fictures_reports.classification import Rule
    from fictures_reports.run import Run

#: So many one-row files of the small table are put together by whoever appends next.
_SMALL_FILES: Final = 64
#: A writer that died this long ago will not finish; its rows may go.
_ABANDONED: Final = timedelta(days=1)
_ATTEMPTS: Final = 30
#: The order of rows: oldest run first, and within a run by place, whatever a compaction did.
_ORDER: Final = ("run_at", "run_id", "row")


class History:
    """Many runs in one place.

    `path` is a folder or a bucket such as `s3://reports/history`; `storage_options` are
    deltalake's, and default to the usual credentials of the environment. Nothing is made before
    the first `append`. Errors are `HistoryError`s.
    """

    def __init__(self, path: str | Path, *, storage_options: dict[str, str] | None = None) -> None:
        self.path = str(path).rstrip("/")
        self.options = dict(storage_options or {})
        self.is_remote = "://" in self.path

    def __repr__(self) -> str:
        """Name the history by its path, e.g. `<History reports/history>`."""
        return f"<History {self.path}>"

    def _repr_html_(self) -> str:
        from fictures_reports.history.html_repr import as_html

        return as_html(self)

    @property
    def exists(self) -> bool:
        """Whether there is a history at the path."""
        from fictures_reports.history import delta_log as log

        if not self.is_remote and not Path(self.path, "runs", "_delta_log").is_dir():
            return False
        return log.is_table(self._runs, self.options)

    @property
    def _runs(self) -> str:
        return f"{self.path}/runs"

    @property
    def _results(self) -> str:
        return f"{self.path}/results"

    def append(
        self,
        run: Run,
        *,
        label: str | None = None,
        commit: str | None = None,
        branch: str | None = None,
    ) -> bool:
        """Add a run, once and for all; return False if it was there before.

        `label`, `commit` and `branch` replace what the run says of itself. Any number of processes
        may append at once. Raises `RunExists` if another run has this label.
        """
        import msgspec

        given = {"label": label, "commit": commit, "branch": branch}
        facts = {name: value for name, value in given.items() if value is not None}
        info = msgspec.structs.replace(run.info, **facts)
        row = tables.run_row(run, info, new_id(), datetime.now(UTC))
        from fictures_reports.history import delta_log as log

        with log.explained(self.path):
            known = self._opened()
            if self._has(row, known):
                return False
            log.add(self._results, tables.results_table(run, row), self.options)
            added = self._publish(row, known)
            self._tidy(known)
            return added

    def _opened(self) -> Any:
        """Open the table of runs; make both tables if it is not there."""
        from deltalake.exceptions import TableNotFoundError

        from fictures_reports.history import delta_log as log

        try:
            return log.table(self._runs, self.options)
        except TableNotFoundError:
            self._create()
            return log.table(self._runs, self.options)

    def _create(self) -> None:
        from fictures_reports.history import delta_log as log

        if not self.is_remote:
            Path(self.path).mkdir(parents=True, exist_ok=True)
        log.create(self._results, RESULTS, self.options, "ingest_id", "month")
        log.create(self._runs, RUNS, self.options, "schema_version,run_id,label")

    def _has(self, row: dict[str, Any], target: Any) -> bool:
        """Tell whether the run is there; raise if another run has its label."""
        self._refuse_newer(target)
        wanted = {name: row[name] for name in ("run_id", "label")}
        same = files.naming(target, wanted, RUNS)
        if row["run_id"] in same["run_id"].to_pylist():
            return True
        if len(same):
            raise RunExists(
                f"{self.path}: another run is called {row['label']!r} – "
                "give this one a name of its own with --label (label=…)"
            )
        return False

    def _publish(self, row: dict[str, Any], known: Any) -> bool:
        """Commit the run's row, which is what makes its results count."""
        import pyarrow as pa

        from fictures_reports.history import delta_log as log

        rows = pa.Table.from_pylist([row], schema=RUNS)
        marks = [f"run:{row['run_id']}", f"label:{row['label']}"]
        for attempt in range(_ATTEMPTS):
            try:
                log.append(known, rows, marks)
            except log.Collision:
                known = log.table(self._runs, self.options)
                if self._has(row, known):  # another process was faster with the same run
                    return self._is_published(row)
                log.pause(attempt)
            except Exception:
                # The commit may have been made before something after it failed.
                if not self._is_published(row):
                    raise
                return True
            else:
                return True
        raise HistoryError(f"{self.path}: too busy, {row['label']!r} was not added – try again")

    def _is_published(self, row: dict[str, Any]) -> bool:
        rows = self._run_rows()
        return row["ingest_id"] in rows["ingest_id"].to_pylist()

    def _tidy(self, target: Any) -> None:
        """Keep the small table in few files; if that fails, the next writer does it."""
        from deltalake.exceptions import DeltaError

        from fictures_reports.history import delta_log as log
        from fictures_reports.history.upkeep import compact

        with suppress(DeltaError, OSError, log.Collision):
            if len(target.file_uris()) > _SMALL_FILES:
                compact(self._runs, self.options, RUNS)

    def _refuse_newer(self, target: Any) -> None:
        newest = files.newest_schema(target)
        if newest > SCHEMA_VERSION:
            raise HistoryError(
                f"{self.path}: written by a newer fictures-reports (schema {newest}, this one "
                f"knows {SCHEMA_VERSION}) – update fictures-reports"
            )

    def _run_rows(self) -> pa.Table:
        """Read the table of runs, oldest run first."""
        from fictures_reports.history import delta_log as log

        with log.explained(self.path):
            target = log.table(self._runs, self.options)
            self._refuse_newer(target)
            rows = files.dataset(target, files.all_files(target), RUNS).to_table()
        return rows.sort_by([("run_at", "ascending"), ("run_id", "ascending")])

    def runs(
        self,
        *,
        last: int | None = None,
        since: str | date | None = None,
        branch: str | None = None,
    ) -> pd.DataFrame:
        """Return one row per run, oldest first: its facts, how many results, when it came.

        `last` keeps the newest so many, after `since` (a day or moment, UTC) and `branch` did.
        """
        rows = self._chosen(last, since, branch)
        frame: pd.DataFrame = rows.to_pandas()
        return frame

    def _chosen(self, last: int | None, since: str | date | None, branch: str | None) -> pa.Table:
        import pyarrow as pa
        import pyarrow.compute as pc  # type: ignore[import-untyped]

        refuse_few(last)
        rows = self._run_rows()
        if branch is not None:
            rows = rows.filter(pc.equal(rows["branch"], branch))
        if since is not None:
            start = pa.scalar(moment(since), pa.timestamp("us", tz="UTC"))
            rows = rows.filter(pc.greater_equal(rows["run_at"], start))
        if last is not None:
            rows = rows.slice(max(0, len(rows) - last))
        return rows

    def load(
        self,
        *,
        last: int | None = None,
        since: str | date | None = None,
        branch: str | None = None,
        cases: str | Sequence[str] | None = None,
        columns: str | Sequence[str] = HISTORY_COLUMNS,
    ) -> pd.DataFrame:
        """Return the results of many runs as one frame, oldest run first.

        One row per case and run with the columns of `schema`, then label, run_at, commit and
        branch of the run. `last`, `since` and `branch` choose runs as in `runs`, and only files
        that hold them are opened; `cases` are case ids; `columns` leaves out what is not needed.
        `attrs["incomplete"]` names the runs, by id, of which something is known to be missing.
        Raises `HistoryError` for a column that there is not.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        columns = named_columns(columns, RESULTS.names)
        chosen = self._chosen(last, since, branch)
        ids = chosen["ingest_id"].to_pylist()
        wanted = pc.field("ingest_id").isin(pa.array(ids, pa.string()))  # typed, if there are none
        if cases is not None:
            names = [cases] if isinstance(cases, str) else list(cases)
            wanted &= pc.field("case_id").isin(pa.array(names, pa.string()))
        needed = [name for name in RESULTS.names if name in {*columns, *_ORDER}]
        from fictures_reports.history import delta_log as log

        with log.explained(self.path):
            target = log.table(self._results, self.options)
            held = files.holding(target, ids)
            rows = files.dataset(target, held, RESULTS).to_table(needed, filter=wanted)
        ordered = rows.sort_by([(name, "ascending") for name in _ORDER])
        frame = tables.frame_from(ordered, columns)
        told = chosen.select(tables.TOLD_OF_WHOLENESS).to_pylist()
        parts = [row["run_id"] for row in told if not tables.is_whole(row)]
        frame.attrs[tables.INCOMPLETE] = tuple(parts)
        return frame

    def run(self, selector: str) -> Run:
        """Return one run by `latest`, `latest~3`, `branch:main`, a day, its label or its id."""
        from fictures_reports.history import delta_log as log
        from fictures_reports.history.selectors import row_of
        from fictures_reports.run import Run

        row = row_of(self._run_rows(), selector, self.path)
        import pyarrow.compute as pc

        with log.explained(self.path):
            target = log.table(self._results, self.options)
            names = files.holding(target, [row["ingest_id"]])
            data = files.dataset(target, names, RESULTS)
            rows = data.to_table(filter=pc.field("ingest_id") == row["ingest_id"])
        from fictures_reports.schema import COLUMN_NAMES

        results = tables.frame_from(rows.sort_by("row"), COLUMN_NAMES)
        source = f"{self.path}@{selector}"
        return Run(results, tables.info_from(row), tables.ledger_from(row), (source,))

    def files(self) -> list[str]:
        """Return the Parquet files that hold the results, as any engine can read them.

        Rows of runs that were never finished may be among them; `scan` and `to_spark` leave these
        out.
        """
        from fictures_reports.history import delta_log as log

        with log.explained(self.path):
            return files.all_files(log.table(self._results, self.options))

    def scan(self) -> DuckDBPyRelation:
        """Return all results as a lazy DuckDB relation with the columns that `load` gives.

        Lists and objects are JSON text; `attempts` is missing where the row says all there is to
        say. Nothing is read before the relation is.
        """
        from fictures_reports.history import delta_log as log
        from fictures_reports.history.engines import relation

        rows = self._run_rows()
        with log.explained(self.path):
            target = log.table(self._results, self.options)
            names = files.all_files(target)
            if self.is_remote:
                return relation(files.dataset(target, names, RESULTS), rows)
            stored, counted = files.n_rows(target), sum(rows["n_results"].to_pylist())
            return relation(names, rows, all_live=stored == counted)

    def to_spark(self, session: Any) -> Any:
        """Return all results as a lazy Spark frame, with the columns that `scan` gives."""
        from fictures_reports.history.engines import spark_frame

        return spark_frame(session, self.files(), self._run_rows())

    def compact(self) -> None:
        """Put the files of many appends together; readers and writers go on meanwhile."""
        from fictures_reports.history import delta_log as log
        from fictures_reports.history.upkeep import compact

        self._run_rows()  # refuses a newer schema
        with log.explained(self.path):
            compact(self._results, self.options, RESULTS)
            compact(self._runs, self.options, RUNS)

    def vacuum(self, *, keep: timedelta = timedelta(days=7)) -> list[str]:
        """Delete what nobody reads any more, and return the names of the files that went.

        Files that a compaction replaced go when they are older than `keep`, for a reader may still
        hold them; rows of writers that died go after a day.
        """
        from fictures_reports.history import delta_log as log
        from fictures_reports.history.upkeep import drop_abandoned

        self._run_rows()  # refuses a newer schema, which may keep more than this version knows
        with log.explained(self.path):
            before = id_at(datetime.now(UTC) - min(keep, _ABANDONED))
            drop_abandoned(log.table(self._results, self.options), self._live_ids, before)
            hours = int(keep.total_seconds() // 3600)
            return [
                name
                for uri in (self._results, self._runs)
                for name in log.table(uri, self.options).vacuum(
                    hours, dry_run=False, enforce_retention_duration=False, full=True
                )
            ]

    def _live_ids(self) -> list[str]:
        return list(self._run_rows()["ingest_id"].to_pylist())

    def reclassify(self, rules: Sequence[Rule] | None = None) -> int:
        """Classify all runs again, a user's rules first; return how many runs changed.

        A run that changes gets new rows beside the old ones, and all new rows begin to count at
        one moment; `vacuum` takes the old ones away.
        """
        from fictures_reports.history.upkeep import reclassify

        return reclassify(self, rules)


def new_id() -> str:
    """Make an id for one append: microseconds in hexadecimal, so that ids sort by time."""
    return f"{id_at(datetime.now(UTC))}-{os.getpid():x}-{uuid4().hex[:8]}"


def id_at(moment: datetime) -> str:
    """Return what an append's id begins with at a moment."""
    return f"{int(moment.timestamp() * 1e6):x}"


def refuse_few(last: int | None) -> None:
    """Raise `NoRuns` for a number of runs that leaves none."""
    if last is not None and last < 1:
        raise NoRuns(f"last {last}: no number of runs, expected 1 or more")


def named_columns(columns: str | Sequence[str], known: Collection[str]) -> list[str]:
    """Return the columns asked for, a text as one; raise `HistoryError` if one is not known."""
    names = [columns] if isinstance(columns, str) else list(columns)
    for name in names:
        if name not in known:
            raise HistoryError(f"no column {name!r}{did_you_mean(name, HISTORY_COLUMNS)}")
    return names


def moment(since: str | date) -> datetime:
    """Return the moment, in UTC, that a day or moment means; raise `NoRuns` for other words."""
    try:
        day = datetime.fromisoformat(since) if isinstance(since, str) else since
    except ValueError as error:
        raise NoRuns(f"since {since!r}: no day or moment, expected such as 2025-11-02") from error
    start = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    return start if start.tzinfo else start.replace(tzinfo=UTC)
