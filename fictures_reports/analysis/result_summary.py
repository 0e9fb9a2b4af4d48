"""Why one result is as it is, in one phrase with its facts."""

from __future__ import annotations

from collections import namedtuple
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.wording import quantity, times_limit

if TYPE_CHECKING:
    import pandas as pd

_LONGEST: Final = 160


def why(result: Any) -> str:
    """Say why a result failed or was skipped; "" if it passed.

    `result` is a row of a results frame, as `itertuples` or `iloc` give it.
    """
    category = known(result.category)
    if category is None:
        return ""
    if category == "threshold_miss" and known(result.measured) is not None:
        return threshold(result)
    if category == "timeout" and known(result.timeout_s) is not None:
        return timeout(result)
    if category == "expected_failure" and known(result.skip_reason):
        return first_line(result.skip_reason)
    if category.startswith("skipped"):
        return first_line(known(result.skip_reason) or "no reason given")
    return first_line(known(result.message) or known(result.evidence) or "no message")


def threshold(row: Any) -> str:
    """Say what was measured against what, e.g. `1,047 ms against < 100 ms, 10.5 × the limit`."""
    unit, ratio = known(row.unit), known(row.ratio)
    text = f"{quantity(row.measured, unit)} against {row.comparator} {quantity(row.limit, unit)}"
    return text if ratio is None else f"{text}, {times_limit(ratio)}"


def timeout(row: Any) -> str:
    """Say what ran out and what it waited for."""
    text, what = f"timed out after {quantity(row.timeout_s, 's')}", known(row.locator)
    if not what:
        return text
    return f"{text}, {what}" if what.startswith("navigating") else f"{text}, waiting for {what}"


def first_line(text: str) -> str:
    """Return the first line that says something, shortened to fit a table cell."""
    line = next((part.strip() for part in text.splitlines() if part.strip()), "")
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def known(value: Any) -> Any:
    """Return a scalar, or None where the frame holds a missing value.

    >>> known(float("nan")), known(0.0)
    (None, 0.0)
    """
    import pandas as pd

    return None if value is None or value is pd.NA or value != value else value


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """Return a frame's rows as tuples with the columns' names."""
    # itertuples compiles a class at every call, which costs more than small frames' rows.
    row = _row_class(tuple(map(str, frame.columns)))
    return [row._make(values) for values in zip(*map(_values, frame.items()), strict=True)]


def _values(column: tuple[Any, pd.Series[Any]]) -> list[Any]:
    return list(column[1].tolist())


@cache
def _row_class(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)  # noqa: PYI024


def rows_by_case(results: pd.DataFrame) -> dict[str, Any]:
    """Index a results frame's rows by case."""
    return {row.case_id: row for row in rows_of(results)}
