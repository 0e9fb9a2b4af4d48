"""Numbers that missed their limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.limit_distance import farthest_first
from fictures_reports.analysis.limit_misses import limit_misses
from fictures_reports.analysis.reasons.limit_sentence import how_far
from fictures_reports.analysis.wording import counted
from fictures_reports.failures.measurements import all_measurements
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import plain
from fictures_reports.report.limit_bars import limit_bars
from fictures_reports.report.section import LeftOut, Section
from fictures_reports.report.sections.named_cases import MOST_ROWS

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.report_input import ReportInput
    from fictures_reports.run import Run

#: Limits that are shown before the others are unfolded.
SHOWN: Final = 15
_MEASURED: Final = ("case_id", "measured", "comparator", "limit", "unit", "ratio")


@dataclass(frozen=True, eq=False)
class Thresholds:
    """The runs in whose failures numbers are looked for, as tables and as JSON name them."""

    runs: dict[str, Run]
    sides: dict[str, Run]

    @property
    def last(self) -> str:
        """The name of the run that is judged."""
        return list(self.runs)[-1]

    @property
    def misses(self) -> pd.DataFrame:
        """The measurements of results in the category threshold_miss, farthest off first.

        Columns: run, case_id, test, measured, comparator, limit, unit, ratio (measured ÷ limit).
        """
        return limit_misses(self.runs)


def values(report: ReportInput) -> Thresholds:
    """Return the runs; what they measured is looked up by who asks."""
    return Thresholds(report.runs, report.sides)


def html(v: Thresholds) -> Fragment | None:
    """Show how far each number is from the limit that it missed; nothing where none is."""
    bars = limit_bars(v.misses, v.last)
    if not bars:
        return None
    how = {"most": MOST_ROWS, "shown": SHOWN, "how_far": how_far, "two": len(v.runs) > 1}
    return fragment("thresholds.html.j2", counted(len(bars), "measurement"), bars=bars, **how)


def json(v: Thresholds) -> dict[str, Any]:
    """Return the measurements of all failures, also of those in another category.

    Farthest off first, in each run.
    """
    return {
        "measurements": [
            {"side": side} | {key: plain(getattr(row, key)) for key in _MEASURED}
            for side, run in v.sides.items()
            for row in rows_of(farthest_first(all_measurements(run.results)))
        ]
    }


thresholds: Final = Section(
    "thresholds", values, html, LeftOut("said beside each test under its change"), json
)
