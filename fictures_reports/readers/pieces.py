"""Columns of results as Arrow arrays: pieces of the table to be, and parts of these."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from fictures_reports.readers.columns import (
    OF_ROW,
    Column,
    Few,
    as_list,
    duration_of,
    is_array,
    start_of,
)
from fictures_reports.readers.rows import Attempt, Row
from fictures_reports.schema import COLUMNS

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa  # type: ignore[import-untyped]

    from fictures_reports.readers.passes import Names

DTYPES = {column.name: column.dtype for column in COLUMNS}
_LARGEST_INT = 2**63
#: Texts that may be held twice for a moment: told apart by themselves, not by their hashes.
_FEW_BYTES = 2**25


class Piece(msgspec.Struct, frozen=True, eq=False):
    """Some results: a column is an Arrow array, or one of numpy where it holds objects."""

    columns: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.columns["case_id"])


class Part(msgspec.Struct, frozen=True, eq=False):
    """The results of one file within a piece; iterating makes rows again."""

    piece: Piece
    start: int
    stop: int
    names: Names

    def __len__(self) -> int:
        return self.stop - self.start

    def array(self, name: str) -> Any:
        """Return a column as it is held."""
        return self.piece.columns[name][self.start : self.stop]

    def values(self, name: str) -> Sequence[Any]:
        """Return a column."""
        held = self.array(name)
        return as_list(held) if is_array(held) else held.tolist()

    def __iter__(self) -> Iterator[Row]:
        attempts = msgspec.convert(self.values("attempts"), list[list[Attempt]])
        columns = zip(*(self.values(name) for name in OF_ROW), strict=True)
        whole = zip(self.values("started_at"), self.values("duration_s"), strict=True)
        for values, tries, (start, took) in zip(columns, attempts, whole, strict=True):
            row = Row(**dict(zip(OF_ROW, values, strict=True)), attempts=tries)
            # what follows from the attempts must go on doing so: others may join them
            if start_of(row) is None:
                row.started_at = start
            if duration_of(row) != took:
                row.duration_s = took
            yield row

    def cases(self) -> dict[str, tuple[str, float | None]]:
        """Map case ids to statuses and durations."""
        told = zip(self.values("status"), self.values("duration_s"), strict=True)
        return dict(zip(self.values("case_id"), told, strict=True))


def piece_of(columns: Mapping[str, Column | pa.Array[Any]]) -> Piece:
    """Make a piece of columns."""
    return Piece({name: _made(name, column, columns) for name, column in columns.items()})


def _made(name: str, column: Any, columns: Mapping[str, Any]) -> Any:
    dtype = DTYPES[name]
    if dtype == "object":
        few = isinstance(column, Few)
        return _objects(_own(name, column, columns["duration_s"]) if few else column)
    if isinstance(column, Few):
        return _spread(column, len(columns["case_id"]), dtype)
    return array_of(column, dtype) if isinstance(column, list) else column


def _objects(values: Sequence[Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    # np.array would make a matrix of lists of one length
    return np.fromiter(values, dtype=object, count=len(values))


def _spread(column: Few, n_rows: int, dtype: str) -> pa.Array[Any]:
    import numpy as np
    import pyarrow as pa

    if column.values.count(column.same) == len(column.at):
        return pa.repeat(pa.scalar(column.same, arrow_type(dtype)), n_rows)
    taken = np.zeros(n_rows, dtype="int64")
    taken[column.at] = np.arange(len(column.at)) + 1
    return array_of([column.same, *column.values], dtype).take(pa.array(taken))


def _own(name: str, column: Few, durations: Sequence[float]) -> list[Any]:
    """Give each row objects of its own, for somebody may change them; a pass has one attempt."""
    if name == "attempts":
        took = as_list(durations)
        values: list[Any] = [[{"status": "passed", "duration_s": one}] for one in took]
    else:
        values = [[] for _ in range(len(durations))]
    for place, value in zip(column.at, column.values, strict=True):
        values[place] = value
    return values


def array_of(values: Sequence[Any], dtype: str) -> pa.Array[Any]:
    """Make an Arrow array of a column's values."""
    import pyarrow as pa

    kind = arrow_type(dtype)
    try:
        if values and all_same(values):
            return pa.repeat(pa.scalar(values[0], kind), len(values))
        return pa.array(values, type=kind)
    except UnicodeEncodeError:  # a lone surrogate that no reader took out
        plain = [v.encode("utf-8", "replace").decode() if v is not None else None for v in values]
        return pa.array(plain, type=kind)
    except OverflowError:
        small = [v if v is None or abs(v) < _LARGEST_INT else None for v in values]
        return pa.array(small, type=kind)


def n_distinct(columns: Sequence[Sequence[str] | pa.Array[Any]]) -> int:
    """Count the different texts of some columns."""
    if not any(map(is_array, columns)):
        return len(set[str]().union(*columns))
    import numpy as np
    import pyarrow as pa

    texts: list[Any] = [one if is_array(one) else array_of(one, "str") for one in columns]
    if sum(one.nbytes for one in texts) <= _FEW_BYTES:
        return len(pa.chunked_array(texts, pa.large_string()).unique())
    hashes = array("q")
    for one in texts:
        hashes.extend(map(hash, one.to_pylist()))
    ordered = np.sort(np.frombuffer(hashes, dtype="int64"))
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + 1


def all_same(values: Sequence[Any]) -> bool:
    """Tell a column of texts, or of nothing, that says the same throughout."""
    first = values[0]
    if first != values[-1] or not (first is None or isinstance(first, str)):
        return False
    return values.count(first) == len(values)


def arrow_type(dtype: str) -> pa.DataType:
    """Name the Arrow type that holds a column of the schema until the frame is made."""
    import pyarrow as pa

    if dtype == "str":
        return pa.large_string()
    return pa.int64() if dtype in ("Int64", "int64") else pa.float64()
