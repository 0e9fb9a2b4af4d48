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


class Numbers(msgspec.Struct, tag=True):
    """Numbers of which none is missing, of 64 bits each."""

    data: bytes


class Values(msgspec.Struct, tag=True):
    """Values as they are."""

    values: list[Any]


#: What `piece_of` needs all values of.
_WHOLE = ("case_id", "duration_s")
Packed = dict[str, Texts | Numbers | Few | Values]


def packed(columns: Mapping[str, Column]) -> Packed:
    """Pack columns of one length."""
    return {name: _packed(name, column) for name, column in columns.items()}


def _packed(name: str, column: Column) -> Texts | Numbers | Few | Values:
    if isinstance(column, Few):
        return column
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
    return piece_of({name: _column(name, column) for name, column in columns.items()})


def _column(name: str, column: Texts | Numbers | Few | Values) -> Column | pa.Array[Any]:
    import numpy as np
    import pyarrow as pa

    if isinstance(column, Values):
        return column.values
    if isinstance(column, Few):
        return column
    kind = arrow_type(DTYPES[name])
    if isinstance(column, Numbers):
        return pa.Array.from_buffers(kind, len(column.data) // 8, [None, pa.py_buffer(column.data)])
    ends = np.append(0, np.frombuffer(column.lengths, "int64").cumsum())
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(column.data)]
    return pa.Array.from_buffers(kind, len(ends) - 1, buffers)
