"""Where the time went: of the workers, as counted, and of people, as they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.durations import worker_time
from fictures_reports.analysis.wording import duration, percent
from fictures_reports.report.document.author_places import place
from fictures_reports.report.document.document_layout import aligned, section

if TYPE_CHECKING:
    from fictures_reports.report.document.document_input import DocumentInput

#: Values of a row that says nothing, on all sides.
_NOTHING: Final = {"–", "0 ms", "0.0 %"}


def metrics(d: DocumentInput) -> str:
    """Show workers' time with the share of time-outs, and the notes' time spent."""
    spent = [worker_time(run) for run in d.sides.values()]
    rows = [
        ("wall time × workers", *(duration(times.capacity_s) for times in spent)),
        ("in tests", *(duration(times.busy_s) for times in spent)),
        ("in tests that timed out", *(duration(times.timeout_s) for times in spent)),
        ("time-outs, of wall time × workers",
         *(percent(times.timeout_s, times.capacity_s) for times in spent)),
    ]  # fmt: skip
    known = [row for row in rows if not set(row[1:]) <= _NOTHING]
    table = aligned(["time of the workers", *d.sides], known)
    return section("Metrics", table, place(d, "Time spent", lead="**Time invested**"))
