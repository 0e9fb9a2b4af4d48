"""Why one result is as it is, in one phrase with its facts."""

from __future__ import annotations

from collections import namedtuple
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.wording import quantity, times_limit
from fictures_reports.failures.timeouts import budget_and_target

if TYPE_CHECKING:
    import pandas as pd

_LONGEST: Final = 160


def why(result: Any) -> str:
    """Say why a result failed or was skipped, and where its attempts failed differently.

    `result` is a row of a results frame, as `itertuples` or `iloc` give it; "" if it passed.
    """
    category = known(result.category)
    if category is None:
        return ""
    differ = known(getattr(result, "attempts_differ", None))
    words = _why(result, category)
    return f"{words} (attempts differ: {differ})" if differ else words


def _why(result: Any, category: str) -> str:
    if category == "threshold_miss" and known(result.measured) is not None:
        return threshold(result)
    if category == "timeout" and known(result.timeout_s) is not None:
        return timeout(result)
    if category.startswith("skipped"):
        return first_line(known(result.skip_reason) or "no reason given")
    return first_line(known(result.message) or known(result.evidence) or "no message")


def threshold(row: Any) -> str:
    """Say what was measured against what, e.g. `1,047 ms against < 100 ms, 10.5 × the limit`."""
    text, ratio = _comparison(row), known(row.ratio)
    return text if ratio is None else f"{text}, {times_limit(ratio)}"


def timeout(row: Any) -> str:
    """Say what ran out, what it waited for, and the last value that a poll saw."""
    text = f"timed out after {quantity(row.timeout_s, 's')}"
    if known(row.measured) is not None:
        return f"{text}, {_comparison(row)}"
    what = budget_and_target(known(row.message) or "")[1] or known(row.locator)
    if not what:
        return text
    return f"{text}, {what}" if what.startswith("navigating") else f"{text}, waiting for {what}"


def _comparison(row: Any) -> str:
    unit = known(row.unit)
    return f"{quantity(row.measured, unit)} against {row.comparator} {quantity(row.limit, unit)}"


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
