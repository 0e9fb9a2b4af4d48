"""Parquet files in a bucket, read through deltalake with the credentials of their table.

Files come whole, by one thread, before anything is asked of them. deltalake offers a file system
for pyarrow, but one in Python: any thread of pyarrow's that opens or lets go of a file needs the
interpreter. `Scanner.to_reader` (pyarrow 18 to 26) holds it meanwhile, so that now and then both
wait for each other for ever; and threads that are not done when Python ends take it down. A million
results are some 25 MB, so there is little to be won by reading less.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow.dataset as ds  # type: ignore[import-untyped]
from deltalake.fs import DeltaStorageHandler

from fictures_reports.history.typed_fragments import cast_fragments

if TYPE_CHECKING:
    from collections.abc import Sequence


class Remote(ds.FileSystemDataset):  # type: ignore[misc]
    """Files of a Delta table that are in no folder of this machine; read when first scanned."""

    def __init__(self, target: Any, files: Sequence[str], schema: Any) -> None:
        super().__init__([], schema, ds.ParquetFileFormat())
        self._target, self._files = target, files

    def scanner(self, **asked: Any) -> Any:
        """Scan the files, once they are here."""
        return self._dataset.scanner(**asked)

    def stored_schemas(self) -> list[Any]:
        """Return the schema of each file as it was written."""
        return [fragment.physical_schema for fragment in self._fragments]

    @cached_property
    def _dataset(self) -> Any:
        return cast_fragments(ds.FileSystemDataset(self._fragments, self.schema, self.format))

    @cached_property
    def _fragments(self) -> list[Any]:
        root = self._target.table_uri.rstrip("/") + "/"
        bucket = DeltaStorageHandler.from_table(self._target._table)  # noqa: SLF001
        fragments = []
        for uri in self._files:
            with bucket.open_input_file(uri.removeprefix(root)) as file:
                fragments.append(self.format.make_fragment(file.read_buffer()))
        return fragments
