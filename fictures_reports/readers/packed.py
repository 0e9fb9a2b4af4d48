"""Columns on their way between processes: quick to make, to send, and to take as Arrow."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import msgspec

from fictures_reports.readers.columns import Column, Few, as_list
from fictures_reports.readers.pieces import DTYPES, Piece, arrow_type, piece_of

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]


class Texts(msgspec.Struct, tag=True):
    """Texts one behind the other in UTF-8, and where each ends."""

    data: bytes
    #: of 64 bits each, the first text's beginning in front
    ends: bytes


class Values(msgspec.Struct, tag=True):
    """Values as they are."""

    values: list[Any]


Packed = dict[str, Texts | Few | Values]


def packed(columns: Mapping[str, Column]) -> Packed:
    """Pack columns of one length."""
    return {name: _packed(name, column) for name, column in columns.items()}


def _packed(name: str, column: Column) -> Texts | Few | Values:
    if isinstance(column, Few):
        return column
    values = as_list(column)
    if DTYPES[name] == "str" and None not in values:
        return _texts(values)
    return Values(list(values))


def _texts(values: Sequence[str]) -> Texts:
    joined = "".join(values)
    if joined.isascii():
        lengths = list(map(len, values))
    else:
        lengths = [len(value.encode("utf-8", "replace")) for value in values]
    ends = array("q", accumulate(lengths, initial=0))
    return Texts(joined.encode("utf-8", "replace"), ends.tobytes())


def unpacked(columns: Packed) -> Piece:
    """Make a piece of packed columns."""
    return piece_of({name: _column(name, column) for name, column in columns.items()})


def _column(name: str, column: Texts | Few | Values) -> Column | pa.Array[Any]:
    import pyarrow as pa

    if isinstance(column, Values):
        return column.values
    if isinstance(column, Few):
        return column
    buffers = [None, pa.py_buffer(column.ends), pa.py_buffer(column.data)]
    n_rows = len(column.ends) // 8 - 1
    return pa.Array.from_buffers(arrow_type(DTYPES[name]), n_rows, buffers)
