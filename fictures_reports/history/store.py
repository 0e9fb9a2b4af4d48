"""A history of runs in a folder or bucket: append, load, scan, select, keep tidy."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.errors import HistoryError, did_you_mean
from fictures_reports.guards import one_of, path_of, refuse, text_or_none, texts
from fictures_reports.history.location import Location
from fictures_reports.history.run_choice import chosen, named_columns, refuse_branch, refuse_cases
from fictures_reports.history.run_folder import undisturbed
from fictures_reports.history.run_selectors import row_of
from fictures_reports.history.stored_facts import run_row
from fictures_reports.history.stored_results import frame_of_runs, run_from
from fictures_reports.history.stores import form_of, store_at
from fictures_reports.history.streams import rows_of_stream
from fictures_reports.history.tables import HISTORY_COLUMNS, RESULTS, RUNS
from fictures_reports.late_binding import call
from fictures_reports.run import Run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]
    from duckdb import DuckDBPyRelation

    from fictures_reports.classification import Rule
    from fictures_reports.history.appended import Appended
    from fictures_reports.history.stores import Store

#: What chooses runs.
_CHOSEN: Final = ("last", "since", "branch", "stream")


class History:
    """Many runs in one place.

    `path` is a folder or a bucket such as `s3://reports/history`. A new folder is filled with run
    files, a bucket with a Delta table; `format` "files" or "delta" asks for one, and what is there
    keeps its form. `storage_options` are deltalake's, and default to the usual credentials of the
    environment. Nothing is made before the first `append`. A folder with one raw run in each
    subfolder can be read like a history, not changed. Errors are `HistoryError`s.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        format: str | None = None,  # noqa: A002
        storage_options: dict[str, str] | None = None,
    ) -> None:
        path_of(path, "the history's path")
        if format is not None:
            one_of(format, "format", ("files", "delta"))
        if storage_options is not None and not isinstance(storage_options, dict):
            raise refuse(storage_options, "storage_options", "a table of deltalake's options")
        self._place = Location(str(path).rstrip("/") or "/", dict(storage_options or {}))
        self._format = format

    @property
    def _store(self) -> Store:
        return store_at(self._place, self._format)

    @property
    def _source(self) -> Store:
        """Where runs are read: raw ones in the folder, if it holds no history."""
        if not self.is_remote and not self.exists:
            from fictures_reports.history.raw_store import RawStore, is_folder_of_raw_runs

            if is_folder_of_raw_runs(self.path):
                return RawStore(self.path)
        return self._store

    @property
    def is_raw(self) -> bool:
        """Whether it is a folder of raw runs, which is only read."""
        return hasattr(self._source, "refuse")

    def __repr__(self) -> str:
        """Name the history by its path, e.g. `<History reports/history>`."""
        return f"<History {self.path}>"

    def _repr_html_(self) -> str:
        from fictures_reports.history.html_repr import as_html

        return as_html(self)

    @property
    def path(self) -> str:
        """The folder or bucket."""
        return self._place.path

    @property
    def options(self) -> dict[str, str]:
        """The storage options."""
        return self._place.options

    @property
    def is_remote(self) -> bool:
        """Whether the history is in a bucket."""
        return self._place.is_remote

    @property
    def exists(self) -> bool:
        """Whether there is a history; raises `HistoryError` for a bucket that cannot be asked."""
        return form_of(self._place) is not None

    @property
    def format(self) -> str | None:
        """Its form: "files" or "delta"; None where there is no history yet."""
        return form_of(self._place)

    @property
    def unreadable(self) -> list[str]:
        """Which files of a folder of run files cannot be read, and why, a line each."""
        return [str(error) for error in getattr(self._source, "unreadable", ())]

    def append(self, run: Run, **facts: str | None) -> bool:
        """Add a run as `add` does; return False if it was there before."""
        return self.add(run, **facts).is_new

    def add(
        self,
        run: Run,
        *,
        label: str | None = None,
        commit: str | None = None,
        branch: str | None = None,
        stream: str | None = None,
        build: str | None = None,
    ) -> Appended:
        """Add a run, once and for all; return its label here, and whether it is new.

        `label`, `commit`, `branch` and `stream` replace what the run says of itself. A run is there
        if one of equal content is, unless both have commits or builds (`build`: key of a CI build
        and attempt) and these differ. A label that another run of the stream has gets the attempt,
        start or commit added. Any number of processes may append at once. Raises `HistoryError` for
        a folder of raw runs, which run files beside them would hide.
        """
        import msgspec

        if not isinstance(run, Run):
            raise refuse(run, "what is appended", "a run, such as read_run gives")
        text_or_none(label=label, commit=commit, branch=branch, stream=stream, build=build)
        given = {
            "label": label, "commit": commit, "branch": branch, "stream": stream, "build": build,
        }  # fmt: skip
        facts = {name: value for name, value in given.items() if value is not None}
        info = msgspec.structs.replace(run.info, **facts)
        return self._source.append(run, run_row(run, info, "", datetime.now(UTC)))

    def runs(
        self,
        *,
        last: int | None = None,
        since: str | date | None = None,
        branch: str | None = None,
        stream: str | None = None,
    ) -> pd.DataFrame:
        """Return one row per run, oldest first: its facts, how many results, when it came.

        `last` keeps the newest so many, after `since` (a day or moment, UTC), `branch` and `stream`
        did. Raises `NoRuns` for a stream that there is not.
        """
        rows = self._rows_of(stream).select(RUNS.names)
        frame: pd.DataFrame = chosen(rows, last, since, branch).to_pandas()
        return frame

    def _rows_of(self, stream: str | None) -> pa.Table:
        return rows_of_stream(self._source.rows(), stream, self.path)

    def load(
        self,
        *,
        last: int | None = None,
        since: str | date | None = None,
        branch: str | None = None,
        stream: str | None = None,
        cases: str | Sequence[str] | None = None,
        columns: str | Sequence[str] = HISTORY_COLUMNS,
    ) -> pd.DataFrame:
        """Return the results of many runs as one frame, oldest run first.

        One row per case and run with the columns of `schema`, then label, run_at, commit, branch
        and stream of the run. `last`, `since`, `branch` and `stream` choose runs as in `runs`, and
        only files that hold them are opened; `cases` are case ids, today's or the first version's;
        `columns` leaves out what is not needed. `attrs["incomplete"]` names the runs, by id, of
        which something is known to be missing. Raises `NoRuns` for a branch, stream or case that no
        run has, `HistoryError` for a column that there is not.
        """
        names = named_columns(columns, RESULTS.names)
        text_or_none(branch=branch)
        wanted = None if cases is None else texts(cases, "cases", "a.spec.ts › logs in")

        def frame() -> pd.DataFrame:
            store, rows = self._source, self._rows_of(stream)
            refuse_branch(branch, rows["branch"].to_pylist(), self.path)
            rows = chosen(rows, last, since, branch)
            if wanted is None:
                return frame_of_runs(store.read, rows, None, names)
            found = frame_of_runs(store.read, rows, wanted, [*dict.fromkeys([*names, "case_id"])])
            refuse_cases(wanted, found["case_id"], store, self.path)
            return found[names]

        return undisturbed(frame, damaged=True)

    def run(self, selector: str, *, stream: str | None = None) -> Run:
        """Return one run by `latest`, `latest~3`, `branch:main`, a day, its label or its id.

        `~3` counts back within one stream: the one given, else that of the newest run that fits. A
        label may be of another stream, if the one given has no such run.
        """

        def found() -> Run:
            store = self._source
            row = row_of(store.rows(), selector, self.path, stream)
            return run_from(store.read, row, f"{self.path}@{selector}")

        return undisturbed(found, damaged=False)

    def amend(
        self,
        selector: str,
        *,
        label: str | None = None,
        commit: str | None = None,
        branch: str | None = None,
        stream: str | None = None,
    ) -> None:
        """Change what a run is called, or which commit, branch or stream it is of; its id stays.

        `selector` is as for `run`. Raises `HistoryError` for a label that another run has.
        """
        given = {"label": label, "commit": commit, "branch": branch, "stream": stream}
        text_or_none(**given)
        facts = {name: value for name, value in given.items() if value is not None}
        store = self._source
        rows = store.rows()
        row = row_of(rows, selector, self.path)
        self._refuse_taken(row | facts, rows)
        if facts:
            store.amend(row, facts)

    def _refuse_taken(self, row: dict[str, Any], rows: pa.Table) -> None:
        names = zip(*(rows[n].to_pylist() for n in ("ingest_id", "label", "stream")), strict=True)
        for ingest_id, label, stream in names:
            same = (label, stream) == (row["label"], row["stream"])
            if same and ingest_id != row["ingest_id"]:
                raise HistoryError(f"{self.path}: another run is called {label!r}")

    def remove(self, *selectors: str) -> list[str]:
        """Take runs out of the history and return their labels; `selectors` are as for `run`.

        All are looked up before the first one goes, so `latest~1` means what it did before.
        """
        store = self._source
        rows = store.rows()
        named = (row_of(rows, selector, self.path) for selector in selectors)
        chosen = {row["ingest_id"]: row for row in named}
        for row in chosen.values():
            store.remove(row)
        return [row["label"] for row in chosen.values()]

    def prune(
        self,
        keep: int,
        *,
        branch: str | None = None,
        stream: str | None = None,
        dry_run: bool = False,
    ) -> list[str]:
        """Drop all runs but the newest `keep` of each stream and branch; return their labels.

        `branch` and `stream` leave all others alone; `dry_run` drops nothing. Other than after
        `remove`, a run that is copied or put into the history again is in it.
        """
        from fictures_reports.history.pruning import surplus

        if not isinstance(keep, int) or isinstance(keep, bool):
            raise refuse(keep, "keep", "a number of runs")

        store = self._source
        rows = surplus(store.rows(), keep, branch=branch, stream=stream, path=self.path)
        if rows and not dry_run:
            store.drop(rows)
        return [row["label"] for row in rows]

    @property
    def n_broken(self) -> int:
        """How many files of a table an earlier version wrote wrong; `repair` mends them."""
        return int(getattr(self._source, "n_broken", 0))

    def repair(self) -> int:
        """Mend a table that an earlier version wrote; return how many of its files were wrong."""
        return self._source.repair()

    def flakiness(self, **chosen: Any) -> pd.DataFrame:
        """Judge every case: its state and flake rate, as `fr.flakiness` does.

        `last`, `since`, `branch` and `stream` choose runs as in `runs`.
        """
        frame: pd.DataFrame = call("flakiness", self._found(chosen))
        return frame

    def incidents(self, **chosen: Any) -> list[Any]:
        """Find what began to fail together: `Incident`s of `history_analysis`, the oldest first.

        `last`, `since`, `branch` and `stream` choose runs as in `runs`.
        """
        found: list[Any] = call("incidents", self._found(chosen))
        return found

    def timeline(self, test: str, **chosen: Any) -> pd.DataFrame:
        """Return the results of one test, oldest first, a row per run, project and variant.

        `test` is a case id, a test id, a title or a shell pattern; `last`, `since`, `branch` and
        `stream` choose runs as in `runs`. Raises `HistoryError` where no test is called so.
        """
        frame: pd.DataFrame = call("timeline", self._found(chosen), test)
        return frame

    def _found(self, chosen: dict[str, Any]) -> pd.DataFrame:
        """Load what was asked for."""
        if unknown := chosen.keys() - _CHOSEN:
            raise HistoryError(
                f"runs are not chosen by {min(unknown)!r}{did_you_mean(min(unknown), _CHOSEN)}"
            )
        return self.load(**chosen)

    def render(self, path: str | Path, **options: Any) -> Path:
        """Write the report on the history and return its path, the form by its ending.

        .html, .ipynb, .pdf, .md or .json. Options are `last`, `since`, `branch`, `stream`, `target`
        (a share, 0–1), `phases` (name → label of its first run), `show_code` and `static`.
        """
        written: Path = call("render_history", self, path, **options)
        return written

    def files(self) -> list[str]:
        """Return the Parquet files that hold the results, as any engine can read them.

        Rows of runs that were never finished may be among them; `scan` and `to_spark` leave these
        out.
        """
        return self._source.files()

    def scan(self) -> DuckDBPyRelation:
        """Return all results as a lazy DuckDB relation with the columns that `load` gives.

        Lists and objects are JSON text; `attempts` is missing where the row says all there is to
        say. Nothing is read before the relation is. Rows that the first version wrote keep its case
        ids and have no `test_id`; `load` gives them today's.
        """
        return self._source.scan()

    def to_spark(self, session: Any) -> Any:
        """Return all results as a lazy Spark frame, with the columns that `scan` gives."""
        if not hasattr(session, "read"):
            raise refuse(session, "the session", "a Spark session")
        return self._source.to_spark(session)

    def compact(self) -> None:
        """Put the files of many appends together; readers and writers go on meanwhile."""
        self._source.compact()

    def vacuum(self, *, keep: timedelta = timedelta(days=7)) -> list[str]:
        """Delete what nobody reads any more, and return the names of the files that went.

        Files of a table that a compaction replaced go when they are older than `keep`, for a reader
        may still hold them; what writers that died left goes after a day.
        """
        if not isinstance(keep, timedelta):
            raise refuse(keep, "keep", "a time, such as timedelta(days=7)")
        return self._source.vacuum(keep)

    def reclassify(self, rules: Sequence[Rule] | None = None) -> int:
        """Classify all runs again, a user's rules first; return how many runs changed.

        A run that changes gets new rows beside the old ones; in a table all new rows begin to count
        at one moment, and `vacuum` takes the old ones away.
        """
        from fictures_reports.classification.rules import refuse_other_rules

        refuse_other_rules(rules)
        return self._source.reclassify(rules)
