"""Between which two runs a test last went from good to bad, or back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import known
from fictures_reports.frame_rows import rows_of
from fictures_reports.schema import RAN

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from fictures_reports.history_analysis.incidents import Line

_COLUMNS: Final = ("case_id", "branch", "stream", "label", "run_at", "commit", "status", "run_id")


@dataclass(frozen=True)
class RunMark:
    """A run as a sentence names it; the commit is None where it is not known."""

    label: str
    run_at: pd.Timestamp
    commit: str | None


@dataclass(frozen=True)
class LastStep:
    """The last change of a test on one line of runs.

    `before` is the last run of the old way, None where the test was never otherwise; `n_runs` how
    many runs it has been the new way.
    """

    is_bad: bool
    before: RunMark | None
    first: RunMark
    n_runs: int

    @property
    def commits(self) -> tuple[str, str] | None:
        """The commits between which the change lies, where both are known and differ."""
        old, new = self.before and self.before.commit, self.first.commit
        return (old, new) if old and new and old != new else None


def last_steps(
    rows: pd.DataFrame, wanted: Collection[tuple[str, Line]], excused: Collection[str] = ()
) -> dict[tuple[str, Line], LastStep]:
    """Find the last step of some tests, each on one line; `rows` as `History.load` gives them.

    `excused` are the ids of runs that do not count, such as those of an outage. A test that never
    ran has no step.
    """
    from fictures_reports.history_analysis.incidents import Line

    cases = {case for case, _ in wanted}
    part = rows.loc[
        rows["case_id"].isin(cases) & rows["status"].isin(RAN) & ~rows["run_id"].isin(excused),
        list(_COLUMNS),
    ].sort_values(["run_at", "run_id"], kind="stable")
    by_line: dict[tuple[str, Line], list[Any]] = {}
    for row in rows_of(part):
        key = (row.case_id, Line(known(row.branch), known(row.stream)))
        by_line.setdefault(key, []).append(row)
    return {key: _last(by_line[key]) for key in wanted if key in by_line}


def _last(runs: list[Any]) -> LastStep:
    """Find where the last stretch of failures, or of anything else, began."""
    is_bad = runs[-1].status == "failed"
    first = len(runs) - 1
    while first and (runs[first - 1].status == "failed") == is_bad:
        first -= 1
    return LastStep(
        is_bad, _mark(runs[first - 1]) if first else None, _mark(runs[first]), len(runs) - first
    )


def _mark(row: Any) -> RunMark:
    return RunMark(row.label, row.run_at, known(row.commit))
