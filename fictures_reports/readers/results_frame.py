"""Rows → the results frame.

Rows come as a stream and leave their memory batch by batch, so that a file of a gigabyte needs
little more than its finished frame.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter, defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from fictures_reports.readers.row_columns import columns_of
from fictures_reports.readers.rows import Row
from fictures_reports.schema import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]

#: Rows that are laid out at once; the ids of runs follow from it, so it never changes.
_BATCH = 8192
_FEW_ROWS = 256
#: seconds; some thousand years, which microseconds can still hold
_LARGEST_EPOCH = 1e11
_LARGEST_INT = 2**63
_DTYPES = {column.name: column.dtype for column in COLUMNS}
#: What a run's id is derived from, each column apart.
_ID_TEXTS = ("case_id", "status")
_ID_NUMBERS = ("started_at", "duration_s", "n_attempts")
_WORST_FIRST = {
    status: rank
    for rank, status in enumerate(
        ("failed", "flaky", "interrupted", "xpassed", "xfailed", "passed", "skipped", "not_run")
    )
}


def frame(rows: Iterable[Row], run_id: str) -> pd.DataFrame:
    """Lay rows out as a results frame, one row each, in their order.

    The why and facts columns stay missing for `classify`, but for message, error_type, location,
    snippet, phase and skip_reason. Cases that occur again get " #2", " #3" … behind their id, in an
    order that follows from what they say.
    """
    return ResultsTable(rows).frame(run_id)


class ResultsTable:
    """The columns of a stream of rows, in arrays of `_BATCH` values each."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Lay all rows out; errors of whoever gives the rows pass through."""
        self._arrays: defaultdict[str, list[Any]] = defaultdict(list)
        self._digests = {name: hashlib.sha256() for name in (*_ID_TEXTS, *_ID_NUMBERS)}
        #: of the case ids: a set of a million texts would need more memory than the frame
        self._hashes = array("q")
        stream = iter(rows)
        while columns := _next_columns(stream):
            self._add(columns)
        if not self.n_rows % _BATCH:  # an id is made of full batches and one that is not
            self._digest({name: [] for name in _DTYPES})

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return len(self._hashes)

    def _add(self, columns: Mapping[str, list[Any]]) -> None:
        arrays = {name: _array(values, _DTYPES[name]) for name, values in columns.items()}
        if columns["test_id"] == columns["case_id"]:  # without projects and variants: one copy
            arrays["test_id"] = arrays["case_id"]
        for name, column in arrays.items():
            self._arrays[name].append(column)
        ids = columns["case_id"]
        self._hashes.extend(map(hash, ids))
        numbers = {name: arrays[name].to_pylist() for name in _ID_NUMBERS}
        self._digest({"case_id": ids, "status": columns["status"], **numbers})

    def _digest(self, columns: Mapping[str, list[Any]]) -> None:
        for name in _ID_TEXTS:
            text = "\x1f".join(columns[name]) if columns[name] else "[]"
            self._digests[name].update(text.encode("utf-8", "replace") + b"\x1f")
        for name in _ID_NUMBERS:
            self._digests[name].update(msgspec.json.encode(columns[name]) + b"\x1f")

    def run_id(self, *facts: object) -> str:
        """Derive the run's id from what it holds: the same results always get the same."""
        parts = [digest.hexdigest() for digest in self._digests.values()]
        whole = hashlib.sha256(repr((parts, facts)).encode("utf-8", "replace"))
        return whole.hexdigest()[:12]

    def n_duplicates(self) -> int:
        """Count the rows whose case occurred before."""
        import numpy as np

        ordered = np.sort(np.frombuffer(self._hashes, dtype="int64"))
        if not np.any(ordered[1:] == ordered[:-1]):
            return 0
        return self.n_rows - len(set(self._values("case_id")))  # two texts may have one hash

    def _values(self, name: str) -> list[Any]:
        return [value for part in self._arrays[name] for value in part.to_pylist()]

    def _order_of_copies(self) -> list[tuple[int, int, str]]:
        """Say for each row where it stands among copies: by its line, else how and why it ended.

        Failures come first, so that one more of them is one more failure of the same ids.
        """
        lines, messages = self._values("line"), self._values("message")
        statuses = self._values("status")
        return [
            (line or 0, _WORST_FIRST[status], message or "")
            for line, status, message in zip(lines, statuses, messages, strict=True)
        ]

    def frame(self, run_id: str) -> pd.DataFrame:
        """Put the columns together in the schema's order; the table is empty afterwards."""
        import pandas as pd
        import pyarrow as pa

        if self.n_duplicates():
            ids = numbered(self._values("case_id"), self._order_of_copies())
            self._arrays["case_id"] = [_array(ids, "str")]
        self._arrays["run_id"] = [pa.repeat(pa.scalar(run_id, pa.large_string()), self.n_rows)]
        # arrays on one index: what pandas would lay on it column by column takes twice as long
        index = pd.RangeIndex(self.n_rows)
        columns = {c.name: self._column(c.name, c.dtype, index) for c in COLUMNS}
        return pd.DataFrame(columns, index=index, copy=False)

    def _column(self, name: str, dtype: str, index: pd.RangeIndex) -> Any:
        import pyarrow as pa

        arrays = self._arrays.pop(name, [])
        if dtype == "object":
            return _object_series(arrays, index)
        return _values(arrays or [pa.nulls(self.n_rows, _arrow_type(dtype))], dtype)


