"""Rows out of Parquet files, with the types of the schema whatever the files hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.history.table_files import is_local
from fictures_reports.history.typed_fragments import cast_fragments

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa  # type: ignore[import-untyped]


def dataset(target: Any, files: Sequence[str], schema: pa.Schema) -> Any:
    """Lay a dataset over files of a table; columns that a file lacks are missing.

    Local files are opened by pyarrow itself; those in a bucket with the table's own credentials.
    """
    if is_local(target):
        import pyarrow.dataset as ds  # type: ignore[import-untyped]

        return cast_fragments(ds.dataset(list(files), schema, format="parquet"))
    from fictures_reports.history.bucket import Remote

    return Remote(target, files, schema)


def reader(
    target: Any, names: Sequence[str], schema: pa.Schema, month: str | None, keep: Any = None
) -> Any:
    """Stream the rows of some files, with their month, which stands in the files' names only.

    `keep` is a filter on the rows.
    """
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    columns = {name: pc.field(name) for name in schema.names if name != "month"}
    if month is not None:
        columns["month"] = pc.scalar(month)
    return dataset(target, names, schema).scanner(columns=columns, filter=keep).to_reader()


def naming(
    target: Any,
    names: Sequence[str],
    wanted: dict[str, str],
    schema: pa.Schema,
    beside: Sequence[str] = (),
) -> Any:
    """Read the rows of some files where any of some columns is as wanted.

    Only these columns are read, and those `beside` them.
    """
    from functools import reduce
    from operator import or_

    import pyarrow.compute as pc

    if not names:
        return schema.empty_table().select([*wanted, *beside])
    condition = reduce(or_, (pc.field(name) == value for name, value in wanted.items()))
    # Few small files: what threads would save, starting them costs.
    return dataset(target, names, schema).to_table(
        [*wanted, *beside], filter=condition, use_threads=False
    )


def column_types(target: Any, names: Sequence[str], schema: pa.Schema) -> list[pa.Schema]:
    """Read the schemas of some files as they were written, from their footers."""
    if is_local(target):
        import pyarrow.dataset as ds

        found = ds.dataset(list(names), schema, format="parquet")
        return [fragment.physical_schema for fragment in found.get_fragments()]
    from fictures_reports.history.bucket import Remote

    return Remote(target, names, schema).stored_schemas()
