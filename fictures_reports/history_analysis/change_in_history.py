"""What a history knows of the tests that changed: is the change news, or more of what was there?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from fictures_reports.analysis.changes import NEW_FAILURES
from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import counted, percent
from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.schema import Change

Weight = Literal["news", "not news", "not known"]
#: Changes by which a test that did not pass before passes now.
_NEW_PASSES: Final[tuple[Change, ...]] = ("fixed", "gained")
#: Runs that are looked at by default: an older past says little of today.
LAST: Final = 200
#: A failure is news if the next run was less likely than this to show one: (k + ½) ÷ (n + 1) after
#: k in n runs, the mean of the posterior that `flakiness` describes.
UNLIKELY: Final = 0.05


def past(c: Comparison, history: pd.DataFrame) -> pd.DataFrame:
    """Judge every case that began to fail or to pass by what it did in the runs before.

    `history` is a frame as `History.load` gives it. Of it only runs count that began before
    `c.after` did, and not `c.after` itself, of the branch of `c.before`, or else of `c.after`: what
    a branch broke is no excuse for what it breaks. Failures in an incident that is over and came
    once are left out, see `flakiness`.

    One row per case, in the order of `c.changes`: case_id, file, title, change, weight ("news",
    "not news", "not known"), words, and of its past state, n_events, n_runs, rate (0–1), rate_low,
    rate_high (95 %) and broken_since as `flakiness` gives them; missing for a case without a past.
    """
    import pandas as pd

    from fictures_reports.history_analysis.flakiness import flakiness
    from fictures_reports.history_analysis.incidents import incidents, without_excused
    from fictures_reports.history_analysis.own_branch import of_own_branch

    moved = c.changes[c.changes["change"].isin([*NEW_FAILURES, *_NEW_PASSES])]
    earlier = _earlier(c, of_own_branch(history, c.before, c.after))
    earlier = earlier if len(moved) else earlier[:0]  # nothing is asked of it
    found = incidents(earlier)
    judged = flakiness(earlier, found=found).set_index("case_id")
    columns = ["state", "n_events", "n_runs", "rate", "rate_low", "rate_high", "broken_since"]
    rows = moved[["case_id", "file", "title", "change"]].join(judged[columns], on="case_id")
    broken = rows.loc[rows["state"] == "broken", "case_id"]
    passed_since = _passed_since(c, without_excused(earlier, found), broken)
    described = [_weighed(row, passed_since) for row in rows_of(rows)]
    rows = rows.assign(
        weight=pd.Series([weight for weight, _ in described], index=rows.index, dtype="str"),
        words=pd.Series([words for _, words in described], index=rows.index, dtype="str"),
    )
    return rows[["case_id", "file", "title", "change", "weight", "words", *columns]].reset_index(
        drop=True
    )


def of_history(c: Comparison, source: str, last: int = LAST) -> pd.DataFrame:
    """Return `past` for the newest runs of a history, or of a folder with one run per subfolder.

    Raises `NoRuns` if there are none.
    """
    return past(c, rows_in(source, last))


def rows_in(source: str, last: int = LAST) -> pd.DataFrame:
    """Load as much of a history, or of a folder of runs, as `past` and timelines look at.

    Raises `NoRuns` if there are no runs.
    """
    from fictures_reports.history import open_history
    from fictures_reports.history_analysis.flakiness import NEEDED

    return open_history(source, last=last, columns=NEEDED)


def _earlier(c: Comparison, history: pd.DataFrame) -> pd.DataFrame:
    from fictures_reports.history.tables import run_at

    began = run_at(c.after.results, c.after.info.started_at, datetime.now(UTC))
    return history[(history["run_id"] != c.after.run_id) & (history["run_at"] < began)]


def _passed_since(c: Comparison, counting: pd.DataFrame, broken: pd.Series[str]) -> dict[str, str]:
    """Map cases whose failures in a row `c.before` ended to the label of the last run of these.

    The history need not know `c.before`. One that does not tell when it began may be the later one.
    """
    from fictures_reports.history.tables import run_at
    from fictures_reports.schema import RAN

    began = run_at(c.before.results, c.before.info.started_at, datetime.now(UTC))
    ended = dict(zip(c.before.results["case_id"], c.before.results["status"], strict=True))
    passing = [case for case in broken if _passed(ended.get(case))]
    ran = counting[counting["case_id"].isin(passing) & counting["status"].isin(RAN)]
    ran = ran.sort_values(["run_at", "run_id"], kind="stable", ignore_index=True)
    found = {}
    for case, results in ran.groupby("case_id"):
        good = results.index[results["status"] != "failed"]
        streak = results.loc[results.index > good.max()] if len(good) else results
        if began > streak["run_at"].iloc[0]:
            found[str(case)] = str(streak["label"].iloc[-1])
    return found


def _passed(status: str | None) -> bool:
    from fictures_reports.schema import RAN

    return status in RAN and status != "failed"


def _weighed(row: Any, passed_since: Mapping[str, str]) -> tuple[Weight, str]:
    """Say what the past makes of one change; `passed_since` as of the function of that name."""
    state = known(row.state)
    if state is None or not row.n_runs + (state == "broken"):
        return "not known", "never ran before"
    fails = row.change in NEW_FAILURES
    runs = counted(int(row.n_runs), "run")
    share = f"{int(row.n_events)} of {runs}"
    if state == "broken":
        since = f"has failed since {row.broken_since}"
        if last := passed_since.get(row.case_id):
            since = f"failed from {row.broken_since} to {last}, the last runs that count"
        return ("not news", since) if fails else ("news", f"{since}; this pass is news")
    words = f"failed or was retried in {share} before"
    if state == "flaky":
        low, high = (percent(limit, 1, 0) for limit in (row.rate_low, row.rate_high))
        words = f"known as flaky: {words} ({low} to {high})"
        return "not news", words if fails else f"{words}; one pass proves little"
    if (row.n_events + 0.5) / (row.n_runs + 1) >= UNLIKELY:
        return "not known", f"{words}: too few to tell"
    return ("news", words) if fails else ("not news", f"{words}: the failure was the exception")
