"""Parquet files whose columns have other types than the table's: found, and cast."""

from __future__ import annotations

from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]


def cast_fragments(found: Any) -> Any:
    """Return a dataset of the same rows in which every file has the types of the dataset's schema.

    A file with other types is loaded whole: pyarrow casts what it reads, but filters what stands in
    the file, and it has no filter for `string_view`. Only earlier versions wrote such files.
    """
    import pyarrow.dataset as ds  # type: ignore[import-untyped]

    fragments = list(found.get_fragments())  # they keep the footers that are looked at here
    untyped = [f for f in fragments if not has_types(f.physical_schema, found.schema)]
    if not untyped:
        return found
    good = [fragment for fragment in fragments if fragment not in untyped]
    loaded = pa.concat_tables(_loaded(fragment, found.schema) for fragment in untyped)
    parts = [ds.InMemoryDataset(loaded)]
    if good:
        parts.insert(0, ds.FileSystemDataset(good, found.schema, found.format, found.filesystem))
    return ds.UnionDataset(found.schema, parts)


def has_types(stored: pa.Schema, schema: pa.Schema) -> bool:
    """Tell whether the columns of a file that a schema knows have its types."""
    return all(field.type == schema.field(field.name).type for field in stored
               if field.name in schema.names)  # fmt: skip


def _loaded(fragment: Any, schema: pa.Schema) -> pa.Table:
    rows = fragment.to_table()
    columns = [
        rows[f.name].cast(f.type) if f.name in rows.schema.names else pa.nulls(len(rows), f.type)
        for f in schema
    ]
    return pa.table(columns, schema=schema)
