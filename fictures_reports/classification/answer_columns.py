"""Answers about some rows → whole columns; the rows between them keep what they had, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What only an answer tells.
_DERIVED: Final = (
    "category", "rule", "evidence", "signature", "measured", "comparator", "limit", "unit",
    "ratio", "timeout_s", "locator", "fixture", "skip_reason",
)  # fmt: skip
#: What a reader told already; it stays where the answer says nothing.
_ADJUSTED: Final = ("phase", "error_type", "location", "message")
_NUMBERS: Final = frozenset({"measured", "limit", "ratio", "timeout_s"})
_TEXT: Final[Any] = pd.StringDtype("pyarrow", na_value=np.nan)


def answer_columns(
    results: pd.DataFrame, places: Any, answers: Sequence[Mapping[str, Any]]
) -> dict[str, pd.Series[Any]]:
    """Return the columns that the answers about the rows at `places`, which ascend, change."""
    columns = {}
    rows = _Rows(places, len(results))
    for name in _DERIVED:
        # an answer without a reason takes away one that was no more than a log
        values = [answer.get(name) for answer in answers]
        column = rows.numbers(values) if name in _NUMBERS else rows.texts(values)
        columns[name] = pd.Series(column, index=results.index)
    for name in _ADJUSTED:
        values = [answer.get(name) or None for answer in answers]
        columns[name] = _adjusted(results, name, rows, values)
    return columns


class _Rows:
    """All rows of a frame, of which those at some places got answers."""

    def __init__(self, places: Any, n_rows: int) -> None:
        self.places, self._n_rows = places, n_rows
        self._are_told = np.zeros(n_rows, bool)
        self._are_told[places] = True
        #: how many answers come before each row, and before the end
        self._n_before = np.concatenate([[0], np.cumsum(self._are_told)])

    def numbers(self, values: list[Any]) -> Any:
        """Lay numbers out over all rows."""
        column = np.full(self._n_rows, np.nan)
        column[self.places] = [np.nan if value is None else value for value in values]
        return column

    def texts(self, values: list[Any]) -> Any:
        """Lay texts out over all rows."""
        return self.laid_out(pa.array(values, type=pa.large_string()))

    def laid_out(self, told: Any) -> Any:
        """Lay an array of texts out over all rows: only where they end is new, not the texts."""
        if told.null_count == len(told):
            return _TEXT.__from_arrow__(pa.nulls(self._n_rows, pa.large_string()))
        are_told = self._are_told
        if told.null_count:
            are_told = are_told.copy()
            are_told[self.places] = told.is_valid()
        _, ends, texts = told.buffers()
        ends = np.frombuffer(ends, "int64")[self._n_before]
        buffers = [np.packbits(are_told, bitorder="little"), ends]
        return _TEXT.__from_arrow__(
            pa.Array.from_buffers(
                pa.large_string(), self._n_rows, [*map(pa.py_buffer, buffers), texts]
            )
        )


def _adjusted(
    results: pd.DataFrame, name: str, rows: _Rows, values: list[str | None]
) -> pd.Series[Any]:
    before = results[name] if name in results else pd.Series(None, results.index, dtype="str")
    before = before.astype("str")
    told = pa.array(values, type=pa.large_string())
    if told.null_count == len(told):
        return before
    whole = pa.chunked_array(_pieces(before), pa.large_string())
    own = whole.take(pa.array(rows.places))
    if len(own) - own.null_count == len(whole) - whole.null_count:  # the other rows have none
        either = rows.laid_out(pc.coalesce(told, own.combine_chunks()))
        return pd.Series(either, index=before.index)
    taken = np.arange(len(before))
    at = np.asarray(told.is_valid()).nonzero()[0]
    taken[rows.places[at]] = len(before) + at
    both = pa.chunked_array([*whole.chunks, told])
    return pd.Series(_TEXT.__from_arrow__(both.take(pa.array(taken))), index=before.index)


def _pieces(texts: pd.Series[Any]) -> list[Any]:
    """Return a column of texts as Arrow arrays."""
    whole = pa.array(texts.array, type=pa.large_string())
    return whole.chunks if isinstance(whole, pa.ChunkedArray) else [whole]
