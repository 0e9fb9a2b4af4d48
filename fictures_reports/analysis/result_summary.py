"""Rows of a frame, one at a time, and their values."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    import pandas as pd

_LONGEST: Final = 160
_NEVER_MISSING: Final = (str, int)


def first_line(text: str) -> str:
    """Return the first line that says something, shortened to fit a table cell."""
    line = next((part.strip() for part in text.splitlines() if part.strip()), "")
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def known(value: Any) -> Any:
    """Return a scalar, or None where the frame holds a missing value.

    >>> known(float("nan")), known(0.0)
    (None, 0.0)
    """
    if value is None or isinstance(value, _NEVER_MISSING):  # as most are
        return value
    if isinstance(value, float):
        return None if isnan(value) else value
    import pandas as pd

    return None if value is pd.NA or value != value else value


def rows_by_case(results: pd.DataFrame) -> dict[str, Any]:
    """Index a results frame's rows by case."""
    return {row.case_id: row for row in rows_of(results)}


def test_of(row: Any) -> str:
    """Return the key of a test: the id of the test, or of the case where none is known."""
    return str(known(row.test_id) or row.case_id)


def place_of(row: Any) -> str:
    """Name the project and the variant that a case ran in; "" where neither is known."""
    return " · ".join(filter(None, (row.project, known(row.variant))))


def where_it_ran(row: Any) -> str:
    """Say in which project and on which variant a case ran, as its id does; "" where neither is."""
    project = f" [{row.project}]" if row.project else ""
    return f"{project} {{{row.variant}}}" if known(row.variant) else project
