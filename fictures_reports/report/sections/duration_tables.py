"""Where the time went: the slowest tests and files, and of a comparison what moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis import durations as analysis
from fictures_reports.analysis.wording import counted, duration
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import plain_rows
from fictures_reports.report.markdown_layout import MOST_ROWS, listing, shortened
from fictures_reports.report.markdown_text import text
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.analysis.common_duration import CommonChange
    from fictures_reports.report.report_input import ReportInput
    from fictures_reports.run import Run

_MOST_FILES: Final = 10
#: Tests that moved and are shown; JSON and the rows have them all.
_MOST_MOVED: Final = 10
#: So many of them stand there before the others are unfolded.
_AT_FIRST: Final = 5


@dataclass(frozen=True, eq=False)
class Durations:
    """The run whose time is looked at, and the cases that moved; None in a report on one run."""

    run: Run
    changed: pd.DataFrame | None
    #: what all tests share
    common: CommonChange | None
    n_runs: int


def values(report: ReportInput) -> Durations:
    """Find the durations that moved from one side to the other."""
    if not report.is_comparison:
        return Durations(report.last, None, None, 1)
    c = report.comparison
    n_runs = min(len(c.before_runs), len(c.after_runs))
    common = analysis.shared(c)
    return Durations(report.last, analysis.changed_beside(c, common), common, n_runs)


def html(v: Durations) -> Fragment | None:
    """List what moved, the slowest files and the slowest tests; nothing where no test ran."""
    if v.run.results.empty:
        return None
    rows = rows_of(analysis.slowest(v.run))
    return fragment(
        "slow.html.j2", counted(len(rows), "test"), rows=rows, moved=v.changed, time=analysis,
        most=_MOST_MOVED, at_first=_AT_FIRST, common=v.common,
        by_rank=v.n_runs >= analysis.FEWEST_RUNS,
        files=rows_of(analysis.files(v.run).head(_MOST_FILES)), spent=analysis.worker_time(v.run),
    )  # fmt: skip


def json(v: Durations) -> dict[str, Any]:
    """Return the durations that moved; those of a run stand in its rows."""
    if v.changed is None:
        return {}
    common = v.common and {"ratio": v.common.ratio, "sentence": v.common.sentence}
    return {"durations": plain_rows(v.changed), "common_duration": common}


def markdown(v: Durations) -> str:
    """Say what all tests share, and name the tests that moved beside it over several runs."""
    lines = [f"- {text(v.common.sentence)}"] if v.common else []
    by_rank = v.changed is not None and v.n_runs >= analysis.FEWEST_RUNS
    moved = rows_of(v.changed) if v.changed is not None and by_rank else []
    beside = " beside what all tests share" if v.common else ""
    lines += [
        f"- {text(row.test)} takes ×{row.alone:.2g}{beside} "
        f"({duration(row.before_s)} → {duration(row.after_s)})"
        for row in moved
    ]
    return listing("Durations", shortened(lines[:MOST_ROWS], len(lines)))


durations: Final = Section("durations", values, html, markdown, json)
