"""The stored results for engines that read files themselves: DuckDB and Spark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.history.tables import HISTORY_COLUMNS, RESULTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa  # type: ignore[import-untyped]
    from duckdb import DuckDBPyRelation

_SQL_TYPES: Final = {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE"}


def relation(files: Any, runs: pa.Table, *, all_live: bool = False) -> DuckDBPyRelation:
    """Lay a DuckDB relation over files (or an Arrow dataset) that hold the results of `runs`.

    `all_live` says that the files hold no other rows, so that none has to be looked for.
    """
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
    columns = ", ".join(_selected(name, rows.columns) for name in HISTORY_COLUMNS)
    if all_live:
        return connection.sql(f"SELECT {columns} FROM rows")  # noqa: S608
    connection.register("live", runs.select(["ingest_id"]))
    return connection.sql(f"SELECT {columns} FROM rows SEMI JOIN live USING (ingest_id)")  # noqa: S608


def _selected(name: str, stored: Sequence[str]) -> str:
    """Select a column; in files of the first version there is one variant, and no `test_id`."""
    known = f'"{name}"' if name in stored else f"NULL::{_sql_type(RESULTS.field(name).type)}"
    return f"coalesce({known}, '') AS \"{name}\"" if name == "variant" else f'{known} AS "{name}"'


def _sql_type(kind: Any) -> str:
    return _SQL_TYPES.get(str(kind), "TIMESTAMPTZ")


def spark_frame(session: Any, files: Sequence[str], runs: pa.Table) -> Any:
    """Lay a Spark frame over files that hold the results of `runs`."""
    types = {"string": "string", "int64": "bigint", "double": "double"}
    schema = ", ".join(
        f"`{f.name}` {types.get(str(f.type), 'timestamp')}" for f in RESULTS if f.name != "month"
    )
    rows = session.read.schema(schema).parquet(*files)
    live = [(name,) for name in runs["ingest_id"].to_pylist()]
    ids = session.createDataFrame(live, "ingest_id string")
    kept = rows.join(ids.hint("broadcast"), "ingest_id", "left_semi")
    return kept.select(*HISTORY_COLUMNS)
