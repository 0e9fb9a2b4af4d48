"""Moments of runs as people write them: "15 Jan, 11:00", with the year only where it matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

_MONTHS: Final = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
#: A history puts runs that do not tell when they began at the beginning of time.
_UNKNOWN: Final = 1970


@dataclass(frozen=True)
class RunDates:
    """Writes days and moments, in UTC; days of another year than `year` get theirs."""

    year: int

    def day(self, moment: Any) -> str:
        """Write a day; "" where the run does not tell when it began."""
        if moment.year == _UNKNOWN:
            return ""
        text = f"{moment.day} {_MONTHS[moment.month - 1]}"
        return text if moment.year == self.year else f"{text} {moment.year}"

    def when(self, moment: Any) -> str:
        """Write a day with the time of day."""
        day = self.day(moment)
        return f"{day}, {moment:%H:%M}" if day else ""

    def run(self, label: str, moment: Any) -> str:
        """Name a run with its day."""
        day = self.day(moment)
        return f"{label}, {day}" if day else label


def dates_of(runs: pd.DataFrame) -> RunDates:
    """Write dates as fits these runs: the year of the latest one goes without saying."""
    return RunDates(int(runs["run_at"].iloc[-1].year) if len(runs) else 0)
