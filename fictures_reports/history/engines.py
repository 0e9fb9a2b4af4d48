"""The stored results for engines that read files themselves: DuckDB and Spark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.extras import require
from fictures_reports.history.run_file_columns import MILLISECONDS
from fictures_reports.history.tables import HISTORY_COLUMNS, RESULTS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pyarrow as pa  # type: ignore[import-untyped]
    from duckdb import DuckDBPyRelation

#: What runs may have another of in the history than where their results are stored.
_NAMES: Final = ("run_id", "label")
_SQL: Final = "a relation over a whole history"
_SQL_TYPES: Final = {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE"}


def relation(files: Any, runs: pa.Table, *, all_live: bool = False) -> DuckDBPyRelation:
    """Lay a DuckDB relation over files (or an Arrow dataset) that hold the results of `runs`.

    `all_live` says that the files hold no other rows, so that none has to be looked for.
    """
    require("lake", _SQL)
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    if isinstance(files, list) and not files:
        types = ((name, RESULTS.field(name).type) for name in HISTORY_COLUMNS)
        empty = ", ".join(f'NULL::{_sql_type(kind)} AS "{name}"' for name, kind in types)
        return connection.sql(f"SELECT {empty} WHERE false")
    if isinstance(files, list):
        # Files of the first version lack columns, so every footer is looked at.
        rows = connection.read_parquet(files, union_by_name=True, hive_partitioning=False)
    else:
        rows = connection.from_arrow(files)
    rows.create_view("rows")
    if all_live:
        columns = ", ".join(_selected(name, rows.columns) for name in HISTORY_COLUMNS)
        return connection.sql(f"SELECT {columns} FROM rows")  # noqa: S608
    connection.register("live", runs.select(["ingest_id", *_NAMES]))
    columns = _beside_live(rows.columns)
    return connection.sql(f"SELECT {columns} FROM rows JOIN live USING (ingest_id)")  # noqa: S608


def _beside_live(stored: Sequence[str]) -> str:
    """Select what `rows` have, and ids and labels as the history has them."""
    return ", ".join(
        f"live.{name}" if name in _NAMES else _selected(name, stored) for name in HISTORY_COLUMNS
    )


def relation_of_run_files(runs: pa.Table) -> DuckDBPyRelation:
    """Lay a DuckDB relation over run files; `runs` are the rows of `run_folder.Snapshot.rows`.

    Which rows count is told by file and append, for a copy of a run may lie in two files. Raises
    `FileNotFoundError` if one of the files is not there any more.
    """
    require("lake", _SQL)
    import duckdb

    files = list(dict.fromkeys(runs["run_file"].to_pylist()))
    if not files:
        return relation(files, runs)
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    try:
        rows = connection.read_parquet(
            files, union_by_name=True, hive_partitioning=False, filename=True
        )
    except duckdb.IOException as error:
        if gone := next((name for name in files if not Path(name).exists()), None):
            raise FileNotFoundError(gone) from error
        raise
    rows.create_view("rows")
    connection.register("live", runs.select(["run_file", "ingest_id", *_NAMES]))
    columns = _beside_live(rows.columns)
    return connection.sql(
        f"SELECT {columns} FROM rows JOIN live "  # noqa: S608
        "ON rows.ingest_id = live.ingest_id AND rows.filename = live.run_file"
    )


def _seconds(names: Sequence[str]) -> str:
    """Select durations; run files have those that are whole milliseconds as such."""
    known = "duration_s" if "duration_s" in names else "NULL::DOUBLE"
    return f"coalesce({known}, {MILLISECONDS} / 1000.0::DOUBLE) AS duration_s"


def _selected(name: str, stored: Sequence[str]) -> str:
    """Select a column; in files of the first version there is one variant, and no `test_id`."""
    if name == "duration_s" and MILLISECONDS in stored:
        return _seconds(stored)
    known = f'"{name}"' if name in stored else f"NULL::{_sql_type(RESULTS.field(name).type)}"
    return f"coalesce({known}, '') AS \"{name}\"" if name == "variant" else f'{known} AS "{name}"'


def _sql_type(kind: Any) -> str:
    return _SQL_TYPES.get(str(kind), "TIMESTAMPTZ")


def spark_frame(session: Any, files: Sequence[str], runs: pa.Table) -> Any:
    """Lay a Spark frame over files that hold the results of `runs`."""
    rows = session.read.schema(_spark_schema()).parquet(*files)
    return _named(session, rows, runs.to_pylist())


def _named(session: Any, rows: Any, runs: Sequence[dict[str, Any]]) -> Any:
    """Keep the rows that count, with the ids and labels that the history has."""
    live = [(run["ingest_id"], run["run_id"], run["label"]) for run in runs]
    names = session.createDataFrame(live, "ingest_id string, run_id string, label string")
    named_rows = rows.drop(*_NAMES).join(names.hint("broadcast"), "ingest_id")
    return named_rows.select(*HISTORY_COLUMNS)


def spark_frame_of_run_files(session: Any, runs: pa.Table, shared: Collection[str]) -> Any:
    """Lay a Spark frame over run files; `runs` are the rows of `run_folder.Snapshot.rows`.

    `shared` are files with a copy of a run that stands in another file, too: each of them is read
    by itself, the others together.
    """
    from functools import reduce

    names = list(dict.fromkeys(runs["run_file"].to_pylist()))
    groups = [[name for name in names if name not in shared]]
    groups += [[name] for name in names if name in shared]
    frames = [_spark_rows(session, group, runs) for group in groups if group]
    return reduce(lambda left, right: left.union(right), frames)


def _spark_rows(session: Any, files: Sequence[str], runs: pa.Table) -> Any:
    schema = f"{_spark_schema()}, `{MILLISECONDS}` bigint"
    # the JVM has a current folder of its own
    paths = [str(Path(name).absolute()) for name in files]
    rows = session.read.schema(schema).parquet(*paths).selectExpr(
        "*", f"coalesce(duration_s, {MILLISECONDS} / 1000D) AS seconds"
    ).drop("duration_s").withColumnRenamed("seconds", "duration_s")  # fmt: skip
    return _named(session, rows, [run for run in runs.to_pylist() if run["run_file"] in files])


def _spark_schema() -> str:
    types = {"string": "string", "int64": "bigint", "double": "double"}
    return ", ".join(
        f"`{f.name}` {types.get(str(f.type), 'timestamp')}" for f in RESULTS if f.name != "month"
    )
