"""What each case did in the last runs of a history: a row per case, a column per run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

#: A grid is no wider than this: more bars than that are no picture of a test any more.
MOST_RUNS: Final = 100
#: What a case can have done in a run; the grid holds the place of it in here.
CODES: Final = (*STATUSES, "absent")
ABSENT: Final = len(STATUSES)


@dataclass(frozen=True, eq=False)
class RunGrid:
    """The last runs, oldest first, and what each case did in them."""

    #: run_id, label, run_at, commit, branch, stream
    runs: pd.DataFrame
    #: case_id → its row in the arrays
    places: dict[str, int]
    #: place in `CODES`, case × run
    statuses: np.ndarray[Any, Any]
    #: seconds, NaN where not known, case × run
    seconds: np.ndarray[Any, Any]

    def codes(self, case: str) -> list[int]:
        """Return what a case did in each run; absent from all where it is not in the grid."""
        place = self.places.get(case)
        return [ABSENT] * len(self.runs) if place is None else self.statuses[place].tolist()

    def durations(self, case: str) -> list[float]:
        """Return how long a case took in each run, in seconds; NaN where that is not known."""
        place = self.places.get(case)
        n = len(self.runs)
        return [float("nan")] * n if place is None else self.seconds[place].tolist()


def grid_of(rows: pd.DataFrame, runs: pd.DataFrame, most: int = MOST_RUNS) -> RunGrid:
    """Lay out the last `most` runs of a history.

    `rows` as `History.load` gives them; `runs` has run_id in the order to show, also runs in which
    no test ran.
    """
    import pandas as pd

    shown = runs.tail(most).reset_index(drop=True)
    column = {run: i for i, run in enumerate(shown["run_id"])}
    part = rows.loc[
        rows["run_id"].isin(list(column)), ["case_id", "run_id", "status", "duration_s"]
    ]
    case, names = pd.factorize(part["case_id"])
    run = part["run_id"].map(column).to_numpy(dtype="int64")
    size = (len(names), len(shown))
    statuses = np.full(size, ABSENT, dtype="int8")
    seconds = np.full(size, np.nan)
    code = {status: i for i, status in enumerate(CODES)}
    statuses[case, run] = part["status"].map(code).to_numpy(dtype="int8")
    seconds[case, run] = part["duration_s"].to_numpy(dtype="float64")
    return RunGrid(shown, {str(name): i for i, name in enumerate(names)}, statuses, seconds)


def runs_of(codes: Sequence[int], *statuses: str) -> int:
    """Count the runs in which a case did one of these."""
    wanted = {CODES.index(status) for status in statuses}
    return sum(code in wanted for code in codes)
