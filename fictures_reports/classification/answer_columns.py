"""Distinct answers → whole columns; rows without an answer keep what they had, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

from fictures_reports.classification.attempt_categories import differing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Columns that only an answer fills.
_DERIVED: Final = (
    "category", "rule", "evidence", "signature", "measured", "comparator", "limit", "unit",
    "ratio", "timeout_s", "locator", "fixture", "skip_reason",
)  # fmt: skip
#: Columns that a reader may have filled; its value stays where the answer says nothing.
_ADJUSTED: Final = ("phase", "error_type", "location", "message")
_NUMBERS: Final = frozenset({"measured", "limit", "ratio", "timeout_s"})
_TEXT: Final[Any] = pd.StringDtype("pyarrow", na_value=np.nan)


def answer_columns(
    results: pd.DataFrame, answers: Sequence[Mapping[str, Any]], of_row: Any
) -> dict[str, Any]:
    """Return the columns that the answers change: an array, or a series with the results' index.

    `of_row` is an array with the place of each row's answer among `answers`, which are distinct;
    len(answers) where a row has none.
    """
    columns: dict[str, Any] = {}
    for name in _DERIVED:
        # an answer without a reason takes away one that was no more than a log
        values = [answer.get(name) for answer in answers]
        columns[name] = (_numbers if name in _NUMBERS else _texts)(values, of_row)
    for name in _ADJUSTED:
        values = [answer.get(name) or None for answer in answers]
        if not any(values) and name in results:
            columns[name] = results[name].astype("str")
        elif name in results:
            given = pd.Series(_texts(values, of_row), index=results.index)
            columns[name] = given.fillna(results[name].astype("str"))
        else:
            columns[name] = _texts(values, of_row)
    return columns


def attempt_columns(
    results: pd.DataFrame, attempts: Mapping[int, Sequence[Mapping[str, Any]]]
) -> dict[str, pd.Series[Any]]:
    """Return the columns that attempts with categories change; they are given by row's place."""
    cells = results["attempts"].tolist()
    differ: list[str | None] = [None] * len(cells)
    for n, tries in attempts.items():
        cells[n], differ[n] = tries, differing(tries)
    column = pd.Series([None] * len(cells), index=results.index, dtype="object")
    column[:] = pd.array(cells, dtype="object")  # a list of lists is no matrix here
    texts = _TEXT.__from_arrow__(pa.array(differ, type=pa.large_string()))
    return {"attempts": column, "attempts_differ": pd.Series(texts, index=results.index)}


def _numbers(values: Sequence[float | None], of_row: Any) -> Any:
    return np.array([np.nan if v is None else v for v in (*values, None)], "float64")[of_row]


def _texts(values: Sequence[str | None], of_row: Any) -> Any:
    distinct = pa.array([*values, None], type=pa.large_string())
    return _TEXT.__from_arrow__(distinct.take(pa.array(of_row)))
