"""What a history knows of the tests that changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.frame_rows import rows_of
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.history_words import without_judged
from fictures_reports.report.json_rows import plain_rows
from fictures_reports.report.section import LeftOut, Section
from fictures_reports.report.sections.named_cases import MOST_ROWS

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.report_input import ReportInput


@dataclass(frozen=True, eq=False)
class Weighed:
    """The changes as `change_in_history.past` weighs them, and those to show; None without one."""

    rows: pd.DataFrame | None
    shown: pd.DataFrame | None


def values(report: ReportInput) -> Weighed:
    """Return what the history that the report was given knows."""
    return Weighed(report.past, without_judged(report.comparison, report.past))


def html(v: Weighed) -> Fragment | None:
    """Show whether each change is news that no standing reports; nothing without a history."""
    if v.shown is None:
        return None
    counts = v.shown["weight"].value_counts()
    text = ", ".join(f"{weight} {n}" for weight, n in counts.items()) or "nothing changed"
    rows = rows_of(v.shown)
    return fragment(
        "changes_and_history.html.j2", text, rows=rows, counts=dict(counts), most=MOST_ROWS
    )


def json(v: Weighed) -> dict[str, Any]:
    """Return the weighed changes; None without a history."""
    return {"history": None if v.rows is None else plain_rows(v.rows)}


changes_in_history: Final = Section(
    "changes_in_history", values, html, LeftOut("said beside each test under its change"), json
)
