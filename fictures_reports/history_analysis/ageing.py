"""For how long has each case failed, or not run?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.history_analysis.incidents import (
    Line,
    columns_of,
    incidents,
    lines_of,
    without_excused,
)
from fictures_reports.schema import OUTCOME_OF

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.history_analysis.incidents import Incident

_ENDS: Final = {
    "failed": "failed", "skipped": "skipped", "not_run": "not run", "interrupted": "interrupted",
}  # fmt: skip
#: What is counted.
_COUNTED: Final = ["case_id", "project", "file", "title", "status", "run_id", "label", "run_at"]
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

    kept = without_excused(history, incidents(history) if found is None else found)
    lines = [_of_line(of, line) for of, line in lines_of(kept)]
    table = pd.concat(lines, ignore_index=True) if lines else _of_line(Line(), history)
    by = ["n_runs", "case_id"]
    ordered = table.sort_values(by, ascending=[False, True], kind="stable")
    return ordered.drop_duplicates(["case_id", "stream"]).reset_index(drop=True)


def _of_line(of: Line, line: pd.DataFrame) -> pd.DataFrame:
    """Count the runs of one line; `line` has the oldest first."""
    import pandas as pd

    # Only the last row of each case has to say why: long texts are left out of all others.
    rows = line[_COUNTED].sort_values("case_id", kind="stable")
    outcome = rows["status"].map(_HOW)
    stretch = ((outcome != outcome.shift()) | (rows["case_id"] != rows["case_id"].shift())).cumsum()
    counted = rows.assign(how=outcome.map(_ENDS), stretch=stretch)
    size = counted.groupby("stretch").size()
    first = counted.drop_duplicates("stretch").set_index("stretch")
    last = counted.drop_duplicates("case_id", keep="last")
    latest = line["run_id"].iloc[-1] if len(line) else None
    last = last[last["how"].notna() & (last["run_id"] == latest)]
    table = pd.DataFrame({
        "case_id": last["case_id"], "project": last["project"], "file": last["file"],
        "title": last["title"], "how": last["how"], "n_runs": last["stretch"].map(size),
        "since": first.loc[last["stretch"], "label"].array,
        "run_at": first.loc[last["stretch"], "run_at"].array,
        "why": [reason(row) or None for row in rows_of(line.loc[last.index])],
    })  # fmt: skip
    total = counted.groupby("case_id").size()
    return table.assign(
        is_whole_time=table["n_runs"] == table["case_id"].map(total),
        **columns_of(of, table),
    )
