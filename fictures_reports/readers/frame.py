"""Rows → the results frame.

Rows come as a stream and leave their memory batch by batch, so that a file of a gigabyte needs
little more than its finished frame.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from itertools import count, islice
from typing import TYPE_CHECKING, Any

import msgspec

from fictures_reports.readers.columns import BATCH
from fictures_reports.readers.passes import Entries, Entry, columns_of_entries, n_results
from fictures_reports.readers.pieces import (
    DTYPES,
    Part,
    Piece,
    array_of,
    arrow_type,
    n_distinct,
    piece_of,
)
from fictures_reports.readers.rows import Row
from fictures_reports.schema import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]

#: seconds; some thousand years, which microseconds can still hold
_LARGEST_EPOCH = 1e11
#: rows of an array on average; many small ones slow down all that is asked of a column
_SMALL = 2048
#: What a run's id is derived from, each column apart.
_TEXTS = ("case_id", "status")
_NUMBERS = ("started_at", "duration_s", "n_attempts")


def frame(rows: Iterable[Row], run_id: str) -> pd.DataFrame:
    """Lay rows out as a results frame, one row each, in their order.

    The why and facts columns stay missing for `classify`, but for message, error_type, location,
    snippet, phase and skip_reason. Cases that occur again get " #2", " #3" … behind their id.
    """
    table = Table()
    table.add(rows)
    return table.frame(run_id)


class Table:
    """Columns that grow piece by piece; `distinct` tells that no case occurs twice."""

    def __init__(self, *, distinct: bool = False) -> None:
        self._arrays: defaultdict[str, list[Any]] = defaultdict(list)
        self._digests = {name: hashlib.sha256() for name in _TEXTS}
        self._waiting: list[Entry] = []
        self._n_waiting = 0
        #: the last of some parts that follow each other in one piece, and where these start in it
        self._part: Part | None = None
        self._start = 0
        self._are_distinct = distinct
        #: of so many rows, so many cases: counting them takes a while
        self._distinct = 0, 0
        self.n_rows = 0

    def add(self, rows: Iterable[Row] | Part) -> None:
        """Take all rows of a stream."""
        if isinstance(rows, Part):
            held = self._part
            if held is None or held.piece is not rows.piece or held.stop != rows.start:
                self._settle_waiting()
                self._start = rows.start
            self._part = rows
            return
        for batch in rows.batches if isinstance(rows, Entries) else _batches(rows):
            if self._part is not None:
                self._settle_waiting()
            self._waiting += batch
            self._n_waiting += n_results(batch)
            if self._n_waiting >= BATCH:
                self._settle_waiting()

    def _settle_waiting(self) -> None:
        """Lay out the entries that wait, or take the part that waits for its next."""
        entries, self._waiting, self._n_waiting = self._waiting, [], 0
        part, self._part = self._part, None
        if entries:
            piece = piece_of(columns_of_entries(entries))
            self._settle(piece, 0, len(piece))
        elif part is not None:
            self._settle(part.piece, self._start, part.stop)

    def _settle(self, piece: Piece, start: int, stop: int) -> None:
        is_whole = stop - start == len(piece)
        for name, column in piece.columns.items():
            self._arrays[name].append(column if is_whole else column[start:stop])
        self.n_rows += stop - start
        for name, digest in self._digests.items():
            digest.update(_joined(piece.columns[name][start:stop]))
            digest.update(b"\x1f")

    def run_id(self, *facts: object) -> str:
        """Derive the run's id from what it holds: the same results always get the same."""
        self._settle_waiting()
        digests = [digest.copy() for digest in self._digests.values()]
        if not self.n_rows % BATCH:
            for digest in digests:
                digest.update(b"[]\x1f")  # the last batch, which is not full
        for name in _NUMBERS:
            digests.append(hashlib.sha256())
            for values in self._cut(name):
                digests[-1].update(msgspec.json.encode(values) + b"\x1f")
        parts = [digest.hexdigest() for digest in digests]
        whole = hashlib.sha256(repr((parts, facts)).encode("utf-8", "replace"))
        return whole.hexdigest()[:12]

    def _cut(self, name: str) -> Iterator[list[Any]]:
        """Cut a column into batches, however it came; the last is not full."""
        import pyarrow as pa

        column: Any = pa.chunked_array(self._arrays[name], arrow_type(DTYPES[name]))
        for start in range(0, self.n_rows + 1, BATCH):
            batch = column.slice(start, BATCH)
            # by numpy in half the time, which has no missing integers
            yield batch.to_pylist() if batch.null_count else batch.to_numpy().tolist()

    def n_duplicates(self) -> int:
        """Count the rows whose case occurred before."""
        if self._are_distinct:
            return 0
        self._settle_waiting()
        n_rows, n_cases = self._distinct
        if n_rows != self.n_rows:
            n_cases = n_distinct(self._arrays["case_id"])
            self._distinct = self.n_rows, n_cases
        return self.n_rows - n_cases

    def frame(self, run_id: str) -> pd.DataFrame:
        """Put the columns together in the schema's order; the table is empty afterwards."""
        import pandas as pd
        import pyarrow as pa

        if self.n_duplicates():
            ids = [name for array in self._arrays["case_id"] for name in array.to_pylist()]
            self._arrays["case_id"] = [array_of(numbered(ids), "str")]
        self._arrays["run_id"] = [pa.repeat(pa.scalar(run_id, pa.large_string()), self.n_rows)]
        return pd.DataFrame({c.name: self._column(c.name, c.dtype) for c in COLUMNS}, copy=False)

    def _column(self, name: str, dtype: str) -> pd.Series[Any]:
        import pyarrow as pa

        arrays = self._arrays.pop(name, [])
        if dtype == "object":
            return _object_series(arrays, self.n_rows)
        return series(arrays or [pa.nulls(self.n_rows, arrow_type(dtype))], dtype)


