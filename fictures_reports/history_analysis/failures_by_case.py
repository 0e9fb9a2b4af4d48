"""Every failure of each test over many runs, with the run it was in and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.result_summary import known
from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

#: Of one test no more failures are kept, the newest: a page holds those of thousands of tests.
MOST_FAILURES: Final = 30
_WRONG: Final = ("failed", "flaky")

#: A case, and the stream in which it ran; None where that is not known.
CaseKey = tuple[str, str | None]


@dataclass(frozen=True)
class Failure:
    """One run in which a test failed, or passed only on a retry, and why, in words."""

    run_id: str
    status: str
    why: str
    #: Then it says nothing of the test.
    is_in_outage: bool = False


@dataclass(frozen=True)
class Failures:
    """The newest failures of a test, newest first, and how many there are in all."""

    newest: tuple[Failure, ...]
    n: int


def failures_by_case(
    rows: pd.DataFrame, outages: Collection[str] = (), most: int = MOST_FAILURES
) -> dict[CaseKey, Failures]:
    """Collect the failures of each case and stream; `rows` as `History.load` gives them.

    `outages` are the ids of runs that lie in one.
    """
    wrong = rows[rows["status"].isin(_WRONG)]
    key = ["case_id", "stream"]
    ordered = wrong.sort_values(["run_at", "run_id"], ascending=False, kind="stable")
    counts = ordered.groupby(key, dropna=False, sort=False).size().reset_index(name="n")
    n_of = {(row.case_id, known(row.stream)): int(row.n) for row in rows_of(counts)}
    found: dict[CaseKey, list[Failure]] = {}
    newest = ordered.groupby(key, dropna=False, sort=False).head(most)
    for row in rows_of(newest):
        failure = Failure(row.run_id, row.status, reason(row), row.run_id in outages)
        found.setdefault((row.case_id, known(row.stream)), []).append(failure)
    return {key: Failures(tuple(failures), n_of[key]) for key, failures in found.items()}
