"""What timed out, what it waited for, and how much worker time that took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.durations import worker_time
from fictures_reports.failures.timeouts import timeouts as timeouts_in
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.section import LeftOut, Section
from fictures_reports.report.sections.named_cases import MOST_ROWS

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.analysis.durations import WorkerTime
    from fictures_reports.report.report_input import ReportInput
    from fictures_reports.run import Run


@dataclass(frozen=True, eq=False)
class Timeouts:
    """For each run how its workers spent their time, and a row for each time-out."""

    sides: dict[str, tuple[WorkerTime, pd.DataFrame]]


def values(report: ReportInput) -> Timeouts:
    """Look up what timed out in each run."""
    return Timeouts({name: (worker_time(run), _rows(run)) for name, run in report.runs.items()})


def _rows(run: Run) -> pd.DataFrame:
    timed_out = run.results[run.results["category"] == "timeout"]
    titles = timed_out.set_index("case_id")["title"]
    rows = timeouts_in(timed_out)
    return rows.assign(test=rows["case_id"].map(titles))


def html(v: Timeouts) -> Fragment:
    """List the time-outs of each run below how much time they took."""
    text = ", ".join(f"{name} {len(rows)}" for name, (_, rows) in v.sides.items())
    return fragment("timeouts.html.j2", text, sides=v.sides, most=MOST_ROWS)


timeouts: Final = Section(
    "timeouts", values, html,
    markdown=LeftOut("said beside each test under its change"),
    json=LeftOut("each case's message and duration stand under its change"),
)  # fmt: skip