def _joined(texts: pa.Array[Any]) -> pa.Buffer:
    import pyarrow as pa
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    all_of_them = pa.ListArray.from_arrays([0, len(texts)], texts)
    return pc.binary_join(all_of_them, pa.scalar("\x1f", texts.type))[0].as_buffer()


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    stream = iter(rows)
    while batch := list(islice(stream, BATCH)):
        yield batch


def numbered(ids: Sequence[str]) -> list[str]:
    """Tell repeated ids apart: the second becomes "… #2", the third "… #3"."""
    counters: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(1))
    simple = [
        name if (number := next(counters[name])) == 1 else f"{name} #{number}" for name in ids
    ]
    return simple if len(set(simple)) == len(simple) else list(_numbered_around(ids))


def _numbered_around(ids: Sequence[str]) -> Iterator[str]:
    """Tell repeated ids apart where a case is called "… #2" by itself."""
    seen: Counter[str] = Counter()
    taken = set(ids)
    for name in ids:
        seen[name] += 1
        if seen[name] == 1:
            yield name
            continue
        while (candidate := f"{name} #{seen[name]}") in taken:
            seen[name] += 1
        taken.add(candidate)
        yield candidate


def series(arrays: list[Any], dtype: str) -> pd.Series[Any]:
    """Join the pieces of a column, without copying text unless they are small."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    chunked = pa.chunked_array(arrays)
    if dtype == "str":
        if len(arrays) > 1 and len(chunked) < len(arrays) * _SMALL:
            chunked = pa.chunked_array([pa.concat_arrays(arrays)])
        strings: Any = pd.StringDtype("pyarrow", na_value=np.nan)
        return pd.Series(strings.__from_arrow__(chunked))
    if dtype == "float64":
        return pd.Series(chunked.to_numpy())
    if dtype == "int64":
        return pd.Series(chunked.fill_null(0).to_numpy())
    if dtype == "Int64":
        values = chunked.fill_null(0).to_numpy()
        return pd.Series(pd.arrays.IntegerArray(values, chunked.is_null().to_numpy()))
    return _times(chunked.to_numpy())


def _times(epochs: Any) -> pd.Series[Any]:
    """Turn epoch seconds into UTC timestamps in microseconds; NaN becomes NaT."""
    import numpy as np
    import pandas as pd

    micros = np.full(len(epochs), np.iinfo("int64").min, dtype="int64")
    known = np.abs(epochs) < _LARGEST_EPOCH  # NaN is not
    micros[known] = np.round(epochs[known] * 1e6).astype("int64")
    return pd.Series(micros.view("M8[us]")).dt.tz_localize("UTC")


def _object_series(arrays: list[Any], n_rows: int) -> pd.Series[Any]:
    import numpy as np
    import pandas as pd

    values = np.concatenate(arrays) if arrays else np.full(n_rows, None)
    return pd.Series(values, copy=False)
