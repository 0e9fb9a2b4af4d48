"""For how long has each case failed, or not run?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.reasons import reason
from fictures_reports.frame_rows import rows_of
from fictures_reports.history_analysis.incidents import (
    Line,
    by_case,
    columns_of,
    incidents,
    lines_of,
    only,
    without_excused,
)
from fictures_reports.schema import OUTCOME_OF

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd

    from fictures_reports.history_analysis.incidents import Incident

_ENDS: Final = {
    "failed": "failed", "skipped": "skipped", "not_run": "not run", "interrupted": "interrupted",
}  # fmt: skip
#: What is counted.
_COUNTED: Final = (
    "run_id", "run_at", "label", "branch", "stream", "case_id", "project", "file", "title",
    "status",
)  # fmt: skip
#: What was interrupted did begin: it is another end than not to be run.
_HOW: Final = dict(OUTCOME_OF) | {"interrupted": "interrupted"}


def ageing(history: pd.DataFrame, *, found: Sequence[Incident] | None = None) -> pd.DataFrame:
    """Count for how many runs in a row each case has failed, been skipped or not run until now.

    `history` is a frame as `History.load` gives it. `found` are its `incidents`, which are looked
    for if they are not given: failures in one that is over and came once are left out. Branches
    and streams are counted by themselves; of several branches the one is told on which it is so for
    the longest.

    One row per case and stream that did not pass in the latest run of its branch, the oldest first:
    case_id, project, file, title, how ("failed", "skipped", "not run" or "interrupted"), n_runs,
    since (label of the first of them), run_at of that run, why (the newest reason in words;
    missing if there is none), is_whole_time (it was never otherwise), branch
    and stream (missing where they are not known).
    """
    import pandas as pd

    found = incidents(history) if found is None else found
    counting = without_excused(only(history, _COUNTED).assign(place=range(len(history))), found)
    lines = [_of_line(of, line, history) for of, line in lines_of(counting)]
    table = pd.concat(lines, ignore_index=True) if lines else _of_line(Line(), counting, history)
    by = ["n_runs", "case_id"]
    ordered = table.sort_values(by, ascending=[False, True], kind="stable")
    return ordered.drop_duplicates(["case_id", "stream"]).reset_index(drop=True)


def _of_line(of: Line, line: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Count the runs of one line; `line` has the oldest first, and each row's place in `history`.

    Only the last row of each case has to say why.
    """
    import pandas as pd

    first, end, n_runs, is_whole = _last_stretches(line)
    last, since = line.iloc[end], line.iloc[first]
    how = last["status"].map(_HOW).map(_ENDS)
    latest = line["run_id"].iloc[-1] if len(line) else None
    fails_now = (how.notna() & (last["run_id"] == latest)).to_numpy()
    last, since = last[fails_now], since[fails_now]
    table = pd.DataFrame({
        "case_id": last["case_id"], "project": last["project"], "file": last["file"],
        "title": last["title"], "how": how[fails_now], "n_runs": n_runs[fails_now],
        "since": since["label"].array, "run_at": since["run_at"].array,
        "why": [reason(row) or None for row in rows_of(history.iloc[last["place"]])],
    })  # fmt: skip
    return table.assign(
        is_whole_time=is_whole[fails_now],
        **columns_of(of, table),
    )


def _last_stretches(line: pd.DataFrame) -> tuple[np.ndarray[Any, Any], ...]:
    """Find the last runs in a row in which each case ended alike.

    Returns arrays with an item per case: the places of the first and the last of these rows, how
    many there are, and whether there are no others.
    """
    import numpy as np
    import pandas as pd

    places, begins = by_case(line)
    codes = pd.factorize(line["status"].map(_HOW))[0][places]
    is_new = np.r_[True, codes[1:] != codes[:-1]][: len(codes)]
    is_new[begins] = True
    starts = np.flatnonzero(is_new)
    ends = np.r_[begins[1:], len(places)][: len(begins)] - 1
    last_starts = starts[np.searchsorted(starts, ends, side="right") - 1]
    return places[last_starts], places[ends], ends - last_starts + 1, last_starts == begins
