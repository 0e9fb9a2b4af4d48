"""How much time tests took that brought nothing: by test, by file, by owner.

Lost is the time of attempts that failed, and of attempts that passed once more on the same code.
Each attempt counts once, as the first of these that fits:

- timeouts: it failed because a time limit ran out;
- failures: it failed, and was the first attempt of its result;
- retries: it failed, and was a later attempt of its result;
- reruns: it passed in a run of a commit on which an earlier run of the same branch and stream had
  run the case already.

The pass that a retry brought is not lost: a test has to pass once. A failure counts as lost though
it may have found a defect: the time is what it cost, not what it was worth. Waiting of people, idle
workers and the time between attempts are not in it, for results do not tell them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from fictures_reports.history.streams import with_streams
from fictures_reports.schema import RAN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import pandas as pd

By = Literal["case_id", "file", "owner"]
#: Why time was lost; the columns of these names add up to `lost_s`.
KINDS: Final = ("failures_s", "retries_s", "timeouts_s", "reruns_s")
#: Who answers for a test that nobody is named for.
NOBODY: Final = "nobody named"
#: What is used of a history.
_NEEDED: Final = (
    "run_id", "run_at", "commit", "branch", "stream", "case_id", "file", "title", "status",
    "category", "duration_s", "n_attempts", "attempts",
)  # fmt: skip
_WRONG: Final = ("failed", "flaky")
_TIMED_OUT: Final = ("timedout", "timed_out", "timeout")


def cost(
    history: pd.DataFrame,
    by: By = "case_id",
    owner_of: Callable[[str, str], str | None] | None = None,
) -> pd.DataFrame:
    """Add up the time that was lost, the dearest first; of owners "nobody" last.

    `history` is a frame as `History.load` gives it; `owner_of` is asked with a file and a case id.

    One row per case, file or owner with any time known: `by` (with file and title beside case_id),
    n_runs (in which it ran), n_lost (results that lost time), failures_s, retries_s, timeouts_s,
    reruns_s, lost_s (their sum) and spent_s (all attempts of all its results; so lost_s is at most
    that), in seconds, and share (lost_s of all that was lost, 0–1; 0 where nothing was). Whatever
    `by` is, the columns add up to the same totals.
    """
    return costs_by(time_lost(history), by, owner_of)


def costs_by(
    results: pd.DataFrame,
    by: By,
    owner_of: Callable[[str, str], str | None] | None = None,
) -> pd.DataFrame:
    """Add up what `time_lost` returned, as `cost` does."""
    if by == "owner":
        results = results.assign(owner=_owners(results, owner_of))
    grouped = results.groupby(by, sort=False)
    sums = grouped[[*KINDS, "lost_s", "spent_s"]].sum()
    beside = {"n_runs": grouped["run_id"].nunique(), "n_lost": grouped["is_lost"].sum()}
    if by == "case_id":
        beside = {name: grouped[name].last() for name in ("file", "title")} | beside
    total = sums["lost_s"].sum()
    table = sums.assign(**beside, share=sums["lost_s"] / total if total else 0.0).reset_index()
    columns = [by, *beside, *KINDS, "lost_s", "spent_s", "share"]
    table = table.assign(last=table[by] == NOBODY if by == "owner" else False)
    return table.sort_values(
        ["last", "lost_s", "spent_s", by], ascending=[True, False, False, True], ignore_index=True
    )[columns]


def time_lost(history: pd.DataFrame) -> pd.DataFrame:
    """Return each result that ran and whose duration is known, with the time that it lost.

    Columns: run_id, case_id, file, title, the four kinds, lost_s (their sum), spent_s (all attempts
    together), in seconds, and is_lost. Attempts without a time of their own share evenly what the
    others leave of the result's.
    """
    import numpy as np
    import pandas as pd

    rows = with_streams(history[[name for name in _NEEDED if name in history]])
    rows = rows[rows["status"].isin(RAN)].sort_values(["run_at", "run_id"], kind="stable")
    is_rerun = _is_rerun(rows)
    seconds = rows["duration_s"].to_numpy(dtype="float64", na_value=np.nan)
    values = np.zeros((len(rows), len(KINDS) + 1))
    values[:, -2], values[:, -1] = np.where(is_rerun, seconds, 0.0), seconds
    wrong = rows["status"].isin(_WRONG).to_numpy(dtype=bool)
    if wrong.any():
        values[wrong] = _parts_of(rows[wrong], is_rerun[wrong].tolist())
    parts = pd.DataFrame(values, columns=[*KINDS, "spent_s"], index=rows.index)
    lost = parts[list(KINDS)].sum(axis=1)
    found = rows[["run_id", "case_id", "file", "title"]].join(parts)
    found = found.assign(lost_s=lost, is_lost=lost > 0)
    return found[parts["spent_s"].notna()].reset_index(drop=True)


def _is_rerun(rows: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Mark results of a case that an earlier run of the same commit, branch and stream had."""
    keys = ["case_id", "commit", "branch", "stream"]
    first_run = rows.groupby(keys, dropna=False, sort=False)["run_id"].transform("first")
    return ((first_run != rows["run_id"]) & rows["commit"].notna()).to_numpy(dtype=bool)


