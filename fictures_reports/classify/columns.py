"""Answers about some rows → whole columns; the rows between them keep what they had, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from fictures_reports.sparse import Places

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
    rows = Places(places, len(results))
    for name in _DERIVED:
        # an answer without a reason takes away one that was no more than a log
        values = [answer.get(name) for answer in answers]
        column = _numbers(values, rows) if name in _NUMBERS else _texts(values, rows)
        columns[name] = pd.Series(column, index=results.index)
    for name in _ADJUSTED:
        values = [answer.get(name) or None for answer in answers]
        columns[name] = _adjusted(results, name, rows, values)
    return columns


def _adjusted(
    results: pd.DataFrame, name: str, rows: Places, values: list[str | None]
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
        return pd.Series(_TEXT.__from_arrow__(either), index=before.index)
    taken = np.arange(len(before))
    at = np.asarray(told.is_valid()).nonzero()[0]
    taken[rows.places[at]] = len(before) + at
    both = pa.chunked_array([*whole.chunks, told])
    return pd.Series(_TEXT.__from_arrow__(both.take(pa.array(taken))), index=before.index)


def _pieces(texts: pd.Series[Any]) -> list[Any]:
    """Return a column of texts as Arrow arrays."""
    whole = pa.array(texts.array, type=pa.large_string())
    return whole.chunks if isinstance(whole, pa.ChunkedArray) else [whole]


def _numbers(values: list[Any], rows: Places) -> Any:
    column = np.full(rows.n_rows, np.nan)
    column[rows.places] = [np.nan if value is None else value for value in values]
    return column


def _texts(values: list[Any], rows: Places) -> Any:
    return _TEXT.__from_arrow__(rows.laid_out(pa.array(values, type=pa.large_string())))
