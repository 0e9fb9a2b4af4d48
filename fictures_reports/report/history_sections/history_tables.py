"""Tables of a report on many runs: so many rows, and how many more there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.fragment import Fragment, fragment

if TYPE_CHECKING:
    import pandas as pd

#: Tables show so many rows; the JSON has all.
MOST: Final = 10


def frame_table(name: str, frame: pd.DataFrame, noun: str, **values: Any) -> Fragment:
    """Show the first rows of a frame in the template of that name."""
    text = counted(len(frame), noun)
    return row_table(name, rows_of(frame.head(MOST)), len(frame), text, **values)


def row_table(name: str, rows: list[Any], n: int, text: str, **values: Any) -> Fragment:
    """Show rows, of `n` that there are, in the template of that name."""
    more = n - len(rows)
    return fragment(f"history_{name}.html.j2", text, rows=rows, n_more=more, day=day, **values)


def day(moment: Any) -> str:
    """Write the day of a moment, e.g. 2025-11-02."""
    return f"{moment:%Y-%m-%d}"
