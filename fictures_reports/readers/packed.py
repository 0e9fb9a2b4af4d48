"""Columns on their way between processes: quick to make, to send, and to take as Arrow."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from fictures_reports.readers.columns import Column, Few, as_list
from fictures_reports.readers.pieces import DTYPES, Piece, all_same, arrow_type, piece_of

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]


class Texts(msgspec.Struct, tag=True):
    """Texts one behind the other in UTF-8, and how many bytes each has."""

    data: bytes
    #: of 64 bits each
    lengths: bytes


class FewTexts(msgspec.Struct, tag=True):
    """Texts of a column in which most are missing, and where they stand."""

    at: list[int]
    texts: Texts


class Numbers(msgspec.Struct, tag=True):
    """Numbers of which none is missing, of 64 bits each."""

    data: bytes


class Values(msgspec.Struct, tag=True):
    """Values as they are."""

    values: list[Any]


#: What `piece_of` needs all values of.
_WHOLE = ("case_id", "duration_s")
Packed = dict[str, Texts | FewTexts | Numbers | Few | Values]


def packed(columns: Mapping[str, Column]) -> Packed:
    """Pack columns of one length."""
    return {name: _packed(name, column) for name, column in columns.items()}


def _packed(name: str, column: Column) -> Texts | FewTexts | Numbers | Few | Values:
    if isinstance(column, Few):
        are_texts = DTYPES[name] == "str" and column.same is None and None not in column.values
        return FewTexts(column.at, _texts(column.values)) if are_texts and column.at else column
    values = as_list(column)
    dtype = DTYPES[name]
    if dtype != "object" and name not in _WHOLE and values and all_same(values):
        return Few(values[0], [], [])
    try:
        if dtype == "str":
            return _texts(values)
        if dtype == "float64":
            return Numbers(array("d", values).tobytes())
    except TypeError:  # some are missing
        pass
    return Values(list(values))


def _texts(values: Sequence[str]) -> Texts:
    joined = "".join(values)
    if joined.isascii():
        data, lengths = joined.encode(), map(len, values)
    else:
        encoded = [value.encode("utf-8", "replace") for value in values]
        data, lengths = b"".join(encoded), map(len, encoded)
    # in half the time of array("q", …), which asks for them one by one
    return Texts(data, struct.pack(f"{len(values)}q", *lengths))


def unpacked(columns: Packed) -> Piece:
    """Make a piece of packed columns."""
    ids = columns.get("case_id")
    n_rows = len(ids.lengths) // 8 if isinstance(ids, Texts) else 0
    return piece_of({name: _column(name, column, n_rows) for name, column in columns.items()})


def _column(name: str, column: Any, n_rows: int) -> Column | pa.Array[Any]:
    import numpy as np
    import pyarrow as pa

    if isinstance(column, Values):
        return column.values
    if isinstance(column, Few):
        return column
    kind = arrow_type(DTYPES[name])
    if isinstance(column, Numbers):
        return pa.Array.from_buffers(kind, len(column.data) // 8, [None, pa.py_buffer(column.data)])
    ends, known = np.zeros(n_rows + 1, "int64"), None
    if isinstance(column, FewTexts):
        places, column = np.array(column.at), column.texts
        ends[places + 1] = np.frombuffer(column.lengths, "int64")
        is_known = np.zeros(n_rows, dtype=bool)
        is_known[places] = True
        known = pa.py_buffer(np.packbits(is_known, bitorder="little"))
    else:
        ends[1:] = np.frombuffer(column.lengths, "int64")
    buffers = [known, pa.py_buffer(ends.cumsum()), pa.py_buffer(column.data)]
    return pa.Array.from_buffers(kind, n_rows, buffers)
