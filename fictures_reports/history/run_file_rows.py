"""Results out of run files: those of some runs of one file, or all of many files."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.errors import ReadError
from fictures_reports.history.result_rows import FACTS
from fictures_reports.history.run_file_columns import STORED, restored, stored
from fictures_reports.history.tables import RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa  # type: ignore[import-untyped]

#: What a filter may ask for; a file in which no row has it lacks the column.
_FILTERED: Final = ("case_id", "test_id")


@contextmanager
def _readable(path: str | Path) -> Iterator[None]:
    """Raise `ReadError` if what stands in a file makes no sense; a footer may be sound for all."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowInvalid, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # not of the file's content
        hint = "the file is damaged; save the run again"
        raise ReadError(path, "its results cannot be read", hint) from error


def stored_rows(
    path: str | Path, ids: Sequence[str], wanted: Any = None, columns: Sequence[str] | None = None
) -> pa.Table:
    """Read results out of a run file: those of some appends, as far as the filter wants them.

    Columns that the file lacks are missing in all rows. Raises `ReadError` for a damaged file.
    """
    import pyarrow as pa
    import pyarrow.compute as pc  # type: ignore[import-untyped]
    import pyarrow.dataset as ds  # type: ignore[import-untyped]

    chosen = pc.field("ingest_id").isin(pa.array(ids, pa.string()))
    wanted = chosen if wanted is None else chosen & wanted
    with _readable(path):
        found = ds.dataset([str(path)], STORED, format="parquet")
        return restored(found.to_table(stored(columns), filter=wanted), columns)


def whole_runs(
    files: Mapping[str, Mapping[str, Any]], wanted: Any = None, columns: Any = None
) -> pa.Table:
    """Read the results of run files that hold one run each; `files` have the facts of that run.

    What is the same in all rows of a run is taken from its facts, and files are opened beside each
    other: both together make it three times as fast as a dataset over each file.
    """
    from concurrent.futures import ThreadPoolExecutor
    from functools import partial

    import numpy as np
    import pyarrow as pa

    names = [*(columns or RESULTS.names), "row", *(_FILTERED if wanted is not None else ())]
    read = partial(_one_run, names=[n for n in stored(names) if n not in FACTS], wanted=wanted)
    with ThreadPoolExecutor(min(len(files), pa.cpu_count())) as pool:
        parts = list(pool.map(read, files))
    run_of_row = pa.array(np.repeat(np.arange(len(parts)), [len(part) for part in parts]))
    rows = pa.concat_tables(parts, promote_options="permissive")
    for name in FACTS:
        values = pa.array([facts.get(name) for facts in files.values()], RESULTS.field(name).type)
        rows = rows.append_column(RESULTS.field(name), values.take(run_of_row))
    return restored(rows, columns)


def _one_run(file: str, names: Sequence[str], wanted: Any) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    with _readable(file), pq.ParquetFile(file, pre_buffer=False) as found:
        rows = found.read(names, use_threads=False)
    if wanted is None:
        return rows
    for name in _FILTERED:
        if name not in rows.column_names:
            rows = rows.append_column(RESULTS.field(name), pa.nulls(len(rows), pa.string()))
    return rows.filter(wanted)
