"""Which worker ran what, when: a lane for each worker, all runs on one scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.durations import worker_time
from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import counted, duration
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.report.report_input import ReportInput
    from fictures_reports.run import Run

#: Of more tests the lanes would be a grey area.
MOST_TESTS: Final = 2_000
#: Seconds between the marks of the scale, the first that gives at most six.
_STEPS: Final = (0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 240, 600, 1200, 1800, 3600, 7200, 21600)


@dataclass(frozen=True)
class Lanes:
    """A run's lanes: worker → what it ran, in seconds since the run's first test began."""

    name: str
    #: (start, duration, kind, title), kind a status or "timeout"
    workers: dict[str, list[tuple[float, float, str, str]]]
    words: str

    @property
    def end(self) -> float:
        """When the last test ended."""
        return max(start + took for lane in self.workers.values() for start, took, *_ in lane)


def values(report: ReportInput) -> Sequence[Lanes] | None:
    """Return the lanes of each run that has workers and start times; None where none has."""
    found = [_lanes(name, run) for name, run in report.runs.items()]
    return [lanes for lanes in found if lanes] or None


def _lanes(name: str, run: Run) -> Lanes | None:
    rows = run.results
    rows = rows[rows[["worker", "started_at", "duration_s"]].notna().all(axis=1)]
    if not 0 < len(rows) <= MOST_TESTS:
        return None
    first = rows["started_at"].min()
    starts = (rows["started_at"] - first).dt.total_seconds().tolist()
    workers: dict[Any, list[tuple[float, float, str, str]]] = {}
    for row, start in zip(rows_of(rows), starts, strict=True):
        shard = known(row.shard)
        key = (shard or 0, int(row.worker))
        kind = "timeout" if row.category == "timeout" else row.status
        workers.setdefault(key, []).append((start, row.duration_s, kind, row.title))
    names = {key: f"w{key[1]}" if not key[0] else f"{key[0]}·w{key[1]}" for key in sorted(workers)}
    return Lanes(name, {names[key]: workers[key] for key in names}, _words(run, rows))


def _words(run: Run, rows: Any) -> str:
    n_timeouts = int((rows["category"] == "timeout").sum())
    spent = worker_time(run)
    parts = [f"{duration(spent.wall_s)}"] if spent.wall_s == spent.wall_s else []
    parts += [counted(n_timeouts, "time-out")] if n_timeouts else []
    return ", ".join(parts)


def _ticks(end: float) -> list[float]:
    step = next((step for step in _STEPS if end / step <= 6), _STEPS[-1])
    # the last mark needs room for its words
    return [i * step for i in range(int(end / step) + 1) if i * step < 0.95 * end]


def html(lanes: Sequence[Lanes]) -> Fragment:
    """Draw the lanes, each test as long as it took."""
    end = max(max(chart.end for chart in lanes), 0.001)
    kinds = {kind for chart in lanes for lane in chart.workers.values() for _, _, kind, _ in lane}
    return fragment(
        "lanes.html.j2", "; ".join(f"{chart.name}: {chart.words}" for chart in lanes),
        lanes=lanes, end=end, ticks=_ticks(end), kinds=kinds,
    )  # fmt: skip


lanes: Final = Section(
    "lanes", values, html,
    markdown=LeftOut("a drawing; the time that time-outs took is said at the start"),
    json=LeftOut("worker, start and duration are columns of the rows"),
)  # fmt: skip