def _next_columns(stream: Iterator[Row]) -> dict[str, list[Any]]:
    """Take a batch of rows as columns, a few rows at a time; empty at the end of the stream.

    Rows that live briefly are cheap for the collector of cycles: 8,192 at once take twice as long.
    """
    columns: dict[str, list[Any]] = {}
    for _ in range(_BATCH // _FEW_ROWS):
        rows = list(islice(stream, _FEW_ROWS))
        if not rows:
            break
        for name, values in columns_of(rows).items():
            columns.setdefault(name, []).extend(values)
    return columns


def numbered(ids: Sequence[str], keys: Sequence[Any] | None = None) -> list[str]:
    """Tell repeated ids apart: the second becomes "… #2", the third "… #3".

    The order is that of `keys`, whatever the order of the rows, so that equal copies in two runs
    get equal ids. A number that a case has by its own name is passed over.
    """
    repeated = {name for name, n in Counter(ids).items() if n > 1}
    copies = [place for place, name in enumerate(ids) if name in repeated]
    if keys is not None:
        copies.sort(key=keys.__getitem__)
    given, taken = list(ids), set(ids)
    counts: Counter[str] = Counter()
    for place in copies:
        name = ids[place]
        counts[name] += 1
        if counts[name] > 1:
            while (candidate := f"{name} #{counts[name]}") in taken:
                counts[name] += 1
            taken.add(candidate)
            given[place] = candidate
    return given


def series_of(values: Sequence[Any], dtype: str) -> pd.Series[Any]:
    """Make a column of one of the schema's dtypes; `None` is missing."""
    import pandas as pd

    return pd.Series(_values([_array(values, dtype)], dtype), copy=False)


def _array(values: Sequence[Any], dtype: str) -> Any:
    """Make an Arrow array of a column's values; one of numpy where they are objects."""
    import numpy as np
    import pyarrow as pa

    if dtype == "object":  # np.array would make a matrix of lists of one length
        return np.fromiter(values, dtype=object, count=len(values))
    kind = _arrow_type(dtype)
    try:
        return pa.array(values, type=kind)
    except UnicodeEncodeError:  # a lone surrogate that no reader took out
        plain = [v.encode("utf-8", "replace").decode() if v is not None else None for v in values]
        return pa.array(plain, type=kind)
    except OverflowError:
        small = [v if v is None or abs(v) < _LARGEST_INT else None for v in values]
        return pa.array(small, type=kind)


def _arrow_type(dtype: str) -> pa.DataType:
    """Name the Arrow type that holds a column of the schema until the frame is made."""
    import pyarrow as pa

    if dtype == "str":
        return pa.large_string()
    return pa.int64() if dtype in ("Int64", "int64") else pa.float64()


def _values(arrays: list[Any], dtype: str) -> Any:
    """Join the arrays of a column to one that a frame can hold, without copying text."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    chunked = pa.chunked_array(arrays)
    if dtype == "str":
        strings: Any = pd.StringDtype("pyarrow", na_value=np.nan)
        return strings.__from_arrow__(chunked)
    if dtype == "float64":
        return chunked.to_numpy().copy()  # Arrow's own is not to be written to
    if dtype == "int64":
        return chunked.fill_null(0).to_numpy().copy()
    if dtype == "Int64":
        values = chunked.fill_null(0).to_numpy()
        return pd.arrays.IntegerArray(values.copy(), chunked.is_null().to_numpy().copy())
    return _times(chunked.to_numpy())


def _times(epochs: Any) -> Any:
    """Turn epoch seconds into UTC timestamps in microseconds; NaN becomes NaT."""
    import numpy as np
    import pandas as pd

    micros = np.full(len(epochs), np.iinfo("int64").min, dtype="int64")
    known = np.abs(epochs) < _LARGEST_EPOCH  # NaN is not
    micros[known] = np.round(epochs[known] * 1e6).astype("int64")
    return pd.DatetimeIndex(micros.view("M8[us]")).tz_localize("UTC").array


def _object_series(arrays: list[Any], index: pd.RangeIndex) -> pd.Series[Any]:
    import numpy as np
    import pandas as pd

    values = np.concatenate(arrays) if arrays else np.full(len(index), None)
    return pd.Series(values, index, copy=False)
