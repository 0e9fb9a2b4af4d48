"""For how long has each case failed, or not run?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.schema import OUTCOME_OF

if TYPE_CHECKING:
    import pandas as pd

_ENDS: Final = {"failed": "failed", "skipped": "skipped", "not_run": "not run"}


def ageing(history: pd.DataFrame) -> pd.DataFrame:
    """Count for how many runs in a row each case has failed, been skipped or not run until now.

    `history` is a frame as `History.load` gives it, best without degraded runs. One row per case
    that did not pass when it last occurred, the oldest first:
    case_id, project, file, title, how ("failed", "skipped" or "not run"), n_runs, since (label of
    the first of them), run_at of that run, is_whole_time (it was never otherwise), and why (the
    newest skip reason or first words of the message; missing if there are none).
    """
    import pandas as pd

    rows = history.sort_values(["case_id", "run_at", "run_id"], kind="stable")
    outcome = rows["status"].map(OUTCOME_OF)
    stretch = ((outcome != outcome.shift()) | (rows["case_id"] != rows["case_id"].shift())).cumsum()
    counted = rows.assign(how=outcome.map(_ENDS), stretch=stretch)
    size = counted.groupby("stretch").size()
    first = counted.drop_duplicates("stretch").set_index("stretch")
    last = counted.drop_duplicates("case_id", keep="last")
    last = last[last["how"].notna()]
    words = last["skip_reason"].where(last["how"] != "failed", last["message"])
    table = pd.DataFrame({
        "case_id": last["case_id"], "project": last["project"], "file": last["file"],
        "title": last["title"], "how": last["how"], "n_runs": last["stretch"].map(size),
        "since": first.loc[last["stretch"], "label"].array,
        "run_at": first.loc[last["stretch"], "run_at"].array,
        "why": words.fillna(last["category"]),
    })  # fmt: skip
    total = counted.groupby("case_id").size()
    table["is_whole_time"] = table["n_runs"] == table["case_id"].map(total)
    by = ["n_runs", "case_id"]
    return table.sort_values(by, ascending=[False, True], ignore_index=True)
