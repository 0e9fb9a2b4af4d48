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
        ("wall time × workers", *(duration(one.capacity_s) for one in spent)),
        ("in tests", *(duration(one.busy_s) for one in spent)),
        ("in tests that timed out", *(duration(one.timeout_s) for one in spent)),
        ("time-outs, of wall time × workers",
         *(percent(one.timeout_s, one.capacity_s) for one in spent)),
    ]  # fmt: skip
    known = [row for row in rows if not set(row[1:]) <= _NOTHING]
    table = aligned(["time of the workers", *d.sides], known)
    return section("Metrics", table, place(d, "Time spent", lead="**Time invested**"))