def _parts_of(wrong: pd.DataFrame, is_rerun: list[bool]) -> list[tuple[float, ...]]:
    """Share out the time of results that failed, or passed only on a retry."""
    facts = zip(
        wrong["status"].tolist(), wrong["category"].tolist(),
        wrong["duration_s"].astype("float64").tolist(), wrong["n_attempts"].tolist(),
        wrong.get("attempts", wrong["status"]).tolist(), is_rerun,
        strict=True,
    )  # fmt: skip
    return [_parts(*fact) for fact in facts]


def _parts(
    status: str,
    category: Any,
    seconds: float,
    n_attempts: int,
    attempts: Any,
    is_rerun: bool,  # noqa: FBT001
) -> tuple[float, ...]:
    """Share the time of one result out: the four kinds, and all of it; NaN of what is unknown."""
    tries = attempts if isinstance(attempts, list) and attempts else _plain(status, n_attempts)
    times = _times(tries, seconds)
    sums = dict.fromkeys(KINDS, 0.0)
    for number, (attempt, time) in enumerate(zip(tries, times, strict=True)):
        kind = _kind(attempt, category, is_first=number == 0, is_rerun=is_rerun)
        if kind:
            sums[kind] += time
    return (*sums.values(), sum(times))


def _kind(attempt: dict[str, Any], category: Any, *, is_first: bool, is_rerun: bool) -> str | None:
    status = str(attempt.get("status")).lower()
    if status in ("passed", "xpassed", "skipped"):
        return "reruns_s" if is_rerun and status != "skipped" else None
    if attempt.get("category", category) == "timeout" or status in _TIMED_OUT:
        return "timeouts_s"
    return "failures_s" if is_first else "retries_s"


def _plain(status: str, n_attempts: int) -> list[dict[str, Any]]:
    """Make the attempts of a result that does not list them: all failed but a flaky one's last."""
    failed = [{"status": "failed"}] * (max(n_attempts, 1) - (status == "flaky"))
    return failed + [{"status": "passed"}] * (status == "flaky")


def _times(attempts: Sequence[dict[str, Any]], seconds: float) -> list[float]:
    """Return how long each attempt took; what is not known is an even share of the rest."""
    given = [attempt.get("duration_s") for attempt in attempts]
    n_unknown, known = given.count(None), sum(time for time in given if time is not None)
    if seconds != seconds and n_unknown < len(given):  # only attempts tell
        seconds = known
    share = max(seconds - known, 0.0) / n_unknown if n_unknown and seconds == seconds else seconds
    return [share if time is None else time for time in given]


def _owners(results: pd.DataFrame, owner_of: Callable[[str, str], str | None] | None) -> list[str]:
    grouped = results.groupby(["file", "case_id"], dropna=False, sort=False)
    cases = grouped.head(1)
    names = [
        (owner_of(*pair) if owner_of else None) or NOBODY
        for pair in zip(cases["file"].tolist(), cases["case_id"].tolist(), strict=True)
    ]
    return [names[number] for number in grouped.ngroup().tolist()]
