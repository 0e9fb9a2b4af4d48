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
    for name in _DERIVED:
        # an answer without a reason takes away one that was no more than a log
        values = [answer.get(name) for answer in answers]
        make = _numbers if name in _NUMBERS else _texts
        columns[name] = pd.Series(make(values, places, len(results)), index=results.index)
    for name in _ADJUSTED:
        columns[name] = _adjusted(results, name, places, answers)
    return columns


def _adjusted(
    results: pd.DataFrame, name: str, places: Any, answers: Sequence[Mapping[str, Any]]
) -> pd.Series[Any]:
    before = results[name] if name in results else pd.Series(None, results.index, dtype="str")
    before = before.astype("str")
    told = {p: told for p, a in zip(places, answers, strict=True) if (told := a.get(name))}
    if not told:
        return before
    taken = np.arange(len(before))
    taken[list(told)] = len(before) + np.arange(len(told))
    either = pa.chunked_array([*_pieces(before), pa.array(told.values(), type=pa.large_string())])
    return pd.Series(_TEXT.__from_arrow__(either.take(pa.array(taken))), index=before.index)


def _pieces(texts: pd.Series[Any]) -> list[Any]:
    """Return a column of texts as Arrow arrays."""
    whole = pa.array(texts.array, type=pa.large_string())
    return whole.chunks if isinstance(whole, pa.ChunkedArray) else [whole]


def _numbers(values: list[Any], places: Any, n_rows: int) -> Any:
    column = np.full(n_rows, np.nan)
    column[places] = [np.nan if value is None else value for value in values]
    return column


def _texts(values: list[Any], places: Any, n_rows: int) -> Any:
    taken = np.full(n_rows, -1)
    taken[places] = np.arange(len(values))
    told = pa.array(values, type=pa.large_string())
    column = told.take(pa.array(taken, mask=taken < 0))
    return _TEXT.__from_arrow__(column)
