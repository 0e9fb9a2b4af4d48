"""Rows → the results frame.

Rows come as a stream and leave their memory batch by batch, so that a file of a gigabyte needs
little more than its finished frame.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter, defaultdict
from itertools import count, islice
from typing import TYPE_CHECKING, Any

import msgspec

from fictures_reports.readers.columns import BATCH, Block, columns_of
from fictures_reports.readers.passes import Entries
from fictures_reports.readers.rows import Row
from fictures_reports.schema import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]

#: What readers fill; the other columns of the schema stay missing for `classify`.
_FILLED = (
    "case_id", "project", "file", "line", "suite", "title", "tags", "status", "phase",
    "n_attempts", "attempts", "expected_status", "started_at", "duration_s", "worker", "shard",
    "message", "error_type", "location", "snippet", "skip_reason",
    "stdout", "stderr", "annotations", "attachments", "source",
)  # fmt: skip
_LARGEST_INT = 2**63
#: seconds; some thousand years, which microseconds can still hold
_LARGEST_EPOCH = 1e11
#: What a run's id is derived from, each column apart so that batches may be cut anywhere.
_SIGNED = ("case_id", "status", "started_at", "duration_s", "n_attempts")
_TEXTS = ("case_id", "status")


def frame(rows: Iterable[Row], run_id: str) -> pd.DataFrame:
    """Lay rows out as a results frame, one row each, in their order.

    The why and facts columns stay missing for `classify`, but for message, error_type, location,
    snippet, phase and skip_reason. Cases that occur again get " #2", " #3" … behind their id.
    """
    table = Table()
    table.add(rows)
    return table.frame(run_id)


class Table:
    """Columns that grow batch by batch."""

    def __init__(self) -> None:
        self._pieces: dict[str, list[Any]] = {name: [] for name in _FILLED}
        self._objects: dict[str, list[Any]] = {
            column.name: [] for column in COLUMNS if column.dtype == "object"
        }
        self._hashes = array("q")
        self._digests = {name: hashlib.sha256() for name in _SIGNED}
        self._waiting: dict[str, list[Any]] = {name: [] for name in _FILLED}
        self._n_waiting = 0
        self.n_rows = 0

    def add(self, rows: Iterable[Row]) -> None:
        """Take all rows of a stream."""
        if isinstance(rows, Block | Entries):
            for columns in rows.pieces() if isinstance(rows, Block) else rows.columns():
                self._collect(columns)
            return
        stream = iter(rows)
        while batch := list(islice(stream, BATCH)):
            self._collect(columns_of(batch))

    def _collect(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Gather columns until they are worth an array."""
        n_new = len(columns["case_id"])
        if n_new >= BATCH and not self._n_waiting:
            self._settle(columns)
            return
        if n_new:
            for name, values in columns.items():
                self._waiting[name] += values
        self._n_waiting += n_new
        if self._n_waiting >= BATCH:
            self._settle_waiting()

    def _settle_waiting(self) -> None:
        columns, self._waiting = self._waiting, {name: [] for name in _FILLED}
        self._n_waiting = 0
        self._settle(columns)

    def _settle(self, columns: Mapping[str, Sequence[Any]]) -> None:
        self._hashes.extend(map(hash, columns["case_id"]))
        for name, digest in self._digests.items():
            values = columns[name]
            text = "\x1f".join(values).encode("utf-8", "replace") if name in _TEXTS else b""
            digest.update((text or msgspec.json.encode(values)) + b"\x1f")
        for name, values in columns.items():
            if name in self._objects:
                self._objects[name] += values
            else:
                self._pieces[name].append(_arrow(values, _DTYPES[name]))
        self.n_rows += len(columns["case_id"])

    def run_id(self, *facts: object) -> str:
        """Derive the run's id from what it holds: the same results always get the same."""
        self._settle_waiting()
        parts = [digest.hexdigest() for digest in self._digests.values()]
        whole = hashlib.sha256(repr((parts, facts)).encode("utf-8", "replace"))
        return whole.hexdigest()[:12]

    def n_duplicates(self) -> int:
        """Count the rows whose case occurred before."""
        import numpy as np

        self._settle_waiting()
        ordered = np.sort(np.frombuffer(self._hashes, dtype="int64"))
        return int(np.count_nonzero(ordered[1:] == ordered[:-1]))

    def frame(self, run_id: str) -> pd.DataFrame:
        """Put the columns together in the schema's order; the table is empty afterwards."""
        import pandas as pd
        import pyarrow as pa

        if self.n_duplicates():
            ids = [name for piece in self._pieces["case_id"] for name in piece.to_pylist()]
            self._pieces["case_id"] = [_arrow(numbered(ids), "str")]
        self._pieces["run_id"] = [pa.repeat(pa.scalar(run_id, pa.large_string()), self.n_rows)]
        return pd.DataFrame({c.name: self._column(c.name, c.dtype) for c in COLUMNS}, copy=False)

    def _column(self, name: str, dtype: str) -> pd.Series[Any]:
        if dtype == "object":
            return _object_series(self._objects.pop(name))
        pieces = self._pieces.pop(name, [])
        return _series(pieces or [_nulls(self.n_rows, dtype)], dtype)


_DTYPES = {column.name: column.dtype for column in COLUMNS}


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


def _arrow(values: Sequence[Any], dtype: str) -> pa.Array[Any]:
    """Make an arrow array of one batch's values."""
    import pyarrow as pa

    kind = _arrow_type(dtype)
    try:
        if values and _all_same(values):
            return pa.repeat(pa.scalar(values[0], kind), len(values))
        return pa.array(values, type=kind)
    except UnicodeEncodeError:  # a lone surrogate that no reader took out, as in a file's name
        plain = [v.encode("utf-8", "replace").decode() if v is not None else None for v in values]
        return pa.array(plain, type=kind)
    except OverflowError:
        small = [v if v is None or abs(v) < _LARGEST_INT else None for v in values]
        return pa.array(small, type=kind)


def _all_same(values: Sequence[Any]) -> bool:
    """Tell a column of texts, or of nothing, that says the same throughout."""
    first = values[0]
    if first != values[-1] or not (first is None or isinstance(first, str)):
        return False
    return values.count(first) == len(values)


def _arrow_type(dtype: str) -> pa.DataType:
    import pyarrow as pa

    if dtype == "str":
        return pa.large_string()
    return pa.int64() if dtype in ("Int64", "int64") else pa.float64()


def _nulls(n_rows: int, dtype: str) -> pa.Array[Any]:
    import pyarrow as pa

    return pa.nulls(n_rows, _arrow_type(dtype))


def _series(pieces: list[Any], dtype: str) -> pd.Series[Any]:
    """Join the batches of a column without copying text."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    chunked = pa.chunked_array(pieces)
    if dtype == "str":
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


def _object_series(values: list[Any]) -> pd.Series[Any]:
    import numpy as np
    import pandas as pd

    # np.array would make a matrix of lists of one length
    return pd.Series(np.fromiter(values, dtype=object, count=len(values)), copy=False)
