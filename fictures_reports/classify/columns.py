"""Answers about some rows → whole columns; the rows between them keep what they had, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

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
    """Return the columns that the answers about the rows at `places` change."""
    columns = {}
    # which answer each row gets
    taken = np.full(len(results), -1)
    taken[places] = np.arange(len(answers))
    which = pa.array(taken, mask=taken < 0)
    for name in _DERIVED:
        # an answer without a reason takes away one that was no more than a log
        values = [answer.get(name) for answer in answers]
        column = (
            _numbers(values, places, len(results)) if name in _NUMBERS else _texts(values, which)
        )
        columns[name] = pd.Series(column, index=results.index)
    for name in _ADJUSTED:
        values = [answer.get(name) for answer in answers]
        columns[name] = _adjusted(results, name, places, values)
    return columns


def _adjusted(results: pd.DataFrame, name: str, places: Any, values: list[Any]) -> pd.Series[Any]:
    before = results[name] if name in results else pd.Series(None, results.index, dtype="str")
    before = before.astype("str")
    told = np.fromiter(map(bool, values), bool, len(values)).nonzero()[0]
    if not len(told):
        return before
    taken = np.arange(len(before))
    taken[places[told]] = len(before) + told
    either = pa.chunked_array([*_pieces(before), pa.array(values, type=pa.large_string())])
    return pd.Series(_TEXT.__from_arrow__(either.take(pa.array(taken))), index=before.index)


def _pieces(texts: pd.Series[Any]) -> list[Any]:
    """Return a column of texts as Arrow arrays."""
    whole = pa.array(texts.array, type=pa.large_string())
    return whole.chunks if isinstance(whole, pa.ChunkedArray) else [whole]


def _numbers(values: list[Any], places: Any, n_rows: int) -> Any:
    column = np.full(n_rows, np.nan)
    column[places] = [np.nan if value is None else value for value in values]
    return column


def _texts(values: list[Any], which: Any) -> Any:
    told = pa.array(values, type=pa.large_string())
    if told.null_count == len(told):
        return _TEXT.__from_arrow__(pa.nulls(len(which), pa.large_string()))
    return _TEXT.__from_arrow__(told.take(which))
